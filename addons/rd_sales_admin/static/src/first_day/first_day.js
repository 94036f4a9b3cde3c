import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

const BADGES = {
    none: "text-bg-secondary",
    in: "text-bg-success",
    mend: "text-bg-warning",
};

/**
 * What the desk kept in spreadsheets comes in here; below stands what is missing.
 *
 * Drawn from plain data of `rd.first.day.read_page`; every row carries its action.
 */
export class FirstDay extends Component {
    static template = "rd_sales_admin.FirstDay";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.badges = BADGES;
        this.state = useState({ data: null, error: "" });
        onWillStart(() => this.load());
    }

    async load(companyId = null) {
        try {
            this.state.data = await this.orm.silent.call("rd.first.day", "read_page", [], {
                company_id: companyId,
            });
            this.state.error = "";
        } catch (error) {
            this.state.error = error.data?.message || _t("The server cannot be reached.");
        }
    }

    onCompany(ev) {
        return this.load(Number(ev.target.value));
    }

    open(action) {
        return action && this.action.doAction(action);
    }

    async template(kind) {
        return this.open(await this.orm.call("rd.intake", "get_template", [kind.code]));
    }
}

registry.category("actions").add("rd_sales_admin.first_day", FirstDay);
