# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin.tools.flags import flag_search

from .rd_invoice_rules import DELIVERY_WAYS


class RdFapiao(models.Model):
    """How the tax invoice reached the customer, and who says so."""

    _name = "rd.fapiao"
    _inherit = ["rd.fapiao"]

    tracking_number = fields.Char(string="Tracking number", readonly=True, copy=False)
    sent_date = fields.Date(string="Sent on", readonly=True, copy=False)
    received_date = fields.Date(
        string="Received on", readonly=True, copy=False, tracking=True, index=True
    )
    received_month = fields.Date(
        string="Receipt counts in",
        readonly=True,
        copy=False,
        index=True,
        help="The month of the receipt, or the first open one where that was closed "
        "when it was noted.",
    )
    receipt_noted_date = fields.Datetime(
        string="Receipt noted at", readonly=True, copy=False, index="btree_not_null"
    )
    received_by = fields.Char(readonly=True, copy=False, tracking=True)
    proof_ids = fields.Many2many(
        "ir.attachment",
        "rd_fapiao_proof_rel",
        "fapiao_id",
        "attachment_id",
        string="Proof of receipt",
        readonly=True,
        copy=False,
    )
    booked_date = fields.Date(string="Booked on", readonly=True, copy=False)
    days_to_deliver = fields.Integer(
        string="Days to deliver",
        compute="_compute_days_to_deliver",
        store=True,
        aggregator="avg",
        help="Calendar days from the date of the tax invoice to its receipt.",
    )
    deliver_by = fields.Date(
        compute="_compute_deliver_by", store=True, help="Day by which it should arrive."
    )
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "tracking_number",
            "sent_date",
            "received_date",
            "received_month",
            "receipt_noted_date",
            "received_by",
            "proof_ids",
            "booked_date",
        }

    def _prepare_transition_values(self, target):
        """Note when it was said: of what day may be days ago."""
        values = super()._prepare_transition_values(target)
        noted = {"received": fields.Datetime.now(), "returned": False}
        if target in noted:
            return {**values, "receipt_noted_date": noted[target]}
        return values

    @api.depends("date", "received_date")
    def _compute_days_to_deliver(self):
        for item in self:
            known = item.date and item.received_date
            item.days_to_deliver = (item.received_date - item.date).days if known else 0

    @api.depends("date", "company_id.rd_fapiao_days")
    def _compute_deliver_by(self):
        for item in self:
            days = timedelta(days=item.company_id.rd_fapiao_days)
            item.deliver_by = item.date + days if item.date else False

    @api.depends("state", "deliver_by")
    def _compute_is_overdue(self):
        for item in self:
            item.is_overdue = bool(
                item.state in ("issued", "sent")
                and item.deliver_by
                and item.deliver_by < item.company_id._rd_today()
            )

    @api.model
    @flag_search
    def _search_is_overdue(self):
        out = fields.Domain("state", "in", ("issued", "sent"))
        return out & self.env["res.company"]._rd_compare_today("deliver_by", "<")

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------
    def action_send(self, way=None, tracking_number=None, day=None):
        """Note how and when these tax invoices were sent.

        :raise UserError: by courier without a tracking number, or when one that came
            back is no longer covered by its invoices
        """
        self._check_role("clerk", "finance")
        ways = dict(DELIVERY_WAYS)
        for item in self:
            chosen = way or item.delivery_way or "email"
            if chosen not in ways:
                raise UserError(self.env._("Say how the tax invoice was sent."))
            number = (tracking_number or "").strip()
            if chosen == "courier" and not number:
                raise UserError(
                    self.env._(
                        "%(record)s: enter the courier's tracking number.",
                        record=item.display_name,
                    )
                )
            if item.state == "returned":
                item._check_not_above_invoices()
            sent = item._check_day(day, item.date)
            item._move_to(
                "sent",
                {
                    "delivery_way": chosen,
                    "tracking_number": number or False,
                    "sent_date": sent,
                },
            )
        return True

    def action_receive(self, who=None, day=None, proof=None, filename=None, way=None):
        """Note who received these tax invoices and when, with the proof.

        :param proof: the scan or photo, base64
        :raise UserError: without name or proof, or on a day that cannot be
        """
        self._check_role("clerk", "finance")
        who = (who or "").strip()
        for item in self:
            if not who:
                raise UserError(
                    self.env._(
                        "Say who of %(partner)s received %(record)s.",
                        partner=item.partner_id.name,
                        record=item.display_name,
                    )
                )
            if not proof:
                raise UserError(
                    self.env._(
                        "%(record)s: add the proof of receipt (photo, scan, mail or "
                        "print of the courier's page).",
                        record=item.display_name,
                    )
                )
            received = item._check_day(day, item.sent_date or item.date)
            if not item._move_to(
                "received",
                {
                    "received_by": who,
                    "received_date": received,
                    "received_month": item._get_counting_month(received),
                    "delivery_way": way or item.delivery_way or "hand",
                },
            ):
                continue
            item._keep_proof(proof, filename)
            item._delivered()
        return True

    def _take_receipt(self, who, day, proof):
        """Note a receipt of before the first day, proven by the list that names it."""
        self.ensure_one()
        self._move_to(
            "received",
            {
                "received_by": who,
                "received_date": day,
                "received_month": self._get_counting_month(day),
                "delivery_way": self.delivery_way or "hand",
                "proof_ids": [(4, proof.id)],
            },
        )
        self._delivered()

    def _get_counting_month(self, day):
        """Return the month whose scorecard counts what was on this day."""
        return self.env["rd.close"]._get_counting_month(self.company_id, day)

    def _check_day(self, day, earliest):
        """Return the day, today if none is given; refuse one that cannot be."""
        self.ensure_one()
        today = self.company_id._rd_today()
        chosen = self._as_day(day) if day else today
        if not chosen or chosen > today or (earliest and chosen < earliest):
            raise UserError(
                self.env._(
                    "%(record)s: %(day)s does not lie between %(first)s and today.",
                    record=self.display_name,
                    day=chosen or day,
                    first=earliest,
                )
            )
        return chosen

    def _keep_proof(self, proof, filename):
        attachment = self.env["ir.attachment"].create(
            {
                "name": filename or self.env._("Proof of receipt"),
                "datas": proof,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self._as_internal().write({"proof_ids": [(4, attachment.id)]})

    def _delivered(self):
        """Wake the month that waited for the tax invoice."""
        self.activity_unlink(["mail.mail_activity_data_todo"])
        statements = self.sudo().move_ids.rd_statement_id
        for statement in statements.filtered(lambda record: record.state != "closed"):
            statement.close_id._wake(statement.partner_id)

    def action_book(self):
        """Note that the customer has booked these tax invoices."""
        self._check_role("clerk", "finance")
        for item in self:
            item._move_to("booked", {"booked_date": item.company_id._rd_today()})
        return True

    def action_return(self, reason=None):
        """Note that the customer sent these tax invoices back, and why.

        :raise UserError: without a reason
        """
        self._check_role("clerk", "finance")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the tax invoice came back."))
        empty = dict.fromkeys(
            ("received_date", "received_month", "received_by", "booked_date"), False
        )
        for item in self._move_to("returned", empty):
            item.message_post(body=self.env._("Came back: %(reason)s", reason=reason))
        return True

    # ------------------------------------------------------------------
    # Reminding
    # ------------------------------------------------------------------
    @api.model
    def _cron_remind(self):
        """Give an activity to whoever has to deliver what is overdue; once each.

        Each is a transaction of its own: a bad one stops no other.
        """
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        crons = self.env["ir.cron"]
        found = crons._rd_find_each(companies, self._find_overdue)
        late = self.union(*found.values())
        crons._rd_run_each(late, lambda item: item._remind())

    @api.model
    def _find_overdue(self, company):
        """Return what should have reached the customer and nobody was told of."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("issued", "sent")),
                ("deliver_by", "<", company._rd_today()),
                ("activity_ids", "=", False),
            ]
        )

    def _remind(self):
        """Plan the delivery, unless it has been delivered or planned meanwhile."""
        self.ensure_one()
        if self.state not in ("issued", "sent") or self.activity_ids:
            return
        lang = self.company_id.partner_id.lang or self.env.lang
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=(self.user_id or self.env.user).id,
            date_deadline=self.deliver_by,
            summary=self.with_context(lang=lang).env._(
                "Tax invoice %(number)s should have reached %(partner)s.",
                number=self.number,
                partner=self.partner_id.name,
            ),
        )
