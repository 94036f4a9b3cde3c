# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import matching
from .rd_statement import OPEN_STATES


class RdMatch(models.Model):
    """A group of our lines and theirs that stand for the same goods."""

    _name = "rd.match"
    _description = "Match"
    _inherit = ["rd.guarded.mixin"]
    _order = "statement_id, id"

    statement_id = fields.Many2one(
        "rd.statement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(related="statement_id.partner_id", store=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    code = fields.Char(required=True)
    rule = fields.Char(required=True, help="Which rule of the ladder found it.")
    rule_label = fields.Char(
        string="Found by", compute="_compute_rule_label", compute_sudo=False
    )
    also_codes = fields.Json(help="Further kinds of difference that are right as well.")
    candidates = fields.Json(
        help="Ids of the other side's lines when several would fit: none was picked."
    )
    reason_template = fields.Char()
    reason_values = fields.Json()
    reason = fields.Char(compute="_compute_reason")
    status = fields.Selection(
        [
            ("exact", "Exact"),
            ("suggested", "Suggested"),
            ("mismatch", "Mismatch"),
            ("manual", "By hand"),
            ("only_ours", "Only ours"),
            ("only_theirs", "Only theirs"),
        ],
        required=True,
    )
    statement_line_ids = fields.One2many("rd.statement.line", "match_id")
    ledger_line_ids = fields.One2many("rd.ledger.line", "match_id")
    difference_ids = fields.One2many("rd.difference", "match_id", string="Differences")
    difference_id = fields.Many2one(
        "rd.difference", compute="_compute_difference_id", store=True
    )
    ours_qty = fields.Float(digits="Product Unit")
    theirs_qty = fields.Float(digits="Product Unit")
    ours_amount = fields.Monetary()
    theirs_amount = fields.Monetary()

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        if not self._is_internal():
            raise UserError(
                self.env._("Matches are not deleted by hand; match the statement anew.")
            )

    @api.depends("statement_line_ids", "ledger_line_ids")
    def _compute_display_name(self):
        for match in self:
            line = match.statement_line_ids[:1] or match.ledger_line_ids[:1]
            match.display_name = line.display_name or match.rule

    @api.depends("difference_ids")
    def _compute_difference_id(self):
        for match in self:
            match.difference_id = match.difference_ids[:1]

    @api.depends("rule")
    @api.depends_context("lang")
    def _compute_rule_label(self):
        for match in self:
            label = matching.rule_label(match.rule) if match.rule else ""
            match.rule_label = self._translate_reason(label, {})

    @api.depends("reason_template", "reason_values")
    @api.depends_context("lang")
    def _compute_reason(self):
        for match in self:
            match.reason = self._translate_reason(
                match.reason_template, match.reason_values
            )

    @api.model
    def _translate_reason(self, template, values):
        """Return a sentence of the matching package in the user's language."""
        if not template:
            return ""
        return self.env._(template, **(values or {}))

    # ------------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------------
    def action_part_again(self):
        """Part the pair; the next match may propose it anew."""
        return self._action_part(again=True)

    def action_part_for_good(self):
        """Part the pair and leave it alone from now on."""
        return self._action_part(again=False)

    def _action_part(self, again):
        statements = self.statement_id
        statements._check_desk()
        for match in self:
            if match.statement_id.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%(statement)s is already agreed; its matches stay.",
                        statement=match.statement_id.display_name,
                    )
                )
            if not match.statement_line_ids or not match.ledger_line_ids:
                raise UserError(
                    self.env._(
                        "%(match)s has one side only; there is nothing to part.",
                        match=match.display_name,
                    )
                )
            match._part(again)
        statements._recompute_amounts()
        return True

    def _part(self, again):
        """Make two one-sided matches of this one, each an open difference."""
        self.ensure_one()
        statement, difference = self.statement_id, self.difference_id
        ours, theirs = self.statement_line_ids, self.ledger_line_ids
        if not again:
            self.env["rd.match.refusal"]._part(ours, theirs)
        if difference:
            difference._put_back()
        new = self._as_internal().create(
            [
                self._prepare_one_sided("not_in_theirs", ours=ours, other=theirs),
                self._prepare_one_sided("not_in_ours", theirs=theirs, other=ours),
            ]
        )
        ours._as_internal().write(
            {
                "match_id": new[0].id,
                "verdict": "difference",
                "live": True,
                "zero_reason": False,
            }
        )
        theirs._as_internal().write({"match_id": new[1].id})
        difference._as_internal().unlink()
        self._as_internal().unlink()
        opened = self.env["rd.difference"]._open_for_matches(new)
        statement._recompute_amounts()
        return opened

    @api.model
    def _prepare_one_sided(self, code, ours=(), theirs=(), rule="parted", other=None):
        """Return the values of a match of lines of one side.

        :param other: the lines of the other side that they were parted from
        """
        reason = matching.SPLIT if rule == "split" else matching.PARTED
        lines = ours or theirs
        return {
            "statement_id": (
                ours[:1].statement_id.id if ours else self.statement_id.id
            ),
            "code": code,
            "rule": rule,
            "reason_template": reason.template,
            "reason_values": {"parted_from": other.ids} if other else {},
            "status": "only_ours" if ours else "only_theirs",
            **self._prepare_sums(
                ours or self.env["rd.statement.line"],
                theirs or self.env["rd.ledger.line"],
                lines[:1].statement_id._get_ledger_profile(),
            ),
        }

    @api.model
    def _prepare_sums(self, ours, theirs, profile):
        """Return quantities and amounts of both sides, on the affiliate's basis."""
        included = (profile.tax_basis or "included") == "included"
        amounts = ours.mapped("amount_total" if included else "amount_untaxed")
        basis = profile.quantity_basis or "accepted"
        return {
            "ours_qty": sum(ours.mapped("quantity")),
            "theirs_qty": sum(
                theirs.mapped("accepted" if basis == "accepted" else "quantity")
            ),
            "ours_amount": sum(amounts),
            "theirs_amount": sum(theirs.mapped("amount")),
        }

    @api.model
    def _create_split(self, difference, rest):
        """Return the match of lines that were split off a difference."""
        match = self._as_internal().create(
            [self._prepare_one_sided(difference.code, ours=rest, rule="split")]
        )
        rest._as_internal().write({"match_id": match.id})
        return match

    def _shrink(self):
        """Sum anew what others have taken lines from; drop what has none left."""
        for match in self.exists():
            ours, theirs = match.statement_line_ids, match.ledger_line_ids
            if not ours and not theirs:
                match.difference_ids._as_internal().unlink()
                match._as_internal().unlink()
                continue
            profile = match.statement_id._get_ledger_profile()
            match._as_internal().write(self._prepare_sums(ours, theirs, profile))
            difference = match.difference_id
            figures = difference._prepare_figures(match)
            difference._as_internal().write(figures)
