# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_chase_level import WAYS


class RdChaseSending(models.Model):
    """What a customer was asked, when, at which level: the row comes before the mail.

    The database lets each run ask each customer once, so that a transaction that is
    tried again queues no second mail.
    """

    _name = "rd.chase.sending"
    _description = "Chasing Message"
    _inherit = ["rd.guarded.mixin"]
    _order = "date desc, id desc"
    _rec_name = "email"

    run_id = fields.Many2one(
        "rd.chase.run", required=True, index=True, ondelete="restrict"
    )
    line_id = fields.Many2one(
        "rd.chase.run.line", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    level_id = fields.Many2one("rd.chase.level", ondelete="restrict", index=True)
    way = fields.Selection(WAYS, required=True)
    email = fields.Char(string="Address")
    lang = fields.Char(string="Language")
    amount = fields.Monetary(string="Asked for")
    item_ids = fields.Many2many(
        "account.move.line", "rd_chase_sending_item_rel", "sending_id", "item_id"
    )
    content_hash = fields.Char(string="Hash")
    day = fields.Date(required=True, index=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", string="By", required=True, index=True)
    mail_id = fields.Many2one("mail.mail", ondelete="set null", index="btree_not_null")
    mail_state = fields.Selection(related="mail_id.state", string="E-mail")

    paper_ids = fields.Many2many(
        "ir.attachment", string="Papers sent", compute="_compute_paper_ids"
    )

    _once = models.UniqueIndex(
        "(run_id, partner_id)", "This run has already asked this customer."
    )

    def _compute_paper_ids(self):
        papers = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        for sending in self:
            sending.paper_ids = papers.filtered(
                lambda paper, sending=sending: paper.res_id == sending.id
            )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        raise UserError(self.env._("What was sent stays on record."))

    def copy_data(self, default=None):
        """Refuse: what was sent once was sent once."""
        raise UserError(self.env._("What was sent stays on record."))

    @api.model
    def _get_last_days(self, items):
        """Return ``{journal item id: day on which it was asked for last}``."""
        groups = self.sudo()._read_group(
            [("item_ids", "in", items.ids)], ["item_ids"], ["day:max"]
        )
        wanted = set(items.ids)
        return {item.id: day for item, day in groups if item.id in wanted}
