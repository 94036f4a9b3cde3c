/* Copyright 2026 the RD Sales Desk authors
   License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl). */
import {registry} from "@web/core/registry";

// A dry run holds back two customers and says why; sent, it asks the third one.
registry.category("web_tour.tours").add("rd_chase_run_tour", {
    steps: () => [
        {
            content: "Who has paid is held back, with the reason",
            trigger: ".o_field_widget[name=line_ids] tr:contains(outside):contains(applied to nothing yet)",
        },
        {
            content: "Who has promised is held back, with the day",
            trigger: ".o_field_widget[name=line_ids] tr:contains(affiliate):contains(has promised)",
        },
        {
            content: "The third one is to be asked",
            trigger: ".o_field_widget[name=line_ids] tr:contains(Third):contains(To be asked)",
        },
        {trigger: "button[name=action_send]", run: "click"},
        {trigger: ".modal .btn-primary", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Sent)"},
        {trigger: ".o_field_widget[name=line_ids] tr:contains(Third):contains(Asked)"},
        {trigger: ".o_field_widget[name=line_ids] tr:contains(outside):contains(Held back)"},
    ],
});

// On the phone: Promised, then Save; amount and day are proposed.
registry.category("web_tour.tours").add("rd_chase_promise_phone_tour", {
    steps: () => [
        {
            content: "Why it is urgent stands on the card",
            trigger: ".o_kanban_record:contains(outside):contains(amount 40)",
        },
        {
            content: "First tap",
            trigger: ".o_kanban_record:contains(outside) button[name=action_promised]",
            run: "click",
        },
        {
            content: "The amount is proposed",
            trigger: ".modal .o_field_widget[name=amount] input:value(1,000.00)",
        },
        {
            content: "Second tap",
            trigger: ".modal button[name=action_note]",
            run: "click",
        },
        {trigger: "body:not(:has(.modal))"},
        {trigger: ".o_kanban_renderer:not(:has(.o_kanban_record:contains(outside)))"},
    ],
});

// The customer's finance promises on the portal.
registry.category("web_tour.tours").add("rd_open_items_portal_tour", {
    steps: () => [
        {trigger: ".rd_item:contains(days overdue) input", run: "click"},
        {trigger: ".rd_promise_form input[name=amount]", run: "edit 5000"},
        {trigger: ".rd_promise_form .rd_promise", run: "click"},
        {
            content: "More than is open is refused in one sentence",
            trigger: ".rd_error:contains(at most)",
        },
        {trigger: ".rd_promise_form input[name=amount]", run: "edit 600"},
        {trigger: ".rd_promise_form .rd_promise", run: "click", expectUnloadPage: true},
        {trigger: ".rd_said"},
        {trigger: ".rd_item:contains(promised for)"},
    ],
});
