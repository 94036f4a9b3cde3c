import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";
import { Component, useState } from "@odoo/owl";

/** Asks for the reason of an act; without one it does not go on where one is needed. */
export class ReasonDialog extends Component {
    static template = "rd_sales_admin.ReasonDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        title: String,
        text: { type: String, optional: true },
        label: String,
        isNeeded: { type: Boolean, optional: true },
        buttonClass: { type: String, optional: true },
        confirm: Function,
    };
    static defaultProps = { isNeeded: true, buttonClass: "btn-primary" };

    setup() {
        this.state = useState({ reason: "", busy: false, refused: "" });
        useAutofocus({ refName: "reason" });
    }

    async onConfirm() {
        const reason = this.state.reason.trim();
        if (this.props.isNeeded && !reason) {
            this.state.refused = _t("Say why; it is kept.");
            return;
        }
        this.state.busy = true;
        try {
            await this.props.confirm(reason);
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}
