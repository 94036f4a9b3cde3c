# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from .rd_statement import OPEN_STATES


class RdLedgerProfile(models.Model):
    _name = "rd.ledger.profile"
    _inherit = ["rd.ledger.profile"]

    balance_basis = fields.Selection(
        [
            ("goods", "Goods they took in"),
            ("invoiced", "Invoices they booked"),
        ],
        string="Their balances count",
        default="goods",
        required=True,
        help="What opening and closing of their ledger stand for. Goods: what they "
        "took in counts although it is not invoiced yet. Invoices: only what was "
        "invoiced counts.",
    )

    def _get_known_notes(self):
        """Return the notes that stand on the affiliate's statements."""
        if not self.partner_id:
            return super()._get_known_notes()
        groups = self.env["rd.statement.line"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
            ],
            ["note"],
        )
        return {note for (note,) in groups} or None

    def _get_waiting_files(self):
        still_open = self._get_asked_ledgers().filtered(
            lambda ledger: ledger.statement_id.state in OPEN_STATES
        )
        return [*super()._get_waiting_files(), still_open]

    def _get_files_to_read(self):
        """A statement that is agreed or invoiced can still be taken back."""
        return [*super()._get_files_to_read(), self._get_asked_ledgers()]

    def _get_asked_ledgers(self):
        ledgers = self.env["rd.ledger"].search(
            [("profile_id", "in", self.ids), ("layout_state", "=", "asked")]
        )
        return ledgers.filtered(lambda ledger: ledger._is_asked())
