import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Opens the card of a label: by the camera, or by its number where there is none. */
export class PropertyScan extends Component {
    static template = "rd_custody.PropertyScan";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.input = useRef("number");
        this.state = useState({ number: "", problem: "" });
        this.hasCamera = isBarcodeScannerSupported();
        onMounted(() => this.input.el.focus());
    }

    async scan() {
        let code = "";
        try {
            code = await scanBarcode(this.env);
        } catch (error) {
            this.state.problem = error.message;
            this.input.el.focus();
            return;
        }
        await this.open(code);
    }

    async open(code) {
        this.state.problem = "";
        const action = await this.orm.call("rd.property", "action_open_scanned", [code]);
        await this.action.doAction(action);
    }
}

registry.category("actions").add("rd_custody.scan", PropertyScan);
