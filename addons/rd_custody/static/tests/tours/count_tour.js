import { registry } from "@web/core/registry";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });

registry.category("web_tour.tours").add("rd_custody_count_tour", {
    url: "/odoo/custody-counts",
    steps: () => [
        open("Open the count", ".o_kanban_record:contains('Shelf 1, March')"),
        open("Start", ".o_form_view button[name='action_start']"),
        open("Count", ".o_form_view button:contains('Count'):not([name='action_start'])"),
        open(
            "All of the left one",
            ".o_kanban_view .o_kanban_record:contains('Left mould') a[name='action_all_there']"
        ),
        see("It is seen", ".o_kanban_view .o_kanban_record:contains('Left mould') .fa-check"),
        open(
            "The right one is missing",
            ".o_kanban_view .o_kanban_record:contains('Right mould') a[name='action_missing']"
        ),
        see("It differs", ".o_kanban_view .o_kanban_record:contains('Right mould') .text-danger"),
        open(
            "The gauge is damaged",
            ".o_kanban_view .o_kanban_record:contains('Pin gauge') a[name='action_damaged']"
        ),
        see("It is seen", ".o_kanban_view .o_kanban_record:contains('Pin gauge') .fa-check"),
        open("Back to the count", ".o_back_button, .o_breadcrumb .breadcrumb-item a"),
        open("Open it again", ".o_kanban_record:contains('3 / 3')"),
        open("Finished", ".o_form_view button[name='action_submit']"),
        see("It waits", ".o_statusbar_status:contains('To be signed off')"),
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
