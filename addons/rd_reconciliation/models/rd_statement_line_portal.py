# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from odoo.addons.rd_sales_admin.models.rd_settlement_source import KIND_ADJUSTMENT

from .rd_statement_portal import AMOUNTS

SHOWN = frozenset(
    {
        *("id", "display_name", "statement_id", "company_id", "partner_id"),
        *("currency_id", "sequence", "date", "note", "customer_order", "live"),
        *("customer_order_line", "part", "customer_part", "product_name"),
        *("settlement_class", "uom_name", "quantity", "zero_reason", "verdict"),
        *("late", "carried_age"),
    }
)
LINE_AMOUNTS = AMOUNTS | {"price_unit", "discount", "tax_rate"}
PAGE_SIZE = 80
PAGE_FIELDS = sorted(
    (SHOWN | LINE_AMOUNTS | {"match_id", "late_reason", "source_kind"})
    - {"display_name"}
)
# What a filter of the page shows, by its name.
FILTERS = {
    "open": [("live", "=", True), ("verdict", "=", "pending")],
    "disputed": [("live", "=", True), ("verdict", "=", "difference")],
    "confirmed": [("live", "=", True), ("verdict", "in", ("confirmed", "short"))],
    "waiting": [("live", "=", True), ("verdict", "=", "no_price")],
    "carried": [("verdict", "=", "carried")],
    "all": ["|", ("live", "=", True), ("verdict", "=", "carried")],
}


class RdStatementLine(models.Model):
    """The lines as the affiliate sees them on the portal, page by page."""

    _name = "rd.statement.line"
    _inherit = ["rd.statement.line"]

    @api.model
    def _has_field_access(self, field, operation):
        shown = self.env["rd.statement"]._is_shown(field.name, SHOWN, LINE_AMOUNTS)
        return shown and super()._has_field_access(field, operation)

    def _get_stamp(self):
        """Return a short text that changes with anything they see of the line."""
        self.ensure_one()
        content = "\n".join(self._prepare_content())
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @api.model
    def _get_portal_domain(self, statement, search="", kind=None, plant=None):
        """Return the domain of what a page of the statement looks for."""
        domain = fields.Domain("statement_id", "=", statement.id)
        if kind in dict(
            self._fields["settlement_class"]._description_selection(self.env)
        ):
            domain &= fields.Domain("settlement_class", "=", kind)
        if plant:
            domain &= fields.Domain("move_id.picking_id.partner_id", "=", plant)
        names = (
            *("note", "part", "customer_part", "product_name"),
            *("customer_order", "customer_order_line"),
        )
        for word in (search or "").split()[:5]:
            domain &= fields.Domain.OR(
                [fields.Domain(name, "ilike", word) for name in names]
            )
        return domain

    @api.model
    def _count_for_portal(self, domain):
        """Return how many lines each filter shows, in one query."""
        groups = self._read_group(domain, ["live", "verdict"], ["__count"])
        counts = dict.fromkeys(FILTERS, 0)
        for live, verdict, count in groups:
            name = (
                "carried"
                if verdict == "carried"
                else {
                    "pending": "open",
                    "difference": "disputed",
                    "confirmed": "confirmed",
                    "short": "confirmed",
                    "no_price": "waiting",
                }.get(verdict)
            )
            if name and (live or name == "carried"):
                counts[name] += count
                counts["all"] += count
        return counts

    @api.model
    def _get_portal_offer(self, counts):
        """Return what confirming would do: all that waits, the rest that is agreed
        already, or nothing at all.

        :param dict counts: of ``_count_for_portal`` over the whole statement
        """
        if counts["open"] or not counts["disputed"]:
            return "all"
        return "rest" if counts["confirmed"] else ""

    def _prepare_portal_rows(self, shows_amounts):
        """Return what the page shows of these lines; queries do not grow with them."""
        answers = self.env["rd.statement.answer"]._get_latest(self)
        return [
            {
                "line": line,
                "stamp": line._get_stamp(),
                "answer": answers.get(line),
                "why": line._get_portal_why(shows_amounts),
                "remark": line._get_portal_remark(shows_amounts),
                **line._prepare_portal_figures(shows_amounts),
            }
            for line in self
        ]

    def _prepare_portal_figures(self, shows_amounts):
        figures = {"quantity": f"{self.quantity:.6f}".rstrip("0").rstrip(".")}
        if shows_amounts:
            figures["price"] = formatLang(self.env, self.price_unit, dp="Product Price")
            figures["total"] = formatLang(
                self.env, self.amount_total, currency_obj=self.currency_id
            )
        return figures

    def _get_portal_why(self, shows_amounts):
        """Return in plain words why the line is disputed, or an empty text."""
        match = self.match_id
        if self.verdict != "difference" or not match:
            return ""
        if shows_amounts or match.code in ("quantity", "quantity_short"):
            return match.reason or ""
        codes = self.env["rd.difference"]._fields["code"]
        return dict(codes._description_selection(self.env)).get(match.code, "")

    def _get_portal_remark(self, shows_amounts):
        """Return why the line is at 0 or comes only now, in the words of the paper."""
        if self.zero_reason:
            reasons = self._fields["zero_reason"]._description_selection(self.env)
            return dict(reasons)[self.zero_reason]
        # The reason of an adjustment names the old and the new price.
        if self.late_reason and (shows_amounts or self.source_kind != KIND_ADJUSTMENT):
            return self.late_reason
        if self.carried_age:
            return self._get_age_text(self.carried_age)
        return self.env._("of an earlier period") if self.late else ""
