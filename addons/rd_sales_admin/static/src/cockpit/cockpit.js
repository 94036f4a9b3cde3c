import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ReasonDialog } from "./reason_dialog";
import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";

// How often the page is read again while it can be seen, in milliseconds.
export const PACE = { running: 3000, resting: 15000 };

const ICONS = {
    todo: "fa-circle-o text-muted",
    waiting: "fa-hourglass-half text-warning",
    failed: "fa-exclamation-circle text-danger",
    done: "fa-check text-success",
    left: "fa-flag text-info",
};
const GROUPS = ["failed", "late", "waiting", "todo", "ready"];

/**
 * The month on one page, drawn from plain data of `rd.cockpit.read_page`.
 *
 * The shape of a section is its `kind`; every figure carries the action that opens
 * its rows. While the page can be seen it is read again, faster while a scheduled
 * action runs; what has not changed is not drawn again.
 */
export class Cockpit extends Component {
    static template = "rd_sales_admin.Cockpit";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.icons = ICONS;
        this.state = useState({
            data: null,
            loading: true,
            error: "",
            stale: false,
            filter: "all",
            open: {},
            busy: false,
        });
        this.wanted = { page: this.props.action.context?.rd_page || null };
        this.onVisible = () => !document.hidden && this.poll();
        onWillStart(() => this.load());
        onMounted(() => {
            document.addEventListener("visibilitychange", this.onVisible);
            this.schedule();
        });
        onWillUnmount(() => {
            this.gone = true;
            document.removeEventListener("visibilitychange", this.onVisible);
            clearTimeout(this.timer);
        });
    }

    get runningText() {
        const left = this.state.data.running.remaining;
        return left === 1
            ? _t("running, 1 affiliate to go")
            : _t("running, %s affiliates to go", left);
    }

    // ------------------------------------------------------------------
    // Reading
    // ------------------------------------------------------------------
    /** Read the page that is wanted, whatever is shown now. */
    async load() {
        this.state.loading = true;
        try {
            await this.read(null);
        } finally {
            this.state.loading = false;
        }
    }

    async read(stamp) {
        const turn = (this.turn = (this.turn || 0) + 1);
        try {
            const { page, company_id, close_id } = this.wanted;
            const data = await this.orm.silent.call("rd.cockpit", "read_page", [], {
                page,
                company_id: company_id || null,
                close_id: close_id || null,
                stamp,
            });
            if (turn !== this.turn) {
                return; // somebody has asked for another page meanwhile
            }
            this.state.error = "";
            this.state.stale = false;
            if (!data.unchanged) {
                this.state.data = data;
            }
        } catch (error) {
            if (turn !== this.turn) {
                return;
            }
            const message = error.data?.message || _t("The server cannot be reached.");
            if (this.state.data && stamp) {
                this.state.stale = true;
            } else {
                this.state.error = message;
            }
        }
    }

    schedule() {
        clearTimeout(this.timer);
        if (!this.gone) {
            const pace = this.state.data?.running ? PACE.running : PACE.resting;
            this.timer = setTimeout(() => this.poll(), pace);
        }
    }

    async poll() {
        if (!document.hidden && !this.state.busy && !this.state.loading) {
            await this.read(this.state.data?.stamp || null);
        }
        this.schedule();
    }

    choose(values) {
        Object.assign(this.wanted, values);
        this.state.filter = "all";
        this.state.open = {};
        return this.load();
    }

    onPage(page) {
        return this.choose({ page });
    }

    onCompany(ev) {
        return this.choose({ company_id: Number(ev.target.value), close_id: null });
    }

    onMonth(ev) {
        return this.choose({ close_id: Number(ev.target.value) });
    }

    // ------------------------------------------------------------------
    // The board
    // ------------------------------------------------------------------
    filters(rows) {
        const labels = {
            failed: _t("Failed"),
            late: _t("Late"),
            waiting: _t("Waiting"),
            todo: _t("To do"),
            ready: _t("Done"),
        };
        const found = GROUPS.map((key) => ({
            key,
            label: labels[key],
            count: rows.filter((row) => row.group === key).length,
        })).filter(({ count }) => count);
        return [{ key: "all", label: _t("All"), count: rows.length }, ...found];
    }

    shown(rows) {
        const { filter } = this.state;
        return filter === "all" ? rows : rows.filter((row) => row.group === filter);
    }

    isEmpty(section) {
        const { data, kind } = section;
        return kind === "board" ? !data.rows.length : !data.length;
    }

    toggle(row) {
        this.state.open[row.id] = !this.state.open[row.id];
    }

    stepName(row, step) {
        const late = step.late ? _t("late") : "";
        return [row.name, step.label, step.state_label, late].filter(Boolean).join(", ");
    }

    // ------------------------------------------------------------------
    // Acting
    // ------------------------------------------------------------------
    open(action) {
        return this.action.doAction(action);
    }

    async act(model, method, ids, kwargs = {}) {
        this.state.busy = true;
        try {
            const result = await this.orm.call(model, method, ids ? [ids] : [], kwargs);
            if (result?.type) {
                await this.action.doAction(result);
            }
            return result;
        } finally {
            this.state.busy = false;
            await this.read(null);
            this.schedule();
        }
    }

    ask(title, label, confirm, options = {}) {
        this.dialog.add(ReasonDialog, { title, label, confirm, ...options });
    }

    get month() {
        return this.state.data.month;
    }

    onRun(row) {
        return row
            ? this.act("rd.close.step", "action_run", [row.current.id])
            : this.act("rd.close", "action_run", [this.month.id]);
    }

    onCloseMonth() {
        return this.act("rd.close", "action_close", [this.month.id]);
    }

    onPause(row) {
        const name = row ? row.name : this.state.data.company.name;
        this.ask(_t("Pause %s", name), _t("Pause"), (reason) =>
            this.act("rd.close", "action_pause", [this.month.id], {
                reason,
                partner_id: row ? row.id : false,
            })
        );
    }

    onResume(row) {
        const name = row ? row.name : this.state.data.company.name;
        this.ask(_t("Let %s go on", name), _t("Go on"), (reason) =>
            this.act("rd.close", "action_resume", [this.month.id], {
                reason,
                partner_id: row ? row.id : false,
            })
        );
    }

    onLeaveOpen(row) {
        this.ask(_t("Leave %s open", row.name), _t("Leave open"), (reason) =>
            this.act("rd.close.step", "action_leave_open", [row.current.id], { reason })
        );
    }

    onApprove(item) {
        this.ask(
            item.name,
            _t("Approve"),
            (reason) => this.act("rd.approval", "action_approve", [item.id], { reason }),
            { isNeeded: false, text: item.effects, buttonClass: "btn-success" }
        );
    }

    onRefuse(item) {
        this.ask(
            item.name,
            _t("Refuse"),
            (reason) => this.act("rd.approval", "action_refuse", [item.id], { reason }),
            { buttonClass: "btn-danger" }
        );
    }

    /** Press a button that a row brings along. */
    onButton(button) {
        const { model, method, id, reason } = button;
        if (!reason) {
            return this.act(model, method, [id]);
        }
        this.ask(button.title || button.label, button.label, (text) =>
            this.act(model, method, [id], { reason: text })
        );
    }
}

registry.category("actions").add("rd_sales_admin.cockpit", Cockpit);
