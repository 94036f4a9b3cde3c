import { patch } from "@web/core/utils/patch";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Chatter } from "@mail/chatter/web_portal/chatter";
import { onWillStart } from "@odoo/owl";

const ROLES = ["clerk", "salesperson", "finance", "warehouse"].map(
    (role) => `rd_sales_admin.rd_sales_admin_group_${role}`
);

/** One button beside the others: a call, fax or visit is noted on what is open. */
patch(Chatter.prototype, {
    setup() {
        super.setup(...arguments);
        this.rdAction = useService("action");
        this.rdDesk = { notes: false };
        onWillStart(async () => {
            const groups = await Promise.all(ROLES.map((role) => user.hasGroup(role)));
            this.rdDesk.notes = groups.some(Boolean);
        });
    },

    noteCall() {
        const { threadModel, threadId } = this.props;
        return this.rdAction.doAction("rd_sales_admin.rd_call_note_action", {
            additionalContext: {
                default_res_model: threadModel,
                default_res_id: threadId,
            },
            onClose: () => this.reloadParentView(),
        });
    },
});
