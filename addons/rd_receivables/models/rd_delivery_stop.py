# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdDeliveryStop(models.Model):
    """Deliveries to a customer are held until a supervisor approves their release."""

    _name = "rd.delivery.stop"
    _description = "Stop of Deliveries"
    _inherit = ["mail.thread", "rd.guarded.mixin", "rd.approval.mixin"]
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    exception_id = fields.Many2one(
        "rd.receivable.exception", index="btree_not_null", ondelete="restrict"
    )
    exception_ids = fields.One2many(
        "rd.receivable.exception",
        "stop_id",
        string="Stopped for",
        help="All exceptions for which the stop was approved; the first one began it.",
    )
    settled_date = fields.Date(
        string="Settled on",
        help="Day on which nothing of what it was approved for was owed any more, and "
        "its release was asked for by itself.",
    )
    reason = fields.Char(required=True)
    start_date = fields.Date(string="Held since", required=True)
    asked_by_id = fields.Many2one("res.users", string="Asked by")
    approved_by_id = fields.Many2one("res.users", string="Approved by")
    lifted_date = fields.Date(string="Released on", tracking=True)
    lifted_by_id = fields.Many2one("res.users", string="Released by")
    lift_reason = fields.Char(string="Why released")

    _partner_once = models.UniqueIndex(
        "(company_id, partner_id) WHERE lifted_date IS NULL",
        "Deliveries to this customer are already held.",
    )

    @api.depends("partner_id.name")
    def _compute_display_name(self):
        for stop in self:
            stop.display_name = self.env._(
                "Deliveries to %(partner)s", partner=stop.partner_id.name or ""
            )

    @api.model
    def _get_guarded_fields(self):
        own = {
            name
            for name in self._get_stored_names()
            if not name.startswith("message_") and name != "website_message_ids"
        }
        return super()._get_guarded_fields() | own

    @api.model_create_multi
    def create(self, vals_list):
        """Take stops from approved exceptions only."""
        if not self._is_internal():
            raise UserError(
                self.env._(
                    "Deliveries are stopped by deciding so on an exception, and by a "
                    "supervisor's approval."
                )
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A stop of deliveries is released, not deleted."))

    # ------------------------------------------------------------------
    # Starting
    # ------------------------------------------------------------------
    @api.model
    def _start(self, record, approval):
        """Hold the deliveries of the exception's customer; a second one joins in."""
        stop = self._get_stops(record.company_id, record.partner_id)
        if not stop:
            stop = self._as_internal().create(
                {
                    "company_id": record.company_id.id,
                    "partner_id": record.partner_id.id,
                    "exception_id": record.id,
                    "reason": approval.reason or record.reason,
                    "start_date": record.company_id._rd_today(),
                    "asked_by_id": approval.requested_by_id.id,
                    "approved_by_id": self.env.uid,
                }
            )
            stop._tell_deliveries(stop._get_refusal())
        record.sudo()._as_internal().write({"stop_id": stop.id})
        stop._as_internal().write({"settled_date": False})
        return stop

    @api.model
    def _get_stops(self, company, partners):
        return self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("lifted_date", "=", False),
            ]
        )

    @api.model
    def _get_open_pickings(self, company, partner):
        """Return the deliveries to the customer, or on its account, still open."""
        # Whoever decides about debts need not run the warehouse.
        return (
            self.env["stock.picking"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("picking_type_code", "=", "outgoing"),
                    ("state", "not in", ("done", "cancel", "draft")),
                    "|",
                    ("partner_id", "child_of", partner.ids),
                    ("sale_id.partner_invoice_id", "child_of", partner.ids),
                ]
            )
        )

    def _tell_deliveries(self, sentence):
        pickings = self._get_open_pickings(self.company_id, self.partner_id)
        for picking in pickings:
            picking.message_post(body=sentence)

    def _get_refusal(self):
        """Return why goods are held, for who is about to send them."""
        return self.env._(
            "Deliveries to %(partner)s are held since %(day)s (%(reason)s); the desk "
            "has to ask a supervisor for their release.",
            partner=self.partner_id.name,
            day=self.start_date,
            reason=self.reason.rstrip("."),
        )

    # ------------------------------------------------------------------
    # Releasing
    # ------------------------------------------------------------------
    def action_ask_release(self, reason=None):
        """Ask a supervisor to release the deliveries.

        :raise UserError: without a reason, or when they are released already
        """
        self.check_access("read")
        self.env["rd.receivable.exception"]._check_desk()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the deliveries are to be released."))
        for stop in self:
            if stop.lifted_date:
                raise UserError(
                    self.env._(
                        "%(stop)s were released on %(day)s.",
                        stop=stop.display_name,
                        day=stop.lifted_date,
                    )
                )
            stop._ask_release(reason)
        return True

    def _ask_release(self, reason):
        self.ensure_one()
        return self._ask_approval(
            "delivery_release",
            self.env._(
                "Release deliveries to %(partner)s", partner=self.partner_id.name
            ),
            reason=reason,
            effects=self.env._("Goods leave again as they are ready."),
            partner_id=self.partner_id.id,
        )

    def _ask_where_settled(self):
        """Ask for the release where nothing of what it was for is owed any more.

        Asked once: who refuses it is not asked again before something new is found.
        """
        for stop in self:
            if stop._find_grounds():
                stop._as_internal().write({"settled_date": False})
            elif not stop.settled_date:
                stop._as_internal().write({"settled_date": stop.company_id._rd_today()})
                stop._ask_release(stop._describe_settled())

    def _find_grounds(self):
        """Return the exceptions of the stop of which something is still so.

        One that is done is over for the desk, not for the stop: what it was for is
        looked up again.
        """
        return (self.exception_id | self.exception_ids).filtered(
            lambda one: one.state == "decided" or one._is_still_so()
        )

    def _describe_settled(self):
        items = (self.exception_id | self.exception_ids).item_ids
        ends = (item.gone_reason or item._describe_end() for item in items)
        return "; ".join(dict.fromkeys(ends))

    def _approved(self, approval):
        res = super()._approved(approval)
        for stop in self.sudo().filtered(lambda one: not one.lifted_date):
            stop._as_internal().write(
                {
                    "lifted_date": stop.company_id._rd_today(),
                    "lifted_by_id": self.env.uid,
                    "lift_reason": approval.reason,
                }
            )
            stop._tell_deliveries(
                self.env._(
                    "Released on %(day)s: %(reason)s",
                    day=stop.lifted_date,
                    reason=approval.reason or "",
                )
            )
        return res
