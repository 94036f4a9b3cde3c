import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { preparePhoto } from "../photo";
import { Component, useRef, useState } from "@odoo/owl";

/** One tap opens the camera; the photo taken, the delivery is signed. */
export class ReceiptSign extends Component {
    static template = "rd_sales_admin.ReceiptSign";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.input = useRef("input");
        this.state = useState({ busy: false });
    }

    choose() {
        this.input.el.click();
    }

    async onFiles(ev) {
        const chosen = [...ev.target.files];
        ev.target.value = "";
        if (!chosen.length) {
            return;
        }
        this.state.busy = true;
        try {
            const files = await Promise.all(chosen.map(preparePhoto));
            const { record } = this.props;
            await this.orm.call(record.resModel, "action_rd_sign_all", [
                [record.resId],
                files,
            ]);
            await record.load();
            this.notification.add(_t("Signed, all accepted."), { type: "success" });
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("view_widgets").add("rd_receipt_sign", {
    component: ReceiptSign,
    extractProps: () => ({}),
});
