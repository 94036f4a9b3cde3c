import { registry } from "@web/core/registry";

import { answer, click, confirm, enter, fits, gone, goTo, press, see } from "./desk_steps";

/** Mark the row with this text, by the keyboard. */
const mark = (text) => [
    goTo(text),
    press(`Mark ${text}`, "x"),
    see("It is marked", `.o_rd_desk_marked:contains('${text}')`),
];

/** What ticks a box as the space bar does. */
const tick = (content, trigger) => ({
    content,
    trigger,
    run: ({ anchor }) => {
        anchor.focus();
        anchor.click();
    },
});

/** Several at once, other months, both answers to "again?", units and prices: by keys. */
registry.category("web_tour.tours").add("rd_exception_desk_sets_tour", {
    url: "/odoo/exceptions",
    steps: () => [
        gone("All are open", 11),
        ...mark("SA-1"),
        ...mark("SA-2"),
        see("The button says how many", ".o_rd_desk_primary:contains('(2)')"),
        press("Do what is proposed for both", "Enter"),
        gone("Both are settled", 9),
        see("It says how many", ".o_notification:contains('Settled: 2')"),
        press("Take both back", "z"),
        gone("Both are open again", 11),
        goTo("SA-1"),
        press("All like this one", "A"),
        see("It says how many", ".o_dialog .modal-body:contains('3 differences')"),
        tick("Confirm", ".o_dialog .btn-primary"),
        gone("All three are settled", 8),

        press("See what is settled", "4"),
        see("They are listed", ".o_rd_desk_row:contains('SA-2')"),
        goTo("SA-2"),
        press("Take one of them back", "z"),
        see("It has left the list", ".o_rd_desk_list:not(:contains('SA-2'))"),
        press("Back to what is open", "4"),
        see("It is listed", ".o_rd_desk_row:contains('XA-1')"),
        gone("One more is open", 9),

        ...mark("XA-1"),
        ...mark("XA-2"),
        press("Explain both", "e"),
        answer("With one reason", "reason", "Samples of theirs"),
        confirm,
        gone("Both are explained", 7),

        goTo("SB-1"),
        press("Convert the unit", "m"),
        gone("It is converted", 6),

        goTo("SC-1"),
        press("Link", "l"),
        answer("With a line of next month", "line_ids", "SC-X"),
        see("It says so", ".o_dialog .o_rd_desk_choices label:contains('Other month')"),
        tick("Choose it", ".o_dialog .o_rd_desk_choices input"),
        enter("Confirm", "line_ids"),
        gone("Both sides are explained", 4),

        goTo("SD-1"),
        press("Part the two sides", "u"),
        tick("They may be proposed again", ".o_dialog #rd_need_again"),
        enter("Confirm", "again"),
        gone("Two for one", 5),
        goTo("SE-1"),
        press("Part the two sides", "u"),
        enter("Leave them alone", "again"),
        gone("Two for one", 6),

        goTo("SF-1"),
        see("The price is asked for", ".o_rd_desk_primary:contains('price from the order')"),
        press("Take it from the order", "Enter"),
        gone("The price is there, and the pair that may is proposed again", 4),

        press("Mine only", "1"),
        see("The filter is on", ".o_rd_desk_filter_mine.active"),
        press("And off", "1"),
        see("The filter is off", ".o_rd_desk_filter_mine:not(.active)"),
    ],
});

/** Several at once and a link, on a phone by touch. */
registry.category("web_tour.tours").add("rd_exception_desk_sets_phone_tour", {
    url: "/odoo/exceptions",
    steps: () => [
        click("Mark one", ".o_rd_desk_row:contains('SA-1') input"),
        click("Mark another", ".o_rd_desk_row:contains('SA-2') input"),
        click("Open one of them", ".o_rd_desk_row:contains('SA-1')"),
        click("Do it for both", ".o_rd_desk_primary:contains('(2)')"),
        see("It says how many", ".o_notification:contains('Settled: 2')"),
        click("Back to the list", ".o_rd_desk_back"),
        gone("Two less", 9),

        click("Open what has no counterpart", ".o_rd_desk_row:contains('SC-1')"),
        click("Link", ".o_rd_desk_actions [data-action=link]"),
        answer("Search", "line_ids", "SC-X"),
        see("It is of another month", ".o_dialog label:contains('Other month')"),
        fits(".o_dialog .modal-content"),
        click("Choose it", ".o_dialog .o_rd_desk_choices label"),
        click("Confirm", ".o_dialog .o_rd_desk_confirm"),
        click("Back to the list", ".o_rd_desk_back"),
        gone("Both sides are explained", 7),

        click("Open a pair", ".o_rd_desk_row:contains('SD-1')"),
        click("Part it", ".o_rd_desk_actions [data-action=unlink]"),
        fits(".o_dialog .modal-content"),
        click("They may be proposed again", ".o_dialog #rd_need_again"),
        click("Confirm", ".o_dialog .o_rd_desk_confirm"),
        see("It is parted", ".o_notification"),
        click("Back to the list", ".o_rd_desk_back"),
        gone("Two for one", 8),
    ],
});
