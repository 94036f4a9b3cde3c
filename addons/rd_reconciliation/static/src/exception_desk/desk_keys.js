import { _t } from "@web/core/l10n/translation";
import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/** The keys of the exception desk. */
export class DeskKeys extends Component {
    static template = "rd_reconciliation.DeskKeys";
    static components = { Dialog };
    static props = { close: Function };

    get keys() {
        return [
            ["j ↓", _t("Next difference")],
            ["k ↑", _t("Previous difference")],
            ["Enter a", _t("Do what is proposed")],
            ["Shift+A", _t("Do it for all like this one")],
            ["x", _t("Mark, to act on several")],
            ["t", _t("Take theirs")],
            ["o", _t("They accept ours")],
            ["p", _t("Send the proof")],
            ["c", _t("Carry over")],
            ["d", _t("Dispute")],
            ["s", _t("Split")],
            ["l", _t("Link with other lines")],
            ["u", _t("Part the two sides")],
            ["m", _t("Confirm and remember")],
            ["r", _t("Raise a return")],
            ["g", _t("Grant a credit note")],
            ["f", _t("Settle the rest as lost")],
            ["e", _t("Explain")],
            ["v", _t("Do not approve")],
            ["q", _t("Ask finance or the supervisor")],
            ["h", _t("Name the entry found")],
            ["y", _t("Note a transfer")],
            ["w", _t("Why was it not matched?")],
            ["z", _t("Undo")],
            ["/", _t("Search")],
            ["n b", _t("Next and previous hundred")],
            ["1 2 3", _t("Mine, overdue, to approve")],
            ["4", _t("What is settled, and back")],
        ];
    }
}
