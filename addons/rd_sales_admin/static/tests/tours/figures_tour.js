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
