/* Copyright 2026 the RD Sales Desk authors
   License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl). */
import {registry} from "@web/core/registry";

const list = ".o_list_view .o_data_row:contains(outside)";
const card = ".o_kanban_record:contains(outside)";

// One tap decides as it is suggested.
registry.category("web_tour.tours").add("rd_receivable_exception_tour", {
    steps: () => [
        {
            content: "The reason stands on the row",
            trigger: `${list} .o_data_cell[name=reason]:contains(was due on)`,
        },
        {trigger: `${list} button[name=action_accept]`, run: "click"},
        {
            content: "It is decided",
            trigger: `${list} .o_data_cell[name=state]:contains(Decided)`,
        },
        {trigger: `${list} .o_data_cell[name=partner_id]`, run: "click"},
        {trigger: ".o_statusbar_buttons button:contains(What came of it)", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=result] input",
            run: "edit pays on Friday",
        },
        {trigger: ".modal button[name=action_finish]", run: "click"},
        {trigger: ".o_field_widget[name=result]:contains(pays on Friday)"},
    ],
});
registry.category("web_tour.tours").add("rd_receivable_exception_phone_tour", {
    steps: () => [
        {
            content: "The card says why",
            trigger: `${card}:contains(was due on)`,
        },
        {trigger: `${card} button[name=action_accept]`, run: "click"},
        {trigger: `${card}:contains(Decided)`},
    ],
});
