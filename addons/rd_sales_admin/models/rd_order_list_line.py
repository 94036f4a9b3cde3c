# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.order_list_judge import OrderListJudge

VERDICTS = [
    ("ready", "Ready to quote"),
    ("price", "Price differs"),
    ("no_price", "No price agreed"),
    ("unknown", "Part not known"),
    ("refused", "Cannot be ordered so"),
    ("changed", "Ordered before, otherwise"),
    ("known", "Ordered before"),
    ("dismissed", "Left out"),
    ("taken", "On a quotation"),
]


class RdOrderListLine(models.Model):
    """One row of a customer's order list with its verdict."""

    _name = "rd.order.list.line"
    _description = "Order List Row"
    _inherit = ["rd.guarded.mixin"]
    _order = "list_id, row, id"
    _rec_name = "part"

    list_id = fields.Many2one(
        "rd.order.list", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="list_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="list_id.partner_id", store=True)
    row = fields.Integer(help="Row number in the spreadsheet.")
    order_ref = fields.Char(string="Their order")
    order_line_ref = fields.Char(string="Their order line")
    part = fields.Char(string="Part number")
    part_key = fields.Char()
    name = fields.Char(string="Name as written")
    unit = fields.Char()
    quantity = fields.Float(string="Their quantity", digits="Product Unit")
    wanted_date = fields.Date(string="Wanted on")
    their_price = fields.Float(digits="Product Price")
    product_id = fields.Many2one("product.product")
    our_quantity = fields.Float(string="Quantity", digits="Product Unit")
    our_price = fields.Float(
        string="Agreed price",
        digits="Product Price",
        help="As the order line would bear it, in our unit.",
    )
    order_price = fields.Float(
        string="Price asked",
        digits="Product Price",
        help="Their price on the same basis and in the same unit as ours.",
    )
    price_source = fields.Char(string="Agreed by")
    decision = fields.Selection(
        [("ours", "Our price"), ("theirs", "Their price")], string="Answered"
    )
    verdict = fields.Selection(VERDICTS, required=True, default="ready", index=True)
    message = fields.Char(string="What is to be done")
    answer = fields.Char(string="Reason")
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order line",
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Rows of an order list are answered, not deleted."))

    # ------------------------------------------------------------------
    # Verdicts
    # ------------------------------------------------------------------
    def _judge(self):
        """Give each row that is not settled its verdict, each list read once."""
        rows = self.filtered(lambda row: row.verdict not in ("dismissed", "taken"))
        for order_list in rows.list_id:
            own = rows.filtered(lambda row, owner=order_list: row.list_id == owner)
            judge = OrderListJudge(order_list, own)
            for row in own:
                row._as_internal().write(judge.verdict(row))

    def _prepare_order_line(self):
        """Return the values of the order line; our price stays Odoo's own unless
        theirs was taken."""
        self.ensure_one()
        values = {
            "product_id": self.product_id.id,
            "product_uom_qty": self.our_quantity,
            "rd_customer_line": self.order_line_ref or False,
        }
        price = self.order_price if self.decision == "theirs" else self.our_price
        return {**values, "price_unit": price}

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------
    def action_take_ours(self):
        """Order at the agreed price; the customer is told by the quotation."""
        self._decide("ours", ("price",))
        return True

    def action_take_theirs(self):
        """Order at the price that the customer writes."""
        self._decide("theirs", ("price", "no_price"))
        return True

    def _decide(self, decision, verdicts):
        self._check_open(verdicts)
        for row in self:
            if decision == "theirs" and not row.order_price:
                raise UserError(
                    self.env._("Row %(row)s bears no price of theirs.", row=row.row)
                )
        self._as_internal().write({"decision": decision})
        self._judge()

    def action_dismiss(self, reason=None):
        """Leave rows out, with a reason.

        :raise UserError: without words
        """
        self._check_open(dict(VERDICTS).keys() - {"taken", "dismissed"})
        text = reason.strip() if isinstance(reason, str) else ""
        if not text:
            raise UserError(self.env._("Say why row %s is left out.", self[:1].row))
        self._as_internal().write(
            {"verdict": "dismissed", "answer": text, "message": False}
        )
        return True

    def _check_open(self, verdicts):
        self.check_access("write")
        for row in self:
            row.list_id.check_access("write")
            if row.list_id.state != "checked" or row.verdict not in verdicts:
                raise UserError(
                    self.env._(
                        "Row %(row)s of %(file)s does not wait for this answer.",
                        row=row.row,
                        file=row.list_id.filename or row.list_id.display_name,
                    )
                )

    def _learn(self, product, factor):
        """Keep what their number stands for, and look again."""
        self.ensure_one()
        self._check_open(("unknown", "refused"))
        if not product:
            raise UserError(self.env._("Choose the part that row %s means.", self.row))
        self.env["rd.part.alias"].create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.commercial_partner_id.id,
                "code": self.part,
                "product_id": product.id,
                "factor": factor,
            }
        )
        self.list_id.line_ids._judge()
