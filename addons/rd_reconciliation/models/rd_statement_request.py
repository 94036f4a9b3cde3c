# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.rd_sales_admin.tools.flags import flag_search

# Once agreed, its lines are invoiced or wait for it.
AFTERWARDS = ("agreed", "invoiced", "closed")


class RdStatement(models.Model):
    """From the invoices of a statement to finance."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    request_ids = fields.One2many("rd.invoice.request", "statement_id", copy=False)
    deposit_move_ids = fields.One2many(
        "account.move",
        "rd_deposit_statement_id",
        string="Down payments given back",
        copy=False,
    )
    request_count = fields.Integer(compute="_compute_request_count")
    to_request = fields.Boolean(compute="_compute_request_count")
    invoice_missing = fields.Boolean(
        string="To be invoiced again",
        compute="_compute_invoice_missing",
        search="_search_invoice_missing",
        help="Was invoiced, but an invoice has been cancelled or taken back since.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"request_ids", "deposit_move_ids"}

    @api.depends("request_ids.state", "invoice_ids.state", "deposit_move_ids.state")
    def _compute_request_count(self):
        for statement in self:
            requests = statement.sudo().request_ids.filtered(
                lambda request: request.state != "cancelled"
            )
            moves = statement.sudo().invoice_ids | statement.sudo().deposit_move_ids
            open_moves = moves.filtered(lambda move: move.state == "draft")
            done = requests.filtered(lambda item: item.state not in ("draft",))
            statement.request_count = len(requests)
            open_moves |= statement._get_never_asked()
            statement.to_request = bool(open_moves - done.move_id)

    @api.depends("state", "invoice_ids.state")
    def _compute_invoice_missing(self):
        missing = self._get_missing_invoice_lines().statement_id
        for statement in self:
            statement.invoice_missing = statement in missing

    @api.model
    @flag_search
    def _search_invoice_missing(self):
        lines = self._search_missing_lines("statement_id.state", "in", AFTERWARDS)
        return [("id", "in", lines.statement_id.ids)]

    def _get_missing_invoice_lines(self):
        """Return the lines of these statements that have to be invoiced again."""
        return self._search_missing_lines("statement_id", "in", self.ids)

    @api.model
    def _search_missing_lines(self, *condition):
        """Return the lines that were invoiced once and are on no invoice now.

        What a later statement states anew is invoiced from there. Statements of all
        months are looked through, but only what is found is read.
        """
        # Who may read a statement need not read invoices.
        items = self.env["account.move.line"].sudo()
        items = items._search(
            [("rd_statement_line_id", "!=", False), ("parent_state", "!=", "cancel")]
        )
        moves = self.env["account.move"].sudo()
        moves = moves._search([("rd_statement_id", "!=", False)])
        agreed = Domain("statement_id.state", "=", "agreed")
        again = Domain("statement_id", "in", moves.subselect("rd_statement_id"))
        lines = self.env["rd.statement.line"].search(
            Domain(*condition)
            & Domain("live", "=", True)
            & Domain("zero_reason", "=", False)
            & Domain("statement_id.state", "in", AFTERWARDS)
            & (~agreed | again)
            & Domain("id", "not in", items.subselect("rd_statement_line_id"))
        )
        return lines - lines._get_restated()

    def action_request_invoices(self):
        """Ask finance for the invoices of these statements; a repeat asks once.

        What was posted before anybody asked is asked for, too: its tax invoice is
        still to be written.

        :raise UserError: when a statement has no invoice to ask for
        """
        self._check_desk()
        for statement in self:
            moves = statement._get_draft_invoices() | statement._get_never_asked()
            if not moves and not statement.request_ids:
                raise UserError(
                    self.env._(
                        "%(statement)s has no draft invoice to ask finance for; "
                        "make the invoices first.",
                        statement=statement.display_name,
                    )
                )
            requests = self.env["rd.invoice.request"]._make(moves)
            requests.filtered(
                lambda request: request.state in ("draft", "returned")
            ).action_request()
        return True

    def _get_never_asked(self):
        """Return the posted invoices that finance was never asked for, where tax
        invoices are written, as the system sees them."""
        statements = self.sudo().filtered("company_id.rd_tax_invoices")
        moves = statements.invoice_ids | statements.deposit_move_ids
        return moves.filtered(
            lambda move: (
                move.state == "posted"
                and not move.rd_fapiao_ids
                and all(request.state == "cancelled" for request in move.rd_request_ids)
            )
        )

    def action_view_requests(self):
        """Open the invoice requests of these statements."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_reconciliation.rd_invoice_request_action"
        )
        action["domain"] = [("statement_id", "in", self.ids)]
        action["context"] = {}
        return action
