import { registry } from "@web/core/registry";
import { status } from "@rd_sales_admin/../tests/tours/status";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });

/** From the months to the statement of the affiliate that waits for the clerk. */
const toStatement = [
    open("Open the month", ".o_kanban_record:contains('2026-09')"),
    see("The board names who is waited for", ".o_rd_step_board tr:contains('open differences')"),
    open("Open its statement", ".o_rd_step_board tr:contains('Northern Works') .o_rd_name a"),
    see("It is the statement", ".o_form_view .o_rd_figures"),
];

registry.category("web_tour.tours").add("rd_close_month_tour", {
    url: "/odoo/months",
    steps: () => [
        ...toStatement,
        see("The short piece is named", ".o_notebook .o_data_row:contains('Short on receipt')"),
        open(
            "Settle it with one tap",
            ".o_notebook .o_data_row:contains('Short on receipt') button:contains('Accept their quantity')"
        ),
        see(
            "It is agreed",
            ".o_notebook .o_data_row:contains('Short on receipt') .badge:contains('Agreed')"
        ),
        open("Agree the statement", ".o_statusbar_buttons button[name='action_agree']:contains('Agree')"),
        see("It is agreed", ".o_statusbar_status .o_arrow_button_current:contains('Agreed')"),
        open("Make the invoice", ".o_statusbar_buttons button[name='action_invoice']"),
        see("It is invoiced", ".o_statusbar_status .o_arrow_button_current:contains('Invoiced')"),
        see("The invoice is there", ".oe_stat_button[name='action_view_invoices']"),
        open("Open the menu of actions", ".o_cp_action_menus .dropdown-toggle:has(.fa-cog)"),
        open("Open what can be printed", ".o-dropdown--menu .dropdown-toggle:contains('Print')"),
        see("The statement can be printed", ".o-dropdown--menu .o_menu_item:contains('Statement')"),
    ],
});

registry.category("web_tour.tours").add("rd_close_month_phone_tour", {
    url: "/odoo/months",
    steps: () => [
        ...toStatement,
        {
            content: "Nothing is wider than the phone",
            trigger: ".o_notebook .o_kanban_record:contains('Short on receipt')",
            run() {
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`The page is ${scrollWidth} px wide on ${clientWidth} px`);
                }
            },
        },
        open(
            "Settle it with one tap",
            ".o_notebook .o_kanban_record:contains('Short on receipt') button[name='action_settle']"
        ),
        see(
            "It is agreed",
            ".o_notebook .o_kanban_record:contains('Short on receipt') .badge:contains('Agreed')"
        ),
        open("Agree the statement", ".o_statusbar_buttons button[name='action_agree']"),
        see("It is agreed", status("Agreed")),
    ],
});
