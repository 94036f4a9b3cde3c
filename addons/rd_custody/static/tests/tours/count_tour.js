import { registry } from "@web/core/registry";
import { status } from "@rd_sales_admin/../tests/tours/status";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });

// the page of cards, not the cards inside the count's own form that it replaces
const card = (name) => `.o_action.o_kanban_view .o_kanban_record:contains('${name}')`;

const cards = ".o_breadcrumb:contains('Cards of the count')";

registry.category("web_tour.tours").add("rd_custody_count_tour", {
    url: "/odoo/custody-counts",
    steps: () => [
        open(
            "Open the count",
            ".o_kanban_record:contains('Shelf 1, March'), .o_data_cell:contains('Shelf 1, March')"
        ),
        open("Start", ".o_form_view button[name='action_start']"),
        open("Count", ".o_form_view button:contains('Count'):not([name='action_start'])"),
        open("All of the left one", `${card("Left mould")} a[name='action_all_there']`),
        see("It is seen", `${card("Left mould")} .fa-check`),
        open("The right one is missing", `${card("Right mould")} a[name='action_missing']`),
        see("It differs", `${card("Right mould")} .text-danger`),
        open("The gauge is damaged", `${card("Pin gauge")} a[name='action_damaged']`),
        see("It is seen", `${card("Pin gauge")} .fa-check`),
        open("Back to the count", `${cards} .o_back_button, ${cards} .breadcrumb-item:last-of-type a`),
        open("Finished", ".o_form_view button[name='action_submit']"),
        see("It waits", status("To be signed off")),
    ],
});

registry.category("web_tour.tours").add("rd_custody_scan_tour", {
    url: "/odoo/custody-scan",
    steps: () => [
        {
            content: "Type the mark on the thing",
            trigger: ".o_rd_scan input",
            run: "edit OWNER-77",
        },
        open("Open it", ".o_rd_scan_open"),
        see("The card is open", ".o_form_view .o_field_widget[name='description']"),
    ],
});
