import { _t } from "@web/core/l10n/translation";
import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useDebounced } from "@web/core/utils/timing";
import { formatFloat } from "@web/core/utils/numbers";

/** Asks for what an action needs before it is done. */
export class DeskQuestion extends Component {
    static template = "rd_reconciliation.DeskQuestion";
    static components = { Dialog };
    static props = {
        title: String,
        hint: String,
        needs: Array,
        users: Array,
        findLines: Function,
        confirm: Function,
        close: Function,
    };

    setup() {
        this.body = useRef("body");
        this.state = useState({ values: {}, lines: [], missing: "" });
        for (const need of this.props.needs) {
            this.state.values[need.name] = need.type === "lines" ? [] : need.value;
        }
        this.searchLater = useDebounced((text) => this.search(text), 250);
        onWillStart(() => this.search(""));
        onMounted(() => this.body.el.querySelector("input, textarea, select")?.focus());
    }

    get linesNeed() {
        return this.props.needs.find((need) => need.type === "lines");
    }

    async search(text) {
        if (this.linesNeed) {
            this.state.lines = await this.props.findLines(this.linesNeed.side, text);
        }
    }

    toggle(id) {
        const chosen = this.state.values[this.linesNeed.name];
        const place = chosen.indexOf(id);
        if (place < 0) {
            chosen.push(id);
        } else {
            chosen.splice(place, 1);
        }
    }

    number(value) {
        return formatFloat(value, { digits: [16, 2], trailingZeros: false });
    }

    isEmpty(need) {
        const value = this.state.values[need.name];
        if (need.type === "boolean") {
            return false;
        }
        return need.type === "lines" ? !value.length : value === "" || value === false;
    }

    onKeydown(ev) {
        const multiline = ev.target.tagName === "TEXTAREA" && !ev.ctrlKey;
        if (ev.key === "Enter" && !multiline && ev.target.tagName !== "BUTTON") {
            ev.preventDefault();
            this.confirm();
        }
    }

    confirm() {
        const missing = this.props.needs.find((need) => need.required && this.isEmpty(need));
        if (missing) {
            this.state.missing = _t("Fill in: %(label)s", { label: missing.label });
            return;
        }
        const values = {};
        for (const need of this.props.needs) {
            const value = this.state.values[need.name];
            const isNumber = need.type === "number" || need.type === "user";
            values[need.name] = isNumber ? Number(value) : value;
        }
        this.props.close();
        this.props.confirm(values);
    }
}
