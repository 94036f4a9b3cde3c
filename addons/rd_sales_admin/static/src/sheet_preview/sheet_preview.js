import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** The sample file as the profile reads it: headings, first rows, what is left out. */
export class SheetPreview extends Component {
    static template = "rd_sales_admin.SheetPreview";
    static props = { ...standardFieldProps };

    get preview() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("rd_sheet_preview", {
    component: SheetPreview,
    supportedTypes: ["json"],
});
