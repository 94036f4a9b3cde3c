import { registry } from "@web/core/registry";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });

registry.category("web_tour.tours").add("rd_deputy_phone_tour", {
    url: "/odoo/todays-list",
    steps: () => [
        see(
            "What is due first comes first",
            ".o_kanban_record:first:contains('Call about the drawing')"
        ),
        see("What to do", ".o_kanban_record:contains('Get the signed note')"),
        open("One tap", ".o_kanban_record:contains('Get the signed note')"),
        see("The delivery is open", ".o_form_view .o_field_widget[name='picking_type_id']"),
    ],
});

registry.category("web_tour.tours").add("rd_deputy_switch_tour", {
    url: "/odoo/deputies/new",
    steps: () => [
        {
            content: "Who sits in",
            trigger: ".o_field_widget[name='deputy_id'] input",
            run: "edit rd_salesperson",
        },
        open("Choose", ".o-autocomplete--dropdown-item:contains('rd_salesperson')"),
        open("Hand over", "button[name='action_give']"),
        see("It is in force", ".ribbon:contains('In force')"),
        see("It can be taken back", "button[name='action_revoke']"),
    ],
});

registry.category("web_tour.tours").add("rd_sales_summary_tour", {
    url: "/odoo/sales-month",
    steps: () => [
        see("The month's orders", ".o_data_row:contains('Ordered')"),
        open("By customer", ".o_field_widget[name='by'] label:contains('Customer')"),
        open("Show", "button[name='action_show']"),
        see("One row per customer", ".o_data_row:contains('Outside')"),
        open("Its rows", ".o_data_row:contains('Outside') button[name='action_open_rows']"),
        see("The pivot shows them", ".o_pivot td:contains('60')"),
        open("As a list", ".o_switch_view.o_list"),
        open("Open the order", ".o_data_row:first .o_data_cell:first"),
        see("The order is there", ".o_form_view .o_field_widget[name='order_line']"),
    ],
});

registry.category("web_tour.tours").add("rd_work_phone_tour", {
    url: "/odoo/work-plan",
    steps: () => [
        see("The plan has been read", ".o_view_nocontent"),
        open("A new task", ".o-kanban-button-new"),
        {
            content: "What is to be done",
            trigger: ".modal .o_field_widget[name='name'] input",
            run: "edit Ask A03 for the drawing",
        },
        open("Noted", ".modal button:contains('Save')"),
        see(
            "It stands in the plan",
            "body:not(:has(.modal)) .o_kanban_record:contains('Ask A03 for the drawing')"
        ),
        open(
            "Done with one tap",
            ".o_kanban_record:contains('Ask A03') button:contains('Done')"
        ),
        see("It is done", ".o_kanban_record:contains('Ask A03'):not(:has(button))"),
    ],
});

/** Hand the small form a file, as the phone's chooser would. */
function attach(name) {
    return ({ anchor }) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([`${name} as of today`], name, { type: "text/plain" }));
        anchor.files = transfer.files;
        anchor.dispatchEvent(new Event("change"));
    };
}

const handIn = (name) => [
    {
        content: "Choose the file",
        trigger: ".modal .o_field_many2many_binary input[type='file']:not(:visible)",
        run: attach(name),
    },
    see("It is attached", `.modal .o_field_many2many_binary:contains('${name}')`),
];

registry.category("web_tour.tours").add("rd_report_phone_tour", {
    url: "/odoo/reports-due",
    steps: () => [
        open("The report that is due", ".o_kanban_record:contains('Statement list') button"),
        ...handIn("list.txt"),
        open("Hand in", ".modal button[name='action_hand_in']"),
        open(
            "Something was wrong",
            "body:not(:has(.modal)) .o_kanban_record:contains('Statement list') button:contains('Correct')"
        ),
        ...handIn("corrected.txt"),
        {
            content: "Say what",
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit A03 was missing",
        },
        open("Hand in again", ".modal button[name='action_hand_in']"),
        see(
            "Both are kept",
            "body:not(:has(.modal)) .o_kanban_record:contains('Statement list'):contains('2')"
        ),
    ],
});
