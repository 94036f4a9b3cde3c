# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_guarded_mixin import GUARD

_logger = logging.getLogger(__name__)


class RdCloseStep(models.Model):
    """One step of one affiliate in one month: done, or waiting for whom."""

    _name = "rd.close.step"
    _description = "Step of the Close"
    _inherit = ["rd.guarded.mixin"]
    _order = "close_id, partner_id, sequence, id"
    _rec_name = "code"

    close_id = fields.Many2one(
        "rd.close", string="Month", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="close_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Affiliate",
        required=True,
        index=True,
        ondelete="restrict",
    )
    code = fields.Char(required=True)
    label = fields.Char(string="Step", compute="_compute_label")
    sequence = fields.Integer()
    state = fields.Selection(
        [
            ("todo", "To do"),
            ("waiting", "Waiting"),
            ("failed", "Failed"),
            ("done", "Done"),
            ("left", "Left open"),
        ],
        default="todo",
        required=True,
    )
    message = fields.Char()
    role = fields.Selection(
        [
            ("clerk", "Clerk"),
            ("supervisor", "Supervisor"),
            ("salesperson", "Salesperson"),
            ("finance", "Finance"),
            ("warehouse", "Warehouse"),
            ("affiliate", "Affiliate"),
        ],
        string="Waits for",
    )
    date_due = fields.Date(compute="_compute_date_due")
    run_date = fields.Datetime(string="Last run")
    collected_date = fields.Datetime(
        string="Last collected",
        help="When the affiliate's deliveries were last collected for the month.",
    )
    attempts = fields.Integer()
    left_reason = fields.Char()
    left_by_id = fields.Many2one("res.users")

    _step_once = models.UniqueIndex(
        "(close_id, partner_id, code)",
        "This step of the affiliate is already there.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.depends("code")
    def _compute_label(self):
        labels = {step.code: step.label for step in self.env["rd.close"]._get_steps()}
        for step in self:
            step.label = labels.get(step.code, step.code)

    @api.depends("close_id.month", "partner_id")
    def _compute_date_due(self):
        for step in self:
            step.date_due = step.partner_id._rd_cutoff(step.close_id.month)

    # ------------------------------------------------------------------
    # Running
    # ------------------------------------------------------------------
    def _run(self, method):
        """Run the step once; tell whether it is done.

        A refusal or a fault is kept on the step and undone in the data; only a
        conflict with another transaction leaves here, to be tried again.
        """
        self.ensure_one()
        self.close_id._touch(self.partner_id)
        self.invalidate_recordset(["attempts"])
        try:
            with self.env.cr.savepoint():
                outcome = getattr(self._as_running(), method)(self.partner_id)
                self.env.flush_all()
        except psycopg2.errors.OperationalError:
            raise
        except UserError as refusal:
            self._record("waiting", str(refusal), "clerk")
            return False
        except Exception:
            _logger.exception("Step %s of %s failed", self.code, self.partner_id.id)
            self._record(
                "failed",
                self.env._(
                    "The step stopped at an unexpected fault; it is tried again "
                    "with the next run."
                ),
                "supervisor",
            )
            return False
        self._record(
            "done" if outcome.done else "waiting", outcome.message, outcome.role
        )
        return outcome.done

    def _as_running(self):
        """Return the month, saying to what it calls that no person does it."""
        return self.close_id.with_context(rd_by_step=GUARD)

    @api.model
    def _is_running(self):
        """Tell whether a step of a month does this, whoever has started the month."""
        return self.env.context.get("rd_by_step") is GUARD

    def _record(self, state, message, role):
        self._as_internal().write(
            {
                "state": state,
                "message": message or False,
                "role": role or False,
                "run_date": fields.Datetime.now(),
            }
        )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    def action_run(self):
        """Run the open steps of these affiliates now.

        :raise UserError: when somebody else is running all of it at the moment
        """
        self.check_access("write")
        affiliates = {(step.close_id, step.partner_id) for step in self}
        self.close_id._check_desk()
        # One order for all, so that two people never wait for each other.
        self.env["rd.close"]._run_free(
            sorted(affiliates, key=lambda pair: (pair[0].month, pair[0].id, pair[1].id))
        )
        return True

    def action_leave_open(self, reason=None):
        """Leave these affiliates open for this month, by name and with a reason.

        :raise UserError: without a reason, when a supervisor does not ask, or for a
            month that is closed
        """
        self.check_access("write")
        if not self.env.user.has_group(
            "rd_sales_admin.rd_sales_admin_group_supervisor"
        ):
            raise UserError(self.env._("Only the supervisor leaves an affiliate open."))
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why the affiliate is left open; it is reported.")
            )
        self._check_month_open()
        for step in self:
            others = step.close_id.step_ids.filtered(
                lambda other, step=step: (
                    other.partner_id == step.partner_id and other.state != "done"
                )
            )
            others._as_internal().write(
                {
                    "state": "left",
                    "left_reason": reason.strip(),
                    "left_by_id": self.env.uid,
                    "message": reason.strip(),
                }
            )
            step.close_id.message_post(
                body=self.env._(
                    "%(partner)s is left open: %(reason)s",
                    partner=step.partner_id.name,
                    reason=reason.strip(),
                )
            )
        return True

    def _check_month_open(self):
        """Refuse what would change the steps of a month that is closed."""
        for step in self:
            if step.close_id.state != "open":
                raise UserError(
                    self.env._(
                        "%(month)s is closed and %(partner)s stays in it as it was; "
                        "have the month reopened first.",
                        month=step.close_id.name,
                        partner=step.partner_id.name,
                    )
                )
