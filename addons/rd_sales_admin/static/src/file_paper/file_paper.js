import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { onWillStart } from "@odoo/owl";

import { preparePhoto } from "../photo";
import { ReceiptSign } from "../receipt_sign/receipt_sign";

/** One tap opens the camera or the files; what is chosen or dropped is filed. */
export class FilePaper extends ReceiptSign {
    static template = "rd_sales_admin.FilePaper";
    static props = {
        ...standardWidgetProps,
        method: { type: String },
        label: { type: String, optional: true },
        big: { type: Boolean, optional: true },
    };

    setup() {
        super.setup();
        this.state.over = false;
        onWillStart(async () => {
            const { resModel } = this.props.record;
            this.allowed = await user.checkAccessRight(resModel, "write");
        });
    }

    get shown() {
        const { record } = this.props;
        return this.allowed && record.resId && !(this.props.method === "action_file" && record.data.state === "filed");
    }

    async onFiles(ev) {
        const chosen = [...ev.target.files];
        ev.target.value = "";
        await this.file(chosen);
    }

    async onDrop(ev) {
        this.state.over = false;
        await this.file([...ev.dataTransfer.files]);
    }

    async file(chosen) {
        if (!chosen.length || this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const files = await Promise.all(chosen.map((file) => preparePhoto(file)));
            const { record } = this.props;
            await this.orm.call(record.resModel, this.props.method, [
                [record.resId],
                files,
            ]);
            this.notification.add(_t("Filed."), { type: "success" });
            const { model } = record;
            await (model.root === record ? record.load() : model.load());
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("view_widgets").add("rd_file_paper", {
    component: FilePaper,
    extractProps: ({ attrs, options }) => ({
        method: options.method,
        label: attrs.string,
        big: Boolean(options.big),
    }),
    listViewWidth: 110,
});
