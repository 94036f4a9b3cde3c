# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .rd_property import HELD


class RdProperty(models.Model):
    """What else the passport of a thing shows: agreement, photo, papers, upkeep."""

    _name = "rd.property"
    _inherit = ["rd.property"]

    contract_id = fields.Many2one(
        "rd.contract",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        tracking=True,
    )
    clause = fields.Char(help="Where the contract says what we may do with it.")
    application = fields.Char(
        string="Used by, used for",
        help="Department that uses it, and the parts it is for.",
    )
    photo = fields.Image(max_width=1920, max_height=1920)
    mark_photo = fields.Image(
        string="Photo of the mark", compute="_compute_mark_photo", max_width=1920
    )
    paper_ids = fields.Many2many(
        "ir.attachment",
        "rd_property_paper_rel",
        "property_id",
        "attachment_id",
        string="Papers and photos",
        bypass_search_access=True,
        copy=False,
    )
    maintained_on = fields.Date(
        string="Maintained on", compute="_compute_standing", store=True
    )
    upkeep = fields.Selection(
        [("maintain", "Maintenance"), ("calibrate", "Calibration")]
    )
    upkeep_months = fields.Integer(
        string="Every (months)", help="Months from one upkeep to the next."
    )
    upkeep_due = fields.Date(
        string="Upkeep due",
        compute="_compute_upkeep_due",
        store=True,
        index="btree_not_null",
    )
    upkeep_reminded = fields.Date(copy=False, readonly=True)

    _upkeep_months_positive = models.Constraint(
        "CHECK (upkeep_months IS NULL OR upkeep_months >= 0)",
        "The months from one upkeep to the next cannot be less than zero.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"upkeep_reminded"}

    @api.depends("event_ids")
    def _compute_mark_photo(self):
        """Show the photo of the latest marking."""
        events = self.env["rd.property.event"].search_fetch(
            [("property_id", "in", self.ids), ("kind", "=", "mark")],
            ["property_id"],
            order="date, id",
        )
        latest = {event.property_id.id: event for event in events}
        for card in self:
            event = latest.get(card._origin.id)
            card.mark_photo = event.photo if event else False

    @api.depends("maintained_on", "received_on", "upkeep", "upkeep_months", "state")
    def _compute_upkeep_due(self):
        """The last upkeep, or else the receipt, plus the months between two."""
        for card in self:
            since = max(
                filter(None, (card.maintained_on, card.received_on)), default=None
            )
            wanted = card.upkeep and card.upkeep_months and card.state in HELD
            card.upkeep_due = (
                since + relativedelta(months=card.upkeep_months)
                if wanted and since
                else False
            )

    # ------------------------------------------------------------------
    # Papers
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        cards._keep_papers()
        return cards

    def write(self, vals):
        res = super().write(vals)
        if "paper_ids" in vals:
            self._keep_papers()
        return res

    def _keep_papers(self):
        """Papers belong to the card, so that its rights rule them."""
        for card in self:
            self.env["ir.attachment"]._rd_give_to(card, "paper_ids")

    # ------------------------------------------------------------------
    # Upkeep
    # ------------------------------------------------------------------
    @api.model
    def _cron_upkeep(self):
        """Remind each custodian once of an upkeep that has become due."""
        tomorrow = self.env.company._rd_today() + relativedelta(days=1)
        cards = self.search([("upkeep_due", "<=", tomorrow)])
        due = cards.filtered(lambda card: card.upkeep_reminded != card.upkeep_due)
        self.env["ir.cron"]._rd_run_each(due, lambda card: card._remind_upkeep())

    def _remind_upkeep(self):
        if self.upkeep_due > self.company_id._rd_today():
            return
        labels = dict(self._fields["upkeep"]._description_selection(self.env))
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            self.upkeep_due,
            summary=self.env._("%s is due", labels[self.upkeep]),
            user_id=(self.custodian_id or self.env.user).id,
        )
        self._as_internal().write({"upkeep_reminded": self.upkeep_due})
