import { registry } from "@web/core/registry";
import { status } from "@rd_sales_admin/../tests/tours/status";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });
const type = (content, trigger, text) => ({ content, trigger, run: `edit ${text}` });

/** A file as a person picks it from disk. */
const hand = (content, trigger, name) => ({
    content,
    trigger,
    run: async ({ anchor }) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(["stamped and signed"], name, { type: "image/png" }));
        anchor.files = transfer.files;
        anchor.dispatchEvent(new Event("change", { bubbles: true }));
    },
});
const narrow = {
    content: "Nothing is wider than the phone",
    trigger: ".o_form_view, .o_kanban_view",
    run() {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) {
            throw new Error(`The page is ${scrollWidth} px wide on ${clientWidth} px`);
        }
    },
};

/** The clerk invoices an agreed statement and asks finance. */
registry.category("web_tour.tours").add("rd_invoicing_ask_tour", {
    steps: () => [
        open("Make the invoices", "button[name='action_invoice']:contains('Make invoice')"),
        see("It is invoiced", status("Invoiced")),
        open("Ask finance", "button[name='action_request_invoices']"),
        see("Two are asked for", ".oe_stat_button[name='action_view_requests']:contains('2')"),
        open("Open them", ".oe_stat_button[name='action_view_requests']"),
        see("They wait for finance", ".o_list_view .badge:contains('Requested')"),
    ],
});

/** Finance returns one request with a reason and accepts the other. */
registry.category("web_tour.tours").add("rd_invoicing_finance_tour", {
    url: "/odoo/invoice-requests",
    steps: () => [
        open("Open the first", ".o_data_row:contains('57.63') td[name='name']"),
        see("Lines with price and code", ".o_form_view .o_data_row:contains('P-200')"),
        open("Return it", ".o_statusbar_buttons button:contains('Return')"),
        type("Why", ".modal .o_field_widget[name='reason'] input", "The tax number is missing"),
        open("Send it back", ".modal button[name='action_apply']"),
        see("It is with the desk", ".alert:contains('The tax number is missing')"),
        open("Back to the queue", ".o_breadcrumb .o_back_button, .breadcrumb-item a"),
        open("Open the other", ".o_data_row:contains('678.00') td[name='name']"),
        open("Accept it", "button[name='action_accept']"),
        see("It is accepted", ".o_arrow_button_current:contains('Accepted')"),
        open("Open its tax invoice", ".oe_stat_button[name='action_view_fapiao']"),
        open("Open it", ".o_data_row:contains('Northern Works') td[name='partner_id']"),
        type("Its number", ".o_field_widget[name='number'] input", "26312000000000000001"),
        {
            content: "Its date",
            trigger: ".o_field_widget[name='date'] input, .o_field_widget[name='date'] button",
            run: "click",
        },
        { content: "Type the date", trigger: ".o_field_widget[name='date'] input", run: "edit 10/02/2026" },
        open("It is issued", "button[name='action_issue']"),
        see("It says so", ".o_arrow_button_current:contains('Issued')"),
    ],
});

const deliver = [
    open("Note the receipt", "button:contains('Received'):not(.o_arrow_button):not(.dropdown-item)"),
    type("Who", ".modal .o_field_widget[name='who'] input", "Ms Guo"),
    hand("The photo", ".modal .o_field_widget[name='proof'] input[type='file']:not(:visible)", "receipt.png"),
    open("Save", ".modal button[name='action_apply']"),
];

/** The clerk notes the tax invoice as received, with proof. */
registry.category("web_tour.tours").add("rd_invoicing_deliver_tour", {
    steps: () => [...deliver, see("It is received", ".o_arrow_button_current:contains('Received')")],
});

/** The same by touch on 390 pixels, from the card. */
registry.category("web_tour.tours").add("rd_invoicing_deliver_phone_tour", {
    url: "/odoo/tax-invoices-to-deliver",
    steps: () => [
        see("The card is there", ".o_kanban_record:contains('Northern Works')"),
        narrow,
        open("Note the receipt", ".o_kanban_record button:contains('Received')"),
        type("Who", ".modal .o_field_widget[name='who'] input", "Ms Guo"),
        hand("The photo", ".modal .o_field_widget[name='proof'] input[type='file']:not(:visible)", "receipt.png"),
        open("Save", ".modal button[name='action_apply']"),
        see("Nothing is left", "body:not(:has(.o_kanban_record:contains('Northern Works'))) .o_kanban_view"),
    ],
});

/** Finance answers on the phone. */
registry.category("web_tour.tours").add("rd_invoicing_finance_phone_tour", {
    url: "/odoo/invoice-requests",
    steps: () => [
        open("Open the request", ".o_kanban_record:contains('Northern Works')"),
        see("Its lines are cards", ".o_form_view .o_kanban_record:contains('P-100')"),
        narrow,
        open("Accept it", "button[name='action_accept']"),
        see("It is accepted", status("Accepted")),
    ],
});
