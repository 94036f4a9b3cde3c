import { registry } from "@web/core/registry";

import { answer, confirm, enter, gone, goTo, press, see } from "./desk_steps";

/** Every action of the desk, by the keyboard alone. */
registry.category("web_tour.tours").add("rd_exception_desk_tour", {
    url: "/odoo/exceptions",
    steps: () => [
        gone("All are open", 13),
        press("Look at the keys", "?"),
        see("They are listed", ".o_dialog .o_rd_desk_keys"),
        press("Close them", "Escape", ".o_dialog .o_rd_desk_keys"),
        see("The desk is back", "body:not(:has(.o_dialog)) .o_rd_desk"),

        goTo("KA-1"),
        see("Both sides are shown", ".o_rd_desk_detail .o_rd_differs:contains('58')"),
        see("The empty slot says what is missing", ".o_rd_desk_missing:contains('KA-1')"),
        press("Do what is proposed", "Enter"),
        gone("It is settled", 12),
        see("It says so", ".o_notification:contains('Settled')"),
        press("Take it back", "z"),
        gone("It is open again", 13),
        goTo("KA-1"),
        press("Take theirs", "t"),
        gone("It is settled", 12),

        goTo("KB-1"),
        press("They accept ours", "o"),
        gone("It is settled", 11),

        goTo("KC-1"),
        press("Carry over", "c"),
        gone("It is carried", 10),

        goTo("KD-1"),
        press("Dispute", "d"),
        answer("The reason", "reason", "They counted a box twice"),
        {
            content: "Confirm from the next field",
            trigger: ".o_dialog #rd_need_deadline",
            run: ({ anchor }) => {
                anchor.focus();
                anchor.dispatchEvent(
                    new KeyboardEvent("keydown", { key: "Enter", bubbles: true })
                );
            },
        },
        see("It stays, with the reason", ".o_rd_desk_row:contains('a box twice')"),
        goTo("KD-1"),
        see("It says why", ".o_rd_desk_waits:contains('a box twice')"),
        gone("Nothing is lost", 10),

        goTo("KE-1"),
        press("Split", "s"),
        answer("A part", "quantity", "5"),
        enter("Confirm it", "quantity"),
        see("The rest is open by itself", ".o_rd_desk_row:contains('Split off by a person')"),
        gone("One for one", 10),

        goTo("KF-1"),
        press("Settle the rest as lost", "f"),
        {
            content: "It asks once more",
            trigger: ".o_dialog .btn-primary:contains('Settle the rest')",
            run: ({ anchor }) => {
                anchor.focus();
                anchor.click();
            },
        },
        gone("It is lost", 9),

        goTo("KG-1"),
        press("Raise a return", "r"),
        gone("It comes back", 8),

        goTo("KH-1"),
        press("Send the proof", "p"),
        see("They answer next", ".o_rd_desk_row:contains('Proof sent')"),
        see("It says so", ".o_notification:contains('Proof sent')"),

        goTo("KI-1"),
        press("Why was it not matched?", "w"),
        see("The nearest is named", ".o_rd_desk_because:contains('KX-9')"),
        press("Link", "l"),
        answer("Search", "line_ids", "KX-9"),
        see("One fits", ".o_dialog .o_rd_desk_choices label:contains('KX-9'):only-child"),
        {
            content: "Choose it",
            trigger: ".o_dialog .o_rd_desk_choices input",
            run: ({ anchor }) => {
                anchor.focus();
                anchor.click();
            },
        },
        enter("Confirm it", "line_ids"),
        gone("Both are explained", 6),

        goTo("KJ-1"),
        press("Part the two sides", "u"),
        see("It asks about the next time", ".o_dialog #rd_need_again"),
        enter("Leave them apart", "again"),
        gone("Two for one", 7),

        goTo("KK-1"),
        press("Confirm and remember", "m"),
        gone("It is learned", 6),

        goTo("KZ-1"),
        press("Explain", "e"),
        answer("The reason", "reason", "Their own sample"),
        {
            content: "Confirm",
            trigger: ".o_dialog .o_rd_desk_confirm",
            run: ({ anchor }) => {
                anchor.focus();
                anchor.click();
            },
        },
        gone("It is explained", 5),

        press("Search", "/"),
        {
            content: "For one that is settled",
            trigger: ".o_rd_desk_search",
            run: "edit nothing-like-this",
        },
        see("Nothing is left to explain", ".o_rd_desk_empty"),
    ],
});

/** What needs a second person: the clerk asks, by the keyboard alone. */
registry.category("web_tour.tours").add("rd_exception_desk_ask_tour", {
    url: "/odoo/exceptions",
    steps: () => [
        gone("Three are open", 3),
        goTo("PA-1"),
        press("Take their price", "t"),
        answer("The reason", "reason", "New price list"),
        confirm,
        see("It waits", ".o_rd_desk_row:contains('Waits for approval: Take their price')"),
        goTo("PB-1"),
        press("Take their price", "t"),
        answer("The reason", "reason", "He says so"),
        confirm,
        see("Both wait", ".o_rd_desk_filter_approval .badge:contains('2')"),
        goTo("扣款"),
        press("Grant a credit note", "g"),
        answer("The reason", "reason", "Granted by sales"),
        confirm,
        gone("It is drafted", 2),
    ],
});

/** The second person approves one and refuses the other. */
registry.category("web_tour.tours").add("rd_exception_desk_approve_tour", {
    url: "/odoo/exceptions",
    steps: () => [
        goTo("PA-1"),
        see("It is his to approve", ".o_rd_desk_primary:contains('Approve')"),
        press("Approve", "Enter"),
        gone("One is settled", 1),
        goTo("PB-1"),
        press("Do not approve", "v"),
        answer("The reason", "reason", "The contract says otherwise"),
        confirm,
        see("It is back", ".o_rd_desk_detail:not(:has(.o_rd_desk_waits)) .o_rd_desk_primary"),
    ],
});

/** The same desk on a phone: by touch, one difference at a time. */
registry.category("web_tour.tours").add("rd_exception_desk_phone_tour", {
    url: "/odoo/exceptions",
    steps: () => [
        {
            content: "Open a difference",
            trigger: ".o_rd_desk_row:contains('KA-1')",
            run: "click",
        },
        see("It fills the screen", ".o_rd_desk_open .o_rd_desk_detail .o_rd_desk_reason"),
        {
            content: "Nothing is wider than the phone",
            trigger: ".o_rd_desk_detail",
            run: () => {
                const wide = [...document.querySelectorAll(".o_rd_desk_open *")].filter(
                    (item) => item.getBoundingClientRect().right > window.innerWidth + 1
                );
                if (wide.length) {
                    throw new Error(`Wider than the phone: ${wide[0].outerHTML.slice(0, 200)}`);
                }
            },
        },
        {
            content: "Do what is proposed",
            trigger: ".o_rd_desk_primary:contains('Accept their 58')",
            run: "click",
        },
        see("It is settled", ".o_notification:contains('Settled')"),
        {
            content: "Back to the list",
            trigger: ".o_rd_desk_back",
            run: "click",
        },
        gone("One less", 12),
        {
            content: "See what is settled",
            trigger: ".o_rd_desk_filter_settled",
            run: "click",
        },
        {
            content: "Open it",
            trigger: ".o_rd_desk_row:contains('KA-1')",
            run: "click",
        },
        { content: "Take it back", trigger: ".o_rd_desk_undo", run: "click" },
        {
            content: "The list of what is settled is empty again",
            trigger: ".o_rd_desk_empty",
        },
    ],
});
