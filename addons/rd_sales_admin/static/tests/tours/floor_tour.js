import { registry } from "@web/core/registry";

const see = (content, trigger) => ({ content, trigger });

let taps = 0;
const tap = (content, trigger) => ({
    content,
    trigger,
    run: async ({ click }) => {
        taps += 1;
        await click();
    },
});

/** Three orders, one of them late with its reason: every tap is counted. */
registry.category("web_tour.tours").add("rd_floor_phone_tour", {
    steps: () => [
        see("The unanswered one comes first", ".o_rd_floor_order:first:contains('New')"),
        tap("First: design", `.o_rd_floor_order:eq(0) [data-stage='design']`),
        tap("Second: machining", `.o_rd_floor_order:eq(1) [data-stage='machining']`),
        tap("Third: assembly", `.o_rd_floor_order:eq(2) [data-stage='assembly']`),
        tap("The third takes a week longer", `.o_rd_floor_order:eq(2) [data-days='7']`),
        tap("because of material", `.o_rd_floor_order:eq(2) [data-reason='material']`),
        tap("Send all", ".o_rd_floor_send:contains('3')"),
        see("Thanked", ".o_notification:contains('Answers sent: 3')"),
        {
            content: "No more than eight taps",
            trigger: ".o_rd_floor_order:contains('Assembly')",
            run: () => {
                if (taps > 8) {
                    throw new Error(`${taps} taps for three orders`);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("rd_tooling_order_tour", {
    url: "/odoo/order-board",
    steps: () => [
        see("All stages stand side by side", ".o_kanban_group:contains('Enquiry')"),
        {
            content: "Open the order to be released",
            trigger: ".o_kanban_group:contains('Release') .o_kanban_record:contains('JIG-7')",
            run: "click",
        },
        {
            content: "Release it to the department",
            trigger: "button[name='action_rd_release']",
            run: "click",
        },
        see("The slip has the goods", ".o_field_widget[name='line_ids']:contains('P-100')"),
        {
            content: "Wanted on",
            trigger: ".o_field_widget[name='wanted_date'] input",
            run: "edit 12/24/2030",
        },
        {
            content: "Who makes it",
            trigger: ".o_field_widget[name='department_id'] input",
            run: "edit Tooling",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains('Tooling') a",
            run: "click",
        },
        {
            content: "Release",
            trigger: "button[name='action_release']",
            run: "click",
        },
        {
            content: "The department calls",
            trigger: "button[name='action_open_floor']",
            run: "click",
        },
        {
            content: "Who says it",
            trigger: ".o_rd_floor_said",
            run: "edit Mr Wu",
        },
        {
            content: "It is ready",
            trigger: ".o_rd_floor_order [data-stage='ready']",
            run: "click",
        },
        { content: "Send", trigger: ".o_rd_floor_send", run: "click" },
        see("Nothing is in hand any more", ".o_rd_floor:contains('Nothing is in hand')"),
    ],
});

registry.category("web_tour.tours").add("rd_tooling_shipped_tour", {
    url: "/odoo/order-board",
    steps: () => [
        {
            content: "It is ready: open it",
            trigger: ".o_kanban_group:contains('Ready') .o_kanban_record:contains('JIG-7')",
            run: "click",
        },
        {
            content: "To its delivery",
            trigger: "button[name='action_view_delivery']",
            run: "click",
        },
        {
            content: "The number of the delivery note",
            trigger: ".o_field_widget[name='rd_note'] input",
            run: "edit DN-7",
        },
        {
            content: "Ship it",
            trigger: "button[name='button_validate']",
            run: "click",
        },
        see(
            "It has left",
            ".o_statusbar_status button[data-value='done'].o_arrow_button_current"
        ),
        {
            content: "Back to the board",
            trigger: ".o_form_view",
            run: () => {
                window.location = "/odoo/order-board";
            },
            expectUnloadPage: true,
        },
        see(
            "The board knows",
            ".o_kanban_group:contains('Shipped') .o_kanban_record:contains('JIG-7')"
        ),
    ],
});

registry.category("web_tour.tours").add("rd_tooling_settled_tour", {
    url: "/odoo/order-board",
    steps: () => [
        {
            content: "Look beyond what is running",
            trigger: ".o_searchview_facet:contains('Running') .o_facet_remove",
            run: "click",
        },
        see(
            "Nothing of it is open any more",
            ".o_kanban_group:contains('Settled') .o_kanban_record:contains('JIG-7')"
        ),
    ],
});
