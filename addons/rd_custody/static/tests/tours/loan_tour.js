import { registry } from "@web/core/registry";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });

registry.category("web_tour.tours").add("rd_custody_loan_tour", {
    url: "/odoo/custody-scan",
    steps: () => [
        {
            content: "Type the mark on the sample",
            trigger: ".o_rd_scan input",
            run: "edit COVER-7",
        },
        open("Open it", ".o_rd_scan_open"),
        open("Borrow it", ".o_form_view button[name='action_borrow']:visible"),
        see("Until when is proposed", ".modal .o_field_widget[name='date_due']"),
        open("Yes", ".modal button.o_rd_borrow"),
        see("It is outside", ".o_form_view:not(:has(.modal)) .o_field_widget[name='open_loan_line_id']"),
        open("Bring it back", ".o_form_view button[name='action_bring_back']:visible"),
        see("Its shelf is known", ".modal .o_field_widget[name='shelf']:contains('Shelf 1')"),
        open("In good order", ".modal button.o_rd_take_back"),
        see("It may be borrowed again", ".o_form_view button[name='action_borrow']:visible"),
    ],
});
