# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, models

from odoo.addons.rd_sales_admin.ledger.clean import clean_key
from odoo.addons.rd_sales_admin.tools.intake import (
    NUMBER,
    Column,
    KnownRow,
    MendRow,
)
from odoo.addons.rd_sales_admin.tools.intake_finder import IntakeFinder
from odoo.addons.rd_sales_admin.tools.intake_words import (
    ORDER_LINE,
    OUR_ORDER,
    OUR_PART,
    QUANTITY,
    REASON,
    THEIR_ORDER,
    THEIR_PART,
)


class RdIntakeOpening(models.AbstractModel):
    """The desk's own list of what was delivered and not invoiced on the first day.

    The books know the same from deliveries and invoices: where both say the same there
    is nothing to do, where the desk says less its reason is kept, and where it says
    more something is missing in the books.
    """

    _name = "rd.intake.opening"
    _description = "Delivered, not invoiced"
    _inherit = ["rd.intake.kind"]

    _intake_model = "rd.opening.line"
    _intake_sequence = 50

    @api.model
    def _get_label(self):
        return self.env._("Delivered, not invoiced")

    @api.model
    def _get_text(self):
        return self.env._(
            "The opening list is made from the deliveries and invoices in Odoo; your "
            "own list is compared with it, and what you state less is corrected with "
            "your reason."
        )

    @api.model
    def _get_columns(self):
        return {
            **self._get_place_columns(),
            "quantity": Column(
                self.env._("Quantity not invoiced"),
                self.env._("Delivered before the first day and not invoiced on it."),
                "120",
                NUMBER,
                words=(
                    "未开票数量|未开数量|已送未开票数量|已送未开数量|未开票数|"
                    f"未結數量|未结数量|{QUANTITY}"
                ),
                required=True,
            ),
            "reason": Column(
                self.env._("Reason"),
                self.env._("Needed where it is less than what the books say."),
                "",
                words=REASON,
            ),
        }

    @api.model
    def _get_place_columns(self):
        """Return the columns that say which order line is meant."""
        return {
            "order": Column(
                self.env._("Order"),
                self.env._("Our number of the order, or the customer's."),
                "S00012",
                words=OUR_ORDER,
                required=True,
                instead=THEIR_ORDER,
            ),
            "order_line": Column(
                self.env._("Order line"),
                self.env._(
                    "The customer's line number, where an order has a part twice."
                ),
                "10",
                words=ORDER_LINE,
            ),
            "part": Column(
                self.env._("Part number"),
                self.env._("Our number of the part, or the customer's."),
                "P-100",
                words=OUR_PART,
                required=True,
                instead=THEIR_PART,
            ),
        }

    # ------------------------------------------------------------------
    # Looking up
    # ------------------------------------------------------------------
    @api.model
    def _look_up(self, company, rows):
        finder = IntakeFinder(company)
        # The list is made by whoever opens the month; here somebody needs it earlier.
        openings = self.env["rd.opening"]
        # Read anew: what was made by code still has the key to guarded fields.
        finder.opening = openings.browse(openings._ensure(company).ids)
        finder.lines = defaultdict(self.env["rd.opening.line"].browse)
        finder.by_order = defaultdict(self.env["rd.opening.line"].browse)
        finder.read_aliases([row._text("part") for row in rows])
        for line in finder.opening.line_ids:
            order = line.sale_line_id.order_id
            for name in {order.name, order.client_order_ref} - {False, ""}:
                finder.by_order[clean_key(name)] |= line
        return finder

    def _find_line(self, row, finder):
        """Return the one line of the opening list that a row means.

        :raise MendRow: when there is none, or more than one
        """
        lines = finder.by_order.get(clean_key(row._text("order")))
        if not lines:
            raise MendRow(
                "order",
                self.env._(
                    "nothing of “%s” was delivered and not invoiced; correct the "
                    "order, or enter its delivery first.",
                    row._text("order"),
                ),
            )
        lines = lines.filtered(lambda line: self._is_part(row, line, finder))
        wanted = row._text("order_line")
        if len(lines) > 1 and wanted:
            lines = lines.filtered(
                lambda line: line.sale_line_id.rd_customer_line == wanted
            )
        if len(lines) > 1:
            raise MendRow(
                "order_line",
                self.env._("%s lines of the order fit; say which one.", len(lines)),
            )
        if not lines:
            raise MendRow(
                "part",
                self.env._(
                    "the order has no open delivery of “%s”; correct the part or the "
                    "line.",
                    row._text("part"),
                ),
            )
        return lines

    def _is_part(self, row, line, finder):
        text = row._text("part")
        product = line.sale_line_id.product_id
        if clean_key(product.default_code or "") == clean_key(text):
            return True
        alias = finder.alias(line.partner_id, text)
        return bool(alias) and alias.product_id == product

    def _check_open(self, finder):
        if not finder.opening:
            raise MendRow(
                None,
                self.env._(
                    "there is no opening list, because the day on which the desk "
                    "starts is not set; an administrator enters it in the settings."
                ),
            )

    def _check_changeable(self, finder):
        if finder.opening.state == "approved":
            raise MendRow(
                None, self.env._("the opening list is approved and does not change.")
            )

    # ------------------------------------------------------------------
    # Verdicts
    # ------------------------------------------------------------------
    @api.model
    def _prepare_row(self, row, finder):
        self._check_open(finder)
        line = self._find_line(row, finder)
        quantity, unit = float(row._number("quantity")), line.uom_id
        expected = line.delivered - line.invoiced
        if quantity < 0:
            raise MendRow("quantity", self.env._("it cannot be below zero."))
        if not unit.compare(quantity, line.quantity):
            raise KnownRow(self.env._("The books say the same."), line)
        self._check_changeable(finder)
        if unit.compare(quantity, expected) > 0:
            raise MendRow(
                "quantity",
                self.env._(
                    "Odoo knows of %(expected)s delivered and not invoiced; enter the "
                    "missing delivery first, or correct the quantity.",
                    expected=f"{expected:g}",
                ),
            )
        reason = self._get_reason(row)
        if unit.compare(quantity, expected) and not reason:
            raise MendRow(
                "reason",
                self.env._(
                    "say why %(quantity)s instead of %(expected)s enter.",
                    quantity=f"{quantity:g}",
                    expected=f"{expected:g}",
                ),
            )
        return {
            "line": line,
            "quantity": quantity,
            "reason": reason or False,
        }

    @api.model
    def _get_reason(self, row):
        """Return the reason that a row gives; many write it into the remarks.

        In the remarks of a row that comes back stands what was to be mended.
        """
        mended = row._number("mends")
        return row._text("reason") or ("" if mended else row._text("note"))

    @api.model
    def _get_key(self, row, values):
        return values["line"]

    @api.model
    def _make(self, company, ready):
        for one in ready:
            one.values["line"].write(
                {name: one.values[name] for name in ("quantity", "reason")}
            )
        return [one.values["line"] for one in ready]

    @api.model
    def _get_made_domain(self, company):
        return [("company_id", "=", company.id)]
