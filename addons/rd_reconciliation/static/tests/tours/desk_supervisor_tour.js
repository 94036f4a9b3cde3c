import { registry } from "@web/core/registry";

import { click, fits, see } from "./desk_steps";

const edit = (content, trigger, text) => ({ content, trigger, run: `edit ${text}` });
const go = (content, path) => ({
    content,
    trigger: "body",
    run: () => {
        window.location = `/odoo/${path}`;
    },
    expectUnloadPage: true,
});

/** What the supervisor looks at and what he decides once for all. */
registry.category("web_tour.tours").add("rd_desk_supervisor_tour", {
    url: "/odoo/differences",
    steps: () => [
        see("The open ones are listed", ".o_list_view .o_data_row:contains('VA-1')"),
        click("Look for others", ".o_searchview_dropdown_toggler"),
        click("What has run out for too long", ".o_filter_menu .o_menu_item:contains('Escalated')"),
        see("One is escalated", ".o_list_view .o_data_row:contains('VA-1'):only-child, .o_data_row:contains('VA-1')"),
        click("Amounts and ages", "button.o_switch_view.o_pivot"),
        see("By affiliate", ".o_pivot table:contains('Northern Works')"),
        click("As a picture", "button.o_switch_view.o_graph"),
        see("It is drawn", ".o_graph_renderer canvas"),
        click("Clocks by day", "button.o_switch_view.o_calendar"),
        see("They stand on their day", ".o_calendar_renderer .fc-event, .o_calendar_renderer"),

        go("To the rules", "difference-rules"),
        click("A kind of difference", ".o_data_row:contains('Short on receipt') .o_data_cell[name=days]"),
        edit("Two days are enough", ".o_selected_row .o_field_widget[name=days] input", "2"),
        click("Keep it", ".o_list_button_save"),
        see("It is kept", ".o_list_view:not(:has(.o_selected_row)) .o_data_row"),

        go("To the tolerances", "matching-tolerances"),
        click("A new one", ".o_list_button_add"),
        edit("For one affiliate", ".o_selected_row .o_field_widget[name=partner_id] input", "Northern W"),
        click("Choose it", ".o-autocomplete--dropdown-item:contains('Northern Works')"),
        edit("A dime", ".o_selected_row .o_field_widget[name=tolerance] input", "0.1"),
        click("Keep it", ".o_list_button_save"),
        see("It is kept", ".o_list_view:not(:has(.o_selected_row)) .o_data_row:contains('0.10')"),

        go("To what was learned", "matching-habits"),
        see("It says of whom", ".o_data_row:contains('Northern Works')"),
        click("Take it back", ".o_data_row button[name=action_archive]"),
        see("It has left", ".o_view_nocontent, .o_list_view:not(:has(.o_data_row))"),

        go("To the pairs kept apart", "parted-pairs"),
        click("Take the first", ".o_data_row .o_list_record_selector input"),
        click("What may be done", ".o_cp_action_menus .dropdown-toggle"),
        click("Allow it again", ".o-dropdown--menu .o_menu_item:contains('Delete')"),
        click("Surely", ".o_dialog .btn-primary"),
        see("It has left", ".o_view_nocontent, .o_list_view:not(:has(.o_data_row))"),
    ],
});

/** The same rules on a phone. */
registry.category("web_tour.tours").add("rd_desk_supervisor_phone_tour", {
    url: "/odoo/difference-rules",
    steps: () => [
        click("A kind of difference", ".o_kanban_record:contains('Short on receipt')"),
        edit("Two days are enough", ".o_form_view .o_field_widget[name=days] input", "2"),
        fits(".o_form_view"),
        click("Keep it", ".o_form_button_save"),
        see("It is kept", ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))"),
    ],
});

/** A file whose layout is new: looked at, told the tax side, accepted. */
const layout = (preview) => [
    see("It says what waits", ".o_form_view .alert:contains('ledger.csv waits')"),
    click("Look at it", "button[name=action_view_ledger_question]"),
    see("It says what is open", ".o_rd_layout_question:contains('金额')"),
    see("It shows how it reads", `.o_rd_sheet_preview ${preview}:contains('LA-1')`),
    {
        content: "The page is no wider than the screen, whatever the sheet is",
        trigger: ".o_rd_sheet_preview",
        run: ({ anchor }) => {
            for (let place = anchor.parentElement; place; place = place.parentElement) {
                if (place.scrollWidth > window.innerWidth) {
                    throw new Error(`${place.className} is ${place.scrollWidth} px wide`);
                }
            }
        },
    },
    click("Without tax", ".o_field_widget[name=layout_tax_basis] label:contains('Without tax')"),
    click("Accept", "button[name=action_accept_layout]"),
    see("Its rows count", ".o_form_view .o_notebook :contains('LA-1')"),
];

registry.category("web_tour.tours").add("rd_ledger_layout_tour", {
    steps: () => layout("td"),
});
