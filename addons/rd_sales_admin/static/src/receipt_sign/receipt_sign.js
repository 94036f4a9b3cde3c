import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, useRef, useState } from "@odoo/owl";

// A page stays readable at this size, and a phone sends it in a second.
const LONGEST_SIDE = 2000;

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
            const files = await Promise.all(chosen.map((file) => this.prepare(file)));
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

    /** Return name and content of a file; a photo is made no larger than needed. */
    async prepare(file) {
        const small = file.type.startsWith("image/") ? await this.shrink(file) : null;
        return { name: file.name, data: await this.encode(small || file) };
    }

    async shrink(file) {
        let image;
        try {
            image = await createImageBitmap(file);
        } catch {
            // Not an image this browser can show: the server has the last word on it.
            return null;
        }
        const ratio = LONGEST_SIDE / Math.max(image.width, image.height);
        if (ratio >= 1) {
            return null;
        }
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(image.width * ratio);
        canvas.height = Math.round(image.height * ratio);
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    }

    encode(blob) {
        return new Promise((resolve, reject) => {
            const reader = new FileReader();
            reader.onload = () => resolve(reader.result.split(",")[1] || "");
            reader.onerror = () => reject(reader.error);
            reader.readAsDataURL(blob);
        });
    }
}

registry.category("view_widgets").add("rd_receipt_sign", {
    component: ReceiptSign,
    extractProps: () => ({}),
});
