import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** The cells of a spreadsheet row as the other side wrote them. */
export class RawCells extends Component {
    static template = "rd_reconciliation.RawCells";
    static props = { ...standardFieldProps };

    get cells() {
        const raw = this.props.record.data[this.props.name] || {};
        return Object.entries(raw).map(([name, text]) => ({
            name,
            text: text === null ? "" : String(text),
        }));
    }
}

registry.category("fields").add("rd_raw_cells", {
    component: RawCells,
    supportedTypes: ["json"],
});
