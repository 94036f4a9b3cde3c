import { _t } from "@web/core/l10n/translation";
import { Component } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useService } from "@web/core/utils/hooks";

/**
 * The account of a statement: both sides' balances and the adjusted-balance proof.
 * Every figure opens the rows behind it.
 */
export class AccountProof extends Component {
    static template = "rd_reconciliation.AccountProof";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get view() {
        return this.props.record.data[this.props.name] || false;
    }

    get verdict() {
        if (!this.view.proved) {
            return _t("Their ledger has not come yet.");
        }
        if (!this.view.compared) {
            return _t("Their ledger is here and has not been compared yet.");
        }
        if (this.view.balanced) {
            return _t("The adjusted balances are equal: every difference has its reason.");
        }
        return _t("Not explained: %(amount)s", { amount: this.money(this.view.unexplained) });
    }

    get verdictClass() {
        if (!this.view.proved || !this.view.compared) {
            return "alert-secondary";
        }
        return this.view.balanced ? "alert-success" : "alert-danger";
    }

    money(value) {
        // The currency is that of the statement; on a phone every letter counts.
        const options = { noSymbol: true };
        return value === null ? "" : formatCurrency(value, this.view.currency_id, options);
    }

    async open(key) {
        const ids = [this.props.record.resId];
        this.action.doAction(
            await this.orm.call("rd.statement", "action_view_account", [ids, key])
        );
    }
}

registry.category("fields").add("rd_account_proof", {
    component: AccountProof,
    supportedTypes: ["json"],
});
