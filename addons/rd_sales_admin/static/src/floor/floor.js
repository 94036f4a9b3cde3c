import { _t } from "@web/core/l10n/translation";
import { formatDate, serializeDate, deserializeDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { preparePhoto } from "../photo";
import { Component, onWillStart, useState } from "@odoo/owl";

const LATER = [1, 3, 7];

/** What a department has in hand; one tap per order, one more sends them all. */
export class Floor extends Component {
    static template = "rd_sales_admin.Floor";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.later = LATER;
        this.state = useState({ page: null, answers: {}, saidBy: "", busy: false });
        const context = this.props.action.context || {};
        this.ids = context.rd_release_ids || false;
        onWillStart(() => this.load());
    }

    async load() {
        this.show(await this.orm.call("rd.order.release", "get_floor_page", [this.ids]));
    }

    show(page) {
        this.state.page = page;
        this.state.answers = {};
    }

    get count() {
        return Object.keys(this.state.answers).length;
    }

    get sendText() {
        return _t("Send answers: %(count)s", { count: this.count });
    }

    laterText(days) {
        return _t("+%(days)s d", { days });
    }

    stageName(order) {
        return Object.fromEntries(this.state.page.stages)[order.stage];
    }

    answer(order) {
        return this.state.answers[order.id] || {};
    }

    change(order, values) {
        this.state.answers[order.id] = {
            promised_date: order.promised || order.wanted,
            ...this.answer(order),
            ...values,
        };
    }

    forget(order) {
        delete this.state.answers[order.id];
    }

    chooseStage(order, stage) {
        if (this.answer(order).stage === stage) {
            this.forget(order);
        } else {
            this.change(order, { stage, refuse: undefined });
        }
    }

    day(order) {
        return this.answer(order).promised_date || order.promised || order.wanted;
    }

    /** Count on from the day that is promised, but never from one that is past. */
    postpone(order, days) {
        const from = [this.day(order), this.state.page.today].sort().at(-1);
        const day = deserializeDate(from).plus({ days });
        this.change(order, { promised_date: serializeDate(day) });
    }

    /** A date later than wanted or than promised before needs its reason. */
    needsReason(order) {
        const answer = this.answer(order);
        const limits = [order.wanted, order.promised].filter(Boolean);
        const moved = answer.promised_date && answer.promised_date !== order.promised;
        return (
            moved &&
            answer.stage !== "ready" &&
            limits.some((limit) => answer.promised_date > limit)
        );
    }

    async takePhoto(order, ev) {
        const [file] = ev.target.files;
        if (file) {
            this.change(order, { photo: await preparePhoto(file) });
        }
    }

    format(day) {
        return day ? formatDate(deserializeDate(day)) : "";
    }

    async send() {
        this.state.busy = true;
        try {
            const answers = Object.entries(this.state.answers).map(([id, answer]) => ({
                id: Number(id),
                ...answer,
            }));
            const said = this.state.saidBy;
            const page = await this.orm.call("rd.order.release", "answer_floor", [
                answers,
                said || false,
            ]);
            this.ids = false;
            this.show(page);
            this.notification.add(
                _t("Answers sent: %(count)s. Thank you.", { count: answers.length }),
                { type: "success" }
            );
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("actions").add("rd_sales_admin.floor", Floor);
