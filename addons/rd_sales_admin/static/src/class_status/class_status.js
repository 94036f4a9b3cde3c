import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** One row per class of a handover: how far it is, and what blocks it. */
export class ClassStatus extends Component {
    static template = "rd_sales_admin.ClassStatus";
    static props = { ...standardFieldProps };

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    kind(row) {
        if (row.disputed) {
            return "danger";
        }
        if (row.accepted === row.lines) {
            return "success";
        }
        return row.blocked ? "warning" : "info";
    }
}

registry.category("fields").add("rd_class_status", {
    component: ClassStatus,
    supportedTypes: ["json"],
});
