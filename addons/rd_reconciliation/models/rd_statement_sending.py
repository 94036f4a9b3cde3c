# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("statement", "Statement"),
    ("reminder", "Reminder: not answered"),
    ("ledger", "Reminder: their ledger is missing"),
]


class RdStatementSending(models.Model):
    """What went to whom, when, with which content: the row comes before the mail.

    The database lets each revision go to each recipient once per kind and turn, so
    that a transaction that is tried again queues no second mail.
    """

    _name = "rd.statement.sending"
    _description = "Sent Statement"
    _inherit = ["rd.guarded.mixin"]
    _order = "date desc, id desc"
    _rec_name = "email"

    statement_id = fields.Many2one(
        "rd.statement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="statement_id.partner_id", store=True, index=True
    )
    revision = fields.Integer(required=True)
    content_hash = fields.Char(string="Hash")
    contact_id = fields.Many2one(
        "res.partner", string="Recipient", required=True, ondelete="restrict"
    )
    email = fields.Char(string="Address", required=True)
    kind = fields.Selection(KINDS, required=True)
    turn = fields.Integer(help="First, second, … reminder.")
    lang = fields.Char(string="Language")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", string="By", required=True)
    mail_id = fields.Many2one("mail.mail", ondelete="set null")
    mail_state = fields.Selection(related="mail_id.state", string="E-mail")

    _once = models.UniqueIndex(
        "(statement_id, revision, contact_id, kind, turn)",
        "This revision has already gone to this recipient.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        raise UserError(self.env._("What was sent stays on record."))
