import { _t } from "@web/core/l10n/translation";
import { Component } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatFloat } from "@web/core/utils/numbers";

/** One difference: both sides, the evidence, the reason and what may be done. */
export class DeskDetail extends Component {
    static template = "rd_reconciliation.DeskDetail";
    static props = {
        row: Object,
        why: { type: Object, optional: true },
        marked: Number,
        busy: Boolean,
        onAct: Function,
        onLike: Function,
        onWhy: Function,
        onLink: Function,
        onUndo: Function,
        onStatement: Function,
        onRecord: Function,
        onBack: Function,
        onMove: Function,
    };

    get primary() {
        return this.props.row.actions.find((action) => action.primary);
    }

    get others() {
        return this.props.row.actions.filter((action) => !action.primary);
    }

    get mayLink() {
        return this.props.row.actions.some((action) => action.key === "link");
    }

    /** A pair of sums, and whether they differ: the eye goes there first. */
    get sums() {
        const row = this.props.row;
        const both = row.ours.length > 0 && row.theirs.length > 0;
        return {
            quantity: both && row.ours_qty !== row.theirs_qty,
            amount: both && Math.abs(row.amount) > 0.004,
        };
    }

    /** Which cells of the first lines differ, so that they are shown as different. */
    get differs() {
        const [ours] = this.props.row.ours;
        const [theirs] = this.props.row.theirs;
        if (!ours || !theirs) {
            return {};
        }
        const text = (value) => String(value || "").replace(/\s/g, "").toUpperCase();
        return {
            note: text(ours.note) !== text(theirs.note),
            part: ![ours.part, ours.customer_part].map(text).includes(text(theirs.part)),
            date: theirs.date && ours.date !== theirs.date,
            quantity: ours.quantity !== theirs.accepted,
            amount: theirs.amount !== false && Math.abs(ours.amount - theirs.amount) > 0.004,
        };
    }

    get until() {
        const { deadline } = this.props.row;
        return deadline ? _t("by %(day)s", { day: this.day(deadline) }) : "";
    }

    get carried() {
        const { age } = this.props.row;
        return age ? _t("carried over %(count)s times", { count: age }) : "";
    }

    more(count) {
        return _t("and %(count)s more", { count });
    }

    place(line) {
        return _t("%(file)s, row %(row)s", { file: line.file, row: line.row });
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    number(value) {
        if (value === false) {
            return "";
        }
        return formatFloat(value, { digits: [16, 6], trailingZeros: false });
    }

    money(value) {
        return value === false ? "" : formatCurrency(value, this.props.row.currency_id);
    }
}
