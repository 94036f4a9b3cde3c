import { _t } from "@web/core/l10n/translation";
import { formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onWillStart, useState } from "@odoo/owl";

const ICONS = {
    todo: "fa-circle-o text-muted opacity-50",
    waiting: "fa-hourglass-half text-warning",
    failed: "fa-exclamation-circle text-danger",
    done: "fa-check text-success",
    left: "fa-flag text-info",
};
const READY = ["done", "left"];

/**
 * The steps of a month as a board: one row per affiliate, one column per step.
 *
 * Where a click leads is data of the view: `options="{'targets': {code: target}}"`
 * with `{'action': xmlid, 'context': {...}}` or `{'model': name}` (its records of
 * this month and affiliate); the code `*` stands for all others.
 */
export class StepBoard extends Component {
    static template = "rd_sales_admin.StepBoard";
    static props = { ...standardFieldProps, targets: { type: Object, optional: true } };
    static defaultProps = { targets: {} };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ filter: "all", busy: false });
        onWillStart(async () => {
            [this.isClerk, this.isSupervisor] = await Promise.all([
                user.hasGroup("rd_sales_admin.rd_sales_admin_group_clerk"),
                user.hasGroup("rd_sales_admin.rd_sales_admin_group_supervisor"),
            ]);
        });
    }

    get steps() {
        return this.props.record.data[this.props.name].records.map((record) => ({
            id: record.resId,
            ...record.data,
        }));
    }

    get columns() {
        const columns = new Map();
        for (const step of this.steps) {
            columns.set(step.code, step);
        }
        return [...columns.values()].sort((a, b) => a.sequence - b.sequence);
    }

    /** One row per affiliate: who waits comes first, who is ready last. */
    get rows() {
        const rows = new Map();
        for (const step of this.steps) {
            const id = step.partner_id.id;
            if (!rows.has(id)) {
                rows.set(id, {
                    id,
                    name: step.partner_id.display_name,
                    due: step.date_due ? formatDate(step.date_due) : "",
                    steps: {},
                });
            }
            rows.get(id).steps[step.code] = step;
        }
        const columns = this.columns;
        const result = [...rows.values()].map((row) => {
            const steps = columns.map(({ code }) => row.steps[code]).filter(Boolean);
            const current = steps.find((step) => !READY.includes(step.state));
            const left = steps.find((step) => step.state === "left");
            return { ...row, current, left, group: this.groupOf(current, left) };
        });
        const rank = { waits: 0, todo: 1, ready: 2 };
        const order = (row) =>
            row.group.startsWith("waits") ? rank.waits : rank[row.group] ?? rank.ready;
        return result.sort((a, b) => order(a) - order(b) || a.id - b.id);
    }

    groupOf(current, left) {
        if (!current) {
            return left ? "left" : "ready";
        }
        if (current.state === "failed") {
            return "waits_failed";
        }
        return current.state === "waiting" ? `waits_${current.role || "clerk"}` : "todo";
    }

    get shown() {
        const { filter } = this.state;
        return filter === "all" ? this.rows : this.rows.filter((row) => row.group === filter);
    }

    get filters() {
        const labels = {
            waits_clerk: _t("Clerk"),
            waits_supervisor: _t("Supervisor"),
            waits_salesperson: _t("Salesperson"),
            waits_finance: _t("Finance"),
            waits_warehouse: _t("Warehouse"),
            waits_affiliate: _t("Affiliate"),
            waits_failed: _t("Failed"),
            todo: _t("Before the cut-off"),
            ready: _t("Done"),
            left: _t("Left open"),
        };
        const rows = this.rows;
        const found = Object.entries(labels)
            .map(([key, label]) => ({
                key,
                label,
                count: rows.filter((row) => row.group === key).length,
            }))
            .filter(({ count }) => count);
        return [{ key: "all", label: _t("All"), count: rows.length }, ...found];
    }

    get isOpen() {
        return this.props.record.data.state === "open";
    }

    icon(step) {
        return step ? ICONS[step.state] : "";
    }

    stateLabel(step) {
        const { selection } = this.props.record.data[this.props.name].fields.state;
        return selection.find(([value]) => value === step.state)[1];
    }

    roleLabel(step) {
        const { selection } = this.props.record.data[this.props.name].fields.role;
        return selection.find(([value]) => value === step.role)?.[1] || "";
    }

    async onOpen(row, code = row.current?.code) {
        const target = this.props.targets[code] || this.props.targets["*"];
        if (!target) {
            return;
        }
        const context = {
            search_default_close_id: this.props.record.resId,
            search_default_partner_id: row.id,
        };
        if (target.action) {
            delete context.search_default_close_id;
            return this.action.doAction(target.action, {
                additionalContext: { ...context, ...target.context },
            });
        }
        const domain = [
            ["close_id", "=", this.props.record.resId],
            ["partner_id", "=", row.id],
            ["state", "!=", "cancelled"],
        ];
        const ids = await this.orm.search(target.model, domain);
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: row.name,
            res_model: target.model,
            res_id: ids.length === 1 ? ids[0] : false,
            views: ids.length === 1 ? [[false, "form"]] : [[false, "list"], [false, "form"]],
            domain,
        });
    }

    async onRun(row) {
        this.state.busy = row.id;
        try {
            await this.orm.call("rd.close.step", "action_run", [[row.current.id]]);
            await this.props.record.load();
        } finally {
            this.state.busy = false;
        }
    }

    onLeaveOpen(row) {
        return this.action.doAction("rd_sales_admin.rd_leave_open_action", {
            additionalContext: { default_step_id: row.current.id },
            onClose: () => this.props.record.load(),
        });
    }
}

registry.category("fields").add("rd_step_board", {
    component: StepBoard,
    supportedTypes: ["one2many"],
    extractProps: ({ options }) => ({ targets: options.targets }),
});
