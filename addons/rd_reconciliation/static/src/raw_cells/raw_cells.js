import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

// What the columns of a ledger mean (rd_sales_admin/ledger/fields.py).
const LABELS = {
    date: _t("Date"),
    receipt_date: _t("Receipt date"),
    note: _t("Delivery note"),
    order: _t("Order"),
    order_line: _t("Order line"),
    part: _t("Part number"),
    name: _t("Name and specification"),
    unit: _t("Unit"),
    quantity: _t("Quantity"),
    accepted: _t("Accepted quantity"),
    price: _t("Unit price"),
    amount: _t("Amount without tax"),
    tax_rate: _t("Tax rate"),
    tax_amount: _t("Tax"),
    total: _t("Amount with tax"),
    paid: _t("Amount paid"),
    invoice: _t("Invoice number"),
    opening: _t("Opening balance"),
    increase: _t("Increase"),
    receipts: _t("Receipts"),
    closing: _t("Closing balance"),
    kind: _t("Transaction type"),
    partner: _t("Customer or supplier"),
    warehouse: _t("Warehouse"),
    remark: _t("Remark"),
};

/** The cells of a spreadsheet row as the other side wrote them. */
export class RawCells extends Component {
    static template = "rd_reconciliation.RawCells";
    static props = { ...standardFieldProps };

    get cells() {
        const raw = this.props.record.data[this.props.name] || {};
        return Object.entries(raw).map(([name, text]) => ({
            name,
            label: LABELS[name] || name,
            text: text === null ? "" : String(text),
        }));
    }
}

registry.category("fields").add("rd_raw_cells", {
    component: RawCells,
    supportedTypes: ["json"],
});
