/* Copyright 2026 the RD Sales Desk authors
   License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl). */
import {registry} from "@web/core/registry";
import { status } from "@rd_sales_admin/../tests/tours/status";

// On a phone several buttons of the header hide behind one; a single one does not.
async function pressHidden(name) {
    const find = () => document.querySelector(`button[name=${name}]`);
    if (!find()) {
        document.querySelector(".o_statusbar_buttons .dropdown-toggle").click();
    }
    while (!find()) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    find().click();
}

function press(name, phone) {
    if (!phone) {
        return [{trigger: `button[name=${name}]:visible`, run: "click"}];
    }
    return [
        {
            trigger: `.o_statusbar_buttons:has(.dropdown-toggle, button[name=${name}])`,
            run: () => pressHidden(name),
        },
    ];
}

function submit(phone) {
    return [
        ...press("action_propose", phone),
        {
            content: "What is open stands on the plan",
            trigger: ".o_field_widget[name=line_ids]:contains(outside)",
        },
        ...press("action_submit", phone),
        {trigger: status("Submitted")},
    ];
}

registry.category("web_tour.tours").add("rd_collection_plan_tour", {
    steps: () => submit(false),
});
registry.category("web_tour.tours").add("rd_collection_plan_phone_tour", {
    steps: () => submit(true),
});

registry.category("web_tour.tours").add("rd_collection_approve_tour", {
    steps: () => [
        ...press("action_approve", false),
        {trigger: status("Approved")},
        {
            content: "Nothing has come in yet",
            trigger: ".o_field_widget[name=due_rate_text]:contains(0.00 %)",
        },
    ],
});
registry.category("web_tour.tours").add("rd_collection_approve_phone_tour", {
    steps: () => [
        ...press("action_approve", true),
        {trigger: status("Approved")},
        {trigger: ".o_field_widget[name=due_rate_text]:contains(0.00 %)"},
    ],
});

registry.category("web_tour.tours").add("rd_collection_rate_tour", {
    steps: () => [
        {
            content: "The payment has moved the rate",
            trigger: ".o_field_widget[name=due_rate_text]:contains(66.67 %)",
        },
        {
            content: "Its formula stands beside it",
            trigger: ".o_field_widget[name=due_formula]:contains(1,000.00)",
        },
        {
            content: "And the figure opens its items",
            trigger: "button[name=action_view_received]:visible, .o_button_more:visible",
            run: "click",
        },
    ],
});
