# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

SUPERVISOR = "rd_sales_admin.rd_sales_admin_group_supervisor"


class RdApproval(models.Model):
    """One thing that a person asked for and another one answers.

    All add-ons ask here, so there is one list. The record that asks inherits
    ``rd.approval.mixin`` and says what follows from the answer.
    """

    _name = "rd.approval"
    _description = "Approval"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.guarded.mixin"]
    _order = "state desc, id desc"

    name = fields.Char(string="What is asked for", required=True)
    kind = fields.Selection(
        [("close_left", "Close a month with someone left open")], required=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", ondelete="restrict"
    )
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    amount = fields.Monetary()
    currency_id = fields.Many2one("res.currency")
    reason = fields.Text(string="Why")
    effects = fields.Text(string="What follows")
    requested_by_id = fields.Many2one(
        "res.users", string="Asked by", required=True, index=True
    )
    requested_date = fields.Datetime(string="Asked on", required=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("withdrawn", "No longer needed"),
        ],
        required=True,
        default="waiting",
        index=True,
        tracking=True,
    )
    answered_by_id = fields.Many2one("res.users", string="Answered by")
    answered_date = fields.Datetime(string="Answered on")
    answer_reason = fields.Text(string="Reason of the answer", tracking=True)
    can_answer = fields.Boolean(compute="_compute_can_answer")

    _waits_once = models.UniqueIndex(
        "(res_model, res_id, kind) WHERE state = 'waiting'",
        "This has already been asked for and waits for an answer.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            name
            for name, field in self._fields.items()
            if field.store
            and name not in models.MAGIC_COLUMNS
            and not name.startswith(("message_", "activity_", "my_activity"))
            and name not in ("website_message_ids", "rating_ids")
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("An approval is answered, not deleted."))

    @api.depends_context("uid")
    @api.depends("state", "requested_by_id")
    def _compute_can_answer(self):
        for approval in self:
            approval.can_answer = not approval._why_not_answer()

    def _why_not_answer(self):
        """Return why the present user may not answer, or False."""
        self.ensure_one()
        if self.state != "waiting":
            return self.env._("“%(name)s” has already been answered.", name=self.name)
        user = self.env.user
        if not user.has_group(SUPERVISOR):
            return self.env._("“%(name)s” is answered by a supervisor.", name=self.name)
        if user in self._get_involved():
            return self.env._(
                "“%(name)s” has to be answered by a supervisor other than %(user)s.",
                name=self.name,
                user=user.name,
            )
        return False

    def _get_involved(self):
        """Return the users who may not answer because they had a hand in it."""
        self.ensure_one()
        return self.requested_by_id | self._get_record()._get_approval_involved(self)

    def _get_record(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).exists()

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------
    def action_approve(self, reason=None):
        """Approve as a second person; what was asked for is done at once.

        :raise UserError: for the asker, for who is no supervisor, and when it has
            been answered already
        """
        return self._answer("approved", reason)

    def action_refuse(self, reason=None):
        """Refuse with a reason; nothing changes.

        :raise UserError: without a reason, and as for approving
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why you do not approve."))
        return self._answer("refused", reason)

    def _answer(self, state, reason):
        self.check_access("read")
        for approval in self:
            if why_not := approval._why_not_answer():
                raise UserError(why_not)
            approval._close(state, reason)
            record = approval._get_record().with_env(self.env)
            getattr(record, f"_{state}")(approval)
        return True

    def _close(self, state, reason=None):
        """Write the answer down and end the activities."""
        # The one who answers need not own the record that asked.
        self.sudo()._as_internal().write(
            {
                "state": state,
                "answered_by_id": self.env.uid,
                "answered_date": fields.Datetime.now(),
                "answer_reason": (reason or "").strip() or False,
            }
        )
        self.sudo().activity_ids.action_feedback(feedback=reason or "")
        for approval in self:
            approval._get_record().invalidate_recordset(["waiting_approval_id"])

    def action_open_record(self):
        """Open what the approval is about."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _schedule_for_supervisors(self):
        """Tell the supervisors of the company, except who asked."""
        for approval in self:
            for user in approval._get_supervisors() - approval._get_involved():
                approval.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=approval.name,
                    user_id=user.id,
                )

    def _get_supervisors(self):
        """Return the supervisors of the company; technical users only if no other."""
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(SUPERVISOR).ids),
                    ("company_ids", "in", self.company_id.ids),
                    ("share", "=", False),
                ],
                order="id",
            )
        )
        technical = self.env.ref("base.user_root") | self.env.ref("base.user_admin")
        return (users - technical or users).sudo(False)
