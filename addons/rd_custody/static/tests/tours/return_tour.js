import { registry } from "@web/core/registry";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });
const type = (content, trigger, text) => ({ content, trigger, run: `edit ${text}` });

registry.category("web_tour.tours").add("rd_custody_return_tour", {
    steps: () => [
        open("It comes back", "button[name='action_rd_ask_return']:visible"),
        type("Why", ".o_field_widget[name='reason_id'] input", "Size"),
        open("Choose", ".o-autocomplete--dropdown-item:contains('Size or fit')"),
        type("Who asks", ".o_field_widget[name='requested_by'] input", "Ms Lin"),
        open("The second line", ".o_data_row:contains('P-200') .o_list_record_remove"),
        see(
            "Only one is left",
            ".o_field_widget[name='line_ids']:not(:has(.o_data_row:contains('P-200')))"
        ),
        open("The first line", ".o_data_row:first .o_data_cell[name='quantity']"),
        type("Four of ten", ".o_data_row:first [name='quantity'] input", "4"),
        open("Save", ".o_form_button_save:visible"),
        open("Let it come", "button[name='action_accept']:visible"),
        see("It may come", "button[name='action_inspect']:visible"),
        type(
            "What was found",
            ".o_field_widget[name='inspection'] textarea",
            "Thread is short"
        ),
        open("Inspected", "button[name='action_inspect']:visible"),
        see("Who inspected", ".o_field_widget[name='inspected_by_id']"),
        open("The decision", ".o_data_row:first .o_data_cell[name='disposition']"),
        open("Open it", ".o_data_row:first [name='disposition'] input"),
        open("Credit", ".o_select_menu_item:contains('Credit')"),
        see("It is credited", ".o_data_row [name='is_credited'] input:checked"),
        open("Decide", "button[name='action_settle']:visible"),
        open("Sure", ".modal button.btn-primary"),
        open("Closed", "button[name='action_close']:visible"),
        see("It is at its end", ".o_statusbar_status .o_arrow_button_current:contains('Closed')"),
    ],
});

registry.category("web_tour.tours").add("rd_custody_return_statement_tour", {
    steps: () => [
        open("Its lines", ".o_form_view .nav-link:contains('Lines')"),
        see("The return stands on the statement", ".o_form_view .o_data_row:contains('RT/')"),
    ],
});

registry.category("web_tour.tours").add("rd_custody_return_phone_tour", {
    url: "/odoo/returns",
    steps: () => [
        open("The return", ".o_kanban_record:contains('RT/')"),
        type(
            "What was found",
            ".o_field_widget[name='inspection'] textarea",
            "Thread is short"
        ),
        open("Inspected", "button[name='action_inspect']:visible"),
        see("It is inspected", ".o_field_widget[name='inspected_by_id']"),
    ],
});
