import { _t } from "@web/core/l10n/translation";
import { Component, onMounted, onPatched, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { formatCurrency } from "@web/core/currency";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { DeskDetail } from "./desk_detail";
import { DeskKeys } from "./desk_keys";
import { DeskQuestion } from "./desk_question";

const MODEL = "rd.difference";
const PAGE = 100;
// Key → action of a row; j, k, Enter and the others move or open something.
const ACTION_KEYS = {
    c: ["carry"],
    d: ["dispute"],
    l: ["link"],
    p: ["send_proof"],
    r: ["return"],
    s: ["split"],
    t: ["accept_theirs", "correct_price"],
    o: ["keep_ours"],
    u: ["unlink"],
    e: ["explain"],
    g: ["credit"],
    m: ["learn"],
    f: ["write_off"],
    v: ["refuse"],
    q: ["ask_finance", "check_before"],
    h: ["found"],
    y: ["transfer"],
};

/** What the two sides do not agree on: one list, one difference open, all by keyboard. */
export class ExceptionDesk extends Component {
    static template = "rd_reconciliation.ExceptionDesk";
    static components = { Layout, DeskDetail };
    static props = { ...standardActionServiceProps };
    static path = "exceptions";
    static displayName = _t("Exception desk");

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.action = useService("action");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.search = useRef("search");
        const params = this.props.action.params || {};
        this.fixed = params.statement_id ? { statement_id: params.statement_id } : {};
        this.state = useState({
            desk: null,
            filters: {},
            offset: 0,
            index: 0,
            open: false,
            marked: {},
            busy: false,
            why: {},
            done: [],
        });
        this.searchLater = useDebounced((text) => this.setFilter("text", text), 300);
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
        onWillStart(() => this.load());
        onMounted(() => this.showSelected());
        onPatched(() => this.showSelected());
        this.shownId = null;
    }

    // ------------------------------------------------------------------
    // Reading
    // ------------------------------------------------------------------
    /** Read the desk anew and stay where the user is; after an act on the next row. */
    async load(acted = []) {
        const filters = { ...this.fixed, ...this.state.filters };
        const next = this.state.desk && this.rowAfter(acted);
        const desk = await this.orm.call(MODEL, "get_desk", [
            filters,
            this.state.offset,
            PAGE,
        ]);
        // The user may have moved on while the answer was under way.
        const current = this.state.desk && this.selected;
        const wanted = current && !acted.includes(current.id) ? current.id : next;
        this.state.desk = desk;
        const rows = desk.rows;
        if (!rows.length && this.state.offset) {
            this.state.offset = Math.max(0, this.state.offset - PAGE);
            return this.load(acted);
        }
        const place = rows.findIndex((row) => row.id === wanted);
        this.state.index = place < 0 ? this.state.index : place;
        this.state.index = Math.max(0, Math.min(this.state.index, rows.length - 1));
        this.state.open = this.state.open && rows.length > 0;
        const shown = new Set(rows.map((row) => row.id));
        for (const id of Object.keys(this.state.marked)) {
            if (!shown.has(Number(id))) {
                delete this.state.marked[id];
            }
        }
    }

    /** Id of the first row from the open one on that nothing is done about. */
    rowAfter(acted) {
        const rest = this.rows.slice(this.state.index);
        return rest.find((row) => !acted.includes(row.id))?.id;
    }

    get rows() {
        return this.state.desk.rows;
    }

    get selected() {
        return this.rows[this.state.index];
    }

    get settledView() {
        return this.state.filters.state === "settled";
    }

    /** The rows under the headings of their affiliate and kind. */
    get sections() {
        const sections = [];
        this.rows.forEach((row, index) => {
            const last = sections.at(-1);
            if (!last || last.key !== `${row.partner_id}-${row.code}`) {
                const group = this.state.desk.groups.find(
                    (one) => one.partner_id === row.partner_id && one.code === row.code
                );
                sections.push({
                    key: `${row.partner_id}-${row.code}`,
                    partner: row.partner,
                    label: row.label,
                    count: group ? group.count : 0,
                    amount: group ? this.money(group.amount, group.currency_id) : "",
                    rows: [],
                });
            }
            sections.at(-1).rows.push({ row, index });
        });
        return sections;
    }

    get filterButtons() {
        const counts = this.state.desk.counts;
        return [
            { name: "mine", label: _t("Mine"), count: counts.mine },
            { name: "late", label: _t("Overdue"), count: counts.late },
            { name: "approval", label: _t("To approve"), count: counts.approval },
        ];
    }

    get progress() {
        const { open, settled } = this.state.desk.progress;
        const all = open + settled;
        return { open, settled, percent: all ? Math.round((100 * settled) / all) : 100 };
    }

    get explainedText() {
        return _t("%(count)s explained", { count: this.progress.settled });
    }

    get openText() {
        return _t("%(count)s open", { count: this.progress.open });
    }

    get pageText() {
        return _t("%(first)s–%(last)s of %(total)s", this.page);
    }

    ageText(row) {
        return _t("%(count)s months old", { count: row.age });
    }

    get openAmounts() {
        return this.state.desk.progress.open_amount
            .map((item) => this.money(item.amount, item.currency_id))
            .join(" + ");
    }

    get markedIds() {
        return this.rows.filter((row) => this.state.marked[row.id]).map((row) => row.id);
    }

    get page() {
        const { total, offset } = this.state.desk;
        return {
            first: total ? offset + 1 : 0,
            last: offset + this.rows.length,
            total,
            before: offset > 0,
            after: offset + this.rows.length < total,
        };
    }

    money(amount, currencyId) {
        return formatCurrency(amount, currencyId);
    }

    // ------------------------------------------------------------------
    // Moving
    // ------------------------------------------------------------------
    showSelected() {
        const row = this.selected;
        if (!row || row.id === this.shownId) {
            return;
        }
        this.shownId = row.id;
        const item = this.root.el?.querySelector(`[data-row="${row.id}"]`);
        item?.scrollIntoView({ block: "nearest" });
    }

    select(index, open = true) {
        this.state.index = Math.max(0, Math.min(index, this.rows.length - 1));
        this.state.open = open;
    }

    async turn(pages) {
        this.state.offset = Math.max(0, this.state.offset + pages * PAGE);
        await this.load();
        this.state.index = 0;
    }

    async setFilter(name, value) {
        this.state.filters = { ...this.state.filters, [name]: value };
        this.state.offset = 0;
        this.state.open = false;
        await this.load();
        this.state.index = 0;
    }

    toggleFilter(name) {
        return this.setFilter(name, !this.state.filters[name]);
    }

    mark(row) {
        this.state.marked[row.id] = !this.state.marked[row.id];
    }

    openStatement(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "rd.statement",
            res_id: row.statement_id,
            views: [[false, "form"]],
        });
    }

    openRecord(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: MODEL,
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    // ------------------------------------------------------------------
    // Acting
    // ------------------------------------------------------------------
    /** Do an action of the open difference, or of all marked ones that allow it. */
    async act(action) {
        const ids = this.markedIds;
        const together = ids.length > 1 && this.state.marked[this.selected.id];
        await this.actOn(together && action.bulk ? ids : [this.selected.id], action);
    }

    async actOn(ids, action) {
        if (this.state.busy || !action) {
            return;
        }
        if (action.needs.length) {
            this.ask(ids, action);
        } else if (action.confirm) {
            this.dialog.add(ConfirmationDialog, {
                body: action.confirm,
                confirmLabel: action.label,
                confirm: () => this.send(ids, action),
                cancel: () => {},
            });
        } else {
            await this.send(ids, action);
        }
    }

    ask(ids, action) {
        this.dialog.add(DeskQuestion, {
            title: action.label,
            hint: action.hint,
            needs: action.needs,
            users: this.state.desk.users,
            findLines: (side, text) =>
                this.orm.call(MODEL, "find_lines", [ids.slice(0, 1), side, text]),
            confirm: (values) => this.send(ids, action, values),
        });
    }

    async send(ids, action, values = {}) {
        this.state.busy = true;
        try {
            const answer = await this.orm.call(MODEL, "act", [ids, action.key, values]);
            for (const id of ids) {
                delete this.state.marked[id];
                delete this.state.why[id];
            }
            this.tell(action, answer);
        } finally {
            // Whatever came of it, nothing is done on rows that are not read anew.
            await this.load(ids);
            this.state.busy = false;
        }
    }

    tell(action, answer) {
        if (answer.settled.length && action.key !== "reopen") {
            this.state.done.push(answer.settled);
        }
        const message = answer.settled.length
            ? _t("Settled: %(count)s (%(what)s)", {
                  count: answer.settled.length,
                  what: action.label,
              })
            : answer.message || action.label;
        const buttons = answer.settled.length
            ? [{ name: _t("Undo"), onClick: () => this.undo(), primary: false }]
            : [];
        this.notification.add(message, { type: "success", buttons });
    }

    /** Take back the settled one that is open, or what was settled last. */
    async undo() {
        const row = this.selected;
        if (this.settledView && row?.undo.possible) {
            await this.send([row.id], { key: "reopen", label: row.undo.label });
            return;
        }
        const ids = this.state.done.pop();
        if (ids) {
            await this.send(ids, { key: "reopen", label: _t("Undone") });
        }
    }

    async actLikeThis() {
        const row = this.selected;
        const action = row?.actions.find((one) => one.primary && one.bulk);
        if (!action) {
            return;
        }
        const ids = await this.orm.call(MODEL, "get_like", [[row.id]]);
        this.dialog.add(ConfirmationDialog, {
            title: action.label,
            body: _t("%(count)s differences of %(partner)s: %(kind)s. %(hint)s", {
                count: ids.length,
                partner: row.partner,
                kind: row.label,
                hint: ids.length === 1 ? action.hint : "",
            }),
            confirmLabel: _t("Do it for all of them"),
            confirm: () =>
                action.needs.length ? this.ask(ids, action) : this.send(ids, action),
            cancel: () => {},
        });
    }

    async whyNot(row) {
        this.state.why[row.id] = await this.orm.call(MODEL, "get_why_not", [[row.id]]);
    }

    async link(row, candidate) {
        const action = row.actions.find((one) => one.key === "link");
        if (action) {
            await this.send([row.id], action, { line_ids: [candidate.id], remember: false });
        }
    }

    // ------------------------------------------------------------------
    // Keyboard
    // ------------------------------------------------------------------
    get listensToKeys() {
        return !this.ui.isBlocked && !document.querySelector(".o_dialog, .o-overlay-item .modal");
    }

    onKeydown(ev) {
        const typing = ev.target.closest?.("input, textarea, select, [contenteditable]");
        if (ev.ctrlKey || ev.metaKey || ev.altKey || !this.listensToKeys) {
            return;
        }
        if (typing) {
            if (ev.key === "Escape" && typing === this.search.el) {
                typing.blur();
            }
            return;
        }
        // A focused button answers Enter and the space bar itself.
        if (ev.key === "Enter" && ev.target.closest?.("button, a")) {
            return;
        }
        const handled = this.handleKey(ev.key);
        if (handled) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }

    handleKey(key) {
        const row = this.selected;
        const plain = {
            "?": () => this.dialog.add(DeskKeys, {}),
            "/": () => this.search.el?.focus(),
            Escape: () => (this.state.open = false),
            z: () => this.undo(),
            1: () => this.toggleFilter("mine"),
            2: () => this.toggleFilter("late"),
            3: () => this.toggleFilter("approval"),
            4: () => this.setFilter("state", this.settledView ? "open" : "settled"),
        };
        const withRow = {
            j: () => this.select(this.state.index + 1, this.state.open),
            ArrowDown: () => this.select(this.state.index + 1, this.state.open),
            k: () => this.select(this.state.index - 1, this.state.open),
            ArrowUp: () => this.select(this.state.index - 1, this.state.open),
            Enter: () => this.act(row.actions.find((one) => one.primary)),
            a: () => this.act(row.actions.find((one) => one.primary)),
            A: () => this.actLikeThis(),
            x: () => this.mark(row),
            w: () => this.whyNot(row),
            n: () => this.page.after && this.turn(1),
            b: () => this.page.before && this.turn(-1),
        };
        const handler = plain[key] || (row && withRow[key]);
        if (handler) {
            handler();
            return true;
        }
        const wanted = row && ACTION_KEYS[key];
        const action = wanted && row.actions.find((one) => wanted.includes(one.key));
        if (action) {
            this.act(action);
        }
        return Boolean(action);
    }
}

registry.category("actions").add("rd_reconciliation.exception_desk", ExceptionDesk);
