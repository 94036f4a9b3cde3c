# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin.models.product_category import SETTLEMENT_CLASSES
from odoo.addons.rd_sales_admin.models.rd_settlement_source import KIND_DELIVERY

from .. import matching


class RdStatementLine(models.Model):
    """A portion of one delivery or return on a statement.

    It takes the half-open interval [from, to) of what was moved; the database
    keeps live intervals of one source apart. Everything the other side saw is a
    snapshot: a later change of product, unit, order or price does not touch it.
    """

    _name = "rd.statement.line"
    _description = "Statement Line"
    _inherit = ["rd.guarded.mixin"]
    _order = "statement_id, settlement_class, date, note, sequence, id"
    _rec_names_search = ["note", "part", "customer_part", "product_name"]
    _check_company_auto = True

    statement_id = fields.Many2one(
        "rd.statement", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="statement_id.partner_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="statement_id.currency_id", store=True)
    statement_state = fields.Selection(
        related="statement_id.state", string="State of the statement"
    )
    sequence = fields.Integer(readonly=True, default=10)
    source_kind = fields.Integer(readonly=True, required=True)
    source_id = fields.Integer(readonly=True, required=True, index=True)
    move_id = fields.Many2one(
        "stock.move",
        string="Delivery",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order line",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(related="sale_line_id.order_id", string="Order")
    qty_from = fields.Float(digits="Product Unit", readonly=True)
    qty_to = fields.Float(digits="Product Unit", readonly=True)
    moved_qty = fields.Float(
        string="Moved quantity", digits="Product Unit", readonly=True
    )
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="Quantity of this line in the unit of the order line; "
        "negative for a return.",
    )
    live = fields.Boolean(
        readonly=True,
        default=True,
        help="Whether the line counts; a carried or cancelled one no longer does.",
    )
    date = fields.Date(readonly=True)
    note = fields.Char(string="Delivery note", readonly=True)
    customer_order = fields.Char(string="Their order", readonly=True)
    customer_order_line = fields.Char(string="Their order line", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    part = fields.Char(string="Part number", readonly=True)
    customer_part = fields.Char(string="Their part number", readonly=True)
    product_name = fields.Char(string="Name and specification", readonly=True)
    settlement_class = fields.Selection(SETTLEMENT_CLASSES, readonly=True)
    plant = fields.Char(
        string="Receiving plant", readonly=True, help="Where the goods were sent."
    )
    uom_id = fields.Many2one(
        "uom.uom", string="Unit of the order", readonly=True, ondelete="restrict"
    )
    uom_name = fields.Char(string="Unit", readonly=True)
    price_unit = fields.Float(
        string="Unit price", digits="Product Price", readonly=True, aggregator=None
    )
    price_source = fields.Char(readonly=True)
    order_price = fields.Float(
        string="Agreed price",
        digits=(16, 6),
        readonly=True,
        aggregator=None,
        help="Agreed for the day of the delivery when the line was made; a later "
        "change shows beside it.",
    )
    sold_price = fields.Float(
        string="Price of the order",
        digits=(16, 6),
        readonly=True,
        aggregator=None,
        help="What the order said when the line was made. Where a contract has a "
        "price for the day of the delivery, the agreed one may differ.",
    )
    discount = fields.Float(
        string="Discount (%)", digits="Discount", readonly=True, aggregator=None
    )
    tax_ids = fields.Many2many(
        "account.tax", string="Taxes", readonly=True, check_company=True
    )
    tax_rate = fields.Float(
        string="Tax rate (%)", digits=(5, 2), readonly=True, aggregator=None
    )
    amount_untaxed = fields.Monetary(readonly=True)
    amount_tax = fields.Monetary(readonly=True)
    amount_total = fields.Monetary(readonly=True)
    zero_reason = fields.Selection(
        [
            ("no_refund", "Return without updating quantities"),
            ("not_settled", "Free of charge, sample or warranty"),
            ("no_price", "Price not agreed"),
            ("no_tax", "Tax not set"),
            ("short", "Lost at the customer, settled short"),
            ("not_accepted", "Not accepted by the customer"),
        ],
        string="Why at amount 0",
        readonly=True,
    )
    verdict = fields.Selection(
        [
            ("pending", "Not answered"),
            ("confirmed", "Confirmed"),
            ("difference", "Difference"),
            ("no_price", "Price not agreed"),
            ("short", "Settled short"),
            ("carried", "Carried over"),
            ("replaced", "Replaced"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    pre_confirmed = fields.Boolean(
        string="Confirmed on arrival",
        readonly=True,
        help="The customer confirmed the delivery on the portal as it arrived.",
    )
    match_id = fields.Many2one(
        "rd.match", readonly=True, index="btree_not_null", ondelete="set null"
    )
    late = fields.Boolean(
        readonly=True, help="The delivery belongs to a period that had already ended."
    )
    first_statement_id = fields.Many2one(
        "rd.statement",
        string="First statement",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The statement whose period or line this late line belongs to.",
    )
    late_reason = fields.Char(string="Why late", readonly=True)
    carried_age = fields.Integer(
        string="Months carried", readonly=True, help="How often it was carried over."
    )
    carry_reason = fields.Char(readonly=True)
    invoice_line_ids = fields.One2many("account.move.line", "rd_statement_line_id")

    # Ranges of integers, so that no extension of the database is needed. Kind and
    # source are one number: an index of three ranges is three times as dear to write.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int8range("
        "source_kind::bigint * 4294967296 + source_id, "
        "source_kind::bigint * 4294967296 + source_id, '[]') WITH &&, "
        "numrange(qty_from, qty_to) WITH &&"
        ") WHERE (live AND source_id > 0)",
        "A delivered quantity can be on one statement only.",
    )
    _within_moved = models.Constraint(
        "CHECK (qty_from >= 0 AND qty_from < qty_to AND qty_to <= moved_qty)",
        "A statement line takes a part of what was moved, and no more.",
    )
    _live_state_idx = models.Index("(company_id, partner_id, date) WHERE live IS TRUE")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    def _check_company(self, fnames=None):
        """Check what belongs to a company once for all lines that name the same."""
        names = [
            name
            for name, field in self._fields.items()
            if field.relational and field.check_company
        ]
        different = {
            (line.company_id.id, *(line[name]._ids for name in names)): line.id
            for line in self
        }
        return super(RdStatementLine, self.browse(different.values()))._check_company(
            fnames
        )

    @api.depends("note", "part", "customer_part")
    def _compute_display_name(self):
        for line in self:
            parts = [line.note, line.customer_part or line.part]
            line.display_name = " ".join(part for part in parts if part)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        if not self._is_internal():
            raise UserError(
                self.env._(
                    "Lines of a statement are not deleted; carry the line over or "
                    "cancel the statement."
                )
            )

    # ------------------------------------------------------------------
    # Making lines
    # ------------------------------------------------------------------
    @api.model
    def _get_carried(self, pieces):
        """Return ``{(kind, source): [(from, to, age, reason)]}`` of carried lines."""
        ids = [portion.res_id for portion, _start, _end in pieces]
        lines = self.search_fetch(
            [("source_id", "in", ids), ("verdict", "=", "carried")],
            ["source_kind", "source_id", "qty_from", "qty_to", "carried_age"],
            order="id",
        )
        carried = defaultdict(list)
        for line in lines:
            carried[line.source_kind, line.source_id].append(line)
        return carried

    @api.model
    def _prepare_line_values(self, statement, order_line, portion, start, end, carried):
        """Return the values of the line for one free piece of a portion."""
        prices = portion.values
        if not prices or "price_unit" not in prices:
            prices = self._prepare_price_values(order_line, portion)
        before = [
            line
            for line in carried[portion.kind, portion.res_id]
            if line.qty_from < end and line.qty_to > start
        ]
        return {
            "statement_id": statement.id,
            # Given at once, what is related need not be written a second time.
            "company_id": statement.company_id.id,
            "partner_id": statement.partner_id.id,
            "currency_id": statement.currency_id.id,
            "source_kind": portion.kind,
            "source_id": portion.res_id,
            "move_id": portion.res_id if portion.kind == KIND_DELIVERY else False,
            "sale_line_id": order_line.id if order_line else False,
            "qty_from": start,
            "qty_to": end,
            "moved_qty": portion.quantity,
            "quantity": portion.sign * (end - start),
            "date": portion.date,
            "note": portion.note,
            "late": bool(statement.date_from and portion.date < statement.date_from),
            "carried_age": max((line.carried_age for line in before), default=-1) + 1,
            "live": True,
            "pre_confirmed": portion.confirmed,
            **prices,
        }

    @api.model
    def _prepare_price_values(self, order_line, portion):
        """Return price, tax and verdict of a line, or why it stands at 0."""
        day = portion.moved_on or portion.date
        price, source = order_line._rd_get_agreed_price(day)
        taxes = order_line.tax_ids
        reason = portion.zero_reason
        if not reason and price is False:
            reason = "no_price"
        elif not reason and not taxes:
            reason = "no_tax"
        waits = reason in ("no_price", "no_tax")
        return {
            "price_unit": price or 0.0,
            "order_price": price or 0.0,
            "sold_price": order_line.price_unit,
            "price_source": source,
            "discount": order_line.discount,
            "tax_ids": [Command.set(taxes.ids)],
            "tax_rate": sum(
                tax.amount for tax in taxes if tax.amount_type == "percent"
            ),
            "zero_reason": reason or False,
            "verdict": self._get_first_verdict(portion, waits),
        }

    @api.model
    def _get_first_verdict(self, portion, waits):
        """Return where a new line begins.

        :param bool waits: its price or tax is missing
        """
        if portion.zero_reason == "not_accepted":
            return "difference"
        if waits:
            return "no_price"
        return "confirmed" if portion.confirmed else "pending"

    def _get_delivery_day(self):
        """Return the day of the delivery; ``date`` may be that of the signature."""
        moved = self.move_id.sudo().date
        return self.company_id._rd_local_date(moved) if moved else self.date

    def _refresh_price(self):
        """Look again for a price or tax that was missing when the line was made."""
        self.ensure_one()
        if self.zero_reason not in ("no_price", "no_tax"):
            return
        values = self._prepare_price_now()
        if values:
            self._as_internal().write(values)
            self.env["rd.difference"]._price_found(self)

    def _prepare_price_now(self):
        """Return price and tax as their source says by now, or an empty dict as long
        as it lacks one of them."""
        self.ensure_one()
        sold = self.sale_line_id
        if not sold:
            return {}
        price, source = sold._rd_get_agreed_price(self._get_delivery_day())
        taxes = sold.tax_ids
        if price is False or not taxes:
            return {}
        return {
            "price_unit": price,
            "order_price": price,
            "sold_price": sold.price_unit,
            "price_source": source,
            "discount": sold.discount,
            "tax_ids": [Command.set(taxes.ids)],
            "tax_rate": sum(
                tax.amount for tax in taxes if tax.amount_type == "percent"
            ),
            "zero_reason": False,
            "verdict": "confirmed" if self.pre_confirmed else "pending",
        }

    def _get_sold(self):
        """Return the order line behind the line, or none: what it is a part of, or
        what a stage is cut off."""
        self.ensure_one()
        return self.sale_line_id

    # ------------------------------------------------------------------
    # Amounts
    # ------------------------------------------------------------------
    def _grouped_for_invoice(self):
        """Return ``{number: lines}``: what becomes one invoice each."""
        groups = defaultdict(list)
        for line in self:
            groups[line.invoice_group].append(line.id)
        return {number: self.browse(groups[number]) for number in sorted(groups)}

    def _get_fiscal_position(self):
        """Return the order's fiscal position, or the customer's usual one."""
        self.ensure_one()
        if self.sale_line_id:
            return self.order_id.fiscal_position_id
        return self._get_usual_position(self.partner_id, self.company_id)

    @api.model
    def _get_usual_position(self, partner, company):
        partner = partner.with_company(company)
        return partner.property_account_position_id

    def _get_unit(self):
        """Return the unit the line's quantity is counted in."""
        self.ensure_one()
        return self.uom_id or self.sale_line_id.product_uom_id or self.product_id.uom_id

    def _compute_amounts_together(self, company):
        """Write the amounts of lines that become one invoice, rounded as there."""
        lines = self._as_internal()
        counted = lines.filtered(lambda line: not line.zero_reason)
        (lines - counted).write(
            {"amount_untaxed": 0.0, "amount_tax": 0.0, "amount_total": 0.0}
        )
        for line, base in zip(
            counted, counted._prepare_base_lines(company), strict=True
        ):
            values = _amounts_of(base, line.currency_id)
            if any(line[name] != value for name, value in values.items()):
                line.write(values)

    @api.model
    def _set_new_amounts(self, statement, vals_list):
        """Put the amounts into the values of a statement's first lines.

        Writing them afterwards would touch every row a second time.
        """
        rows = []
        for vals in vals_list:
            order_line = self.env["sale.order.line"].browse(vals["sale_line_id"] or [])
            if not vals["zero_reason"]:
                rows.append((vals, order_line))
        groups = defaultdict(list)
        numbers = self._plan_invoice_groups(statement, rows)
        for (vals, order_line), number in zip(rows, numbers, strict=True):
            vals["invoice_group"] = number
            groups[number].append((vals, order_line))
        for rows in groups.values():
            base_lines = [
                self._prepare_base_line(
                    order_line,
                    vals,
                    self.env["account.tax"].browse(vals["tax_ids"][0][2]),
                    statement=statement,
                )
                for vals, order_line in rows
            ]
            self._round_together(base_lines, statement.company_id)
            for (vals, _order_line), base in zip(rows, base_lines, strict=True):
                vals.update(_amounts_of(base, statement.currency_id))

    def _prepare_base_lines(self, company, sign=1):
        """Return the tax engine's base lines, rounded together.

        A cent of rounding goes to the same line whatever order the lines come in.

        :param sign: −1 for a credit note, where quantities are turned positive
        """
        base_lines = {
            line: self._prepare_base_line(
                line.sale_line_id, line, line.tax_ids, sign, line.statement_id
            )
            for line in self.sorted("id")
        }
        self._round_together(list(base_lines.values()), company)
        return [base_lines[line] for line in self]

    @api.model
    def _prepare_base_line(self, order_line, values, taxes, sign=1, statement=None):
        """Return one base line from a statement line, or the values of one."""
        price = self._fields["price_unit"].convert_to_cache(values["price_unit"], self)
        figures = {
            "quantity": sign * values["quantity"],
            "price_unit": price,
            "discount": values["discount"],
            "tax_ids": taxes,
        }
        if order_line:
            return order_line._prepare_base_line_for_taxes_computation(**figures)
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            None, **figures, **self._prepare_no_order(statement, values)
        )

    @api.model
    def _prepare_no_order(self, statement, values):
        """Return what an order says of a base line, for one without an order."""
        product = values["product_id"]
        company = statement.company_id
        day = statement.invoice_date or statement.date_to
        return {
            "partner_id": statement.partner_id,
            "currency_id": statement.currency_id,
            "product_id": self.env["product.product"].browse(
                product if isinstance(product, int) else product.id
            ),
            "rate": self.env["res.currency"]._get_conversion_rate(
                company.currency_id, statement.currency_id, company, day
            ),
        }

    @api.model
    def _round_together(self, base_lines, company):
        engine = self.env["account.tax"]
        engine._add_tax_details_in_base_lines(base_lines, company)
        engine._round_base_lines_tax_details(base_lines, company)

    def _prepare_content(self):
        """Return what the other side confirms of this line, as plain text."""
        return [
            str(self.date or ""),
            self.note or "",
            self.customer_order or "",
            self.part or "",
            self.customer_part or "",
            f"{self.quantity:.6f}",
            self.uom_name or "",
            f"{self.price_unit:.6f}",
            f"{self.amount_total:.2f}",
        ]

    # ------------------------------------------------------------------
    # What becomes of a line
    # ------------------------------------------------------------------
    def _carry_over(self, reasons=None):
        """Take the lines off their statement; they enter the next month.

        :param dict reasons: ``{line: why}`` where a person has said so
        """
        if not self:
            return
        reasons = reasons or self._get_carry_reasons()
        for line in self:
            line._as_internal().write(
                {"live": False, "verdict": "carried", "carry_reason": reasons[line]}
            )
        open_items = self.match_id.difference_id.filtered(
            lambda item: item.state == "open"
        )
        open_items._as_internal().write({"state": "carried"})
        self.env["rd.difference"]._carry_for_lines(self)
        # Freed intervals must be gone before the next statement takes them.
        self.flush_recordset(["live"])
        self.env["rd.drift"]._follow_carried(self)

    def _get_carry_reasons(self):
        """Return ``{line: why}`` of lines that leave with what is agreed."""
        labels = dict(self._fields["zero_reason"]._description_selection(self.env))
        return {
            line: line.match_id.difference_id.display_name
            or labels.get(line.zero_reason)
            or self.env._("Not answered by the other side")
            for line in self
        }

    @api.model
    def _split_all(self, quantities):
        """Keep ``{line: quantity}`` (≥ 0) of each line.

        :return: ``{line: line of its rest}``
        """
        lines = self.browse().concat(*quantities)
        rests = lines.copy_data()
        for (line, quantity), rest in zip(quantities.items(), rests, strict=True):
            cut = line.qty_from + quantity
            sign = -1 if line.quantity < 0 else 1
            rest.update(
                qty_from=cut,
                quantity=sign * (line.qty_to - cut),
                match_id=line.match_id.id,
            )
            line._as_internal().write(
                {"qty_to": cut, "quantity": sign * (cut - line.qty_from)}
            )
        # The first parts must have shrunk before the rests take their place.
        lines.flush_recordset(["qty_to"])
        return dict(zip(lines, self._as_internal().create(rests), strict=True))

    def _get_invoiced(self):
        """Return the lines that stand on an invoice which is not cancelled."""
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("rd_statement_line_id", "in", self.ids),
                    ("parent_state", "!=", "cancel"),
                ],
                ["rd_statement_line_id"],
            )
        )
        return self.browse(line.id for (line,) in groups)

    def _prepare_invoice_label(self):
        """Return the text of the invoice line: name, note and their order."""
        self.ensure_one()
        parts = [
            self.customer_part or self.part,
            self.product_name,
            self.note,
            " ".join(
                part for part in (self.customer_order, self.customer_order_line) if part
            ),
        ]
        return " / ".join(part for part in parts if part)

    def _prepare_match_line(self, profile):
        """Return the line as the matching package reads it."""
        self.ensure_one()
        included = (profile.tax_basis or "included") == "included"
        amount = self.amount_total if included else self.amount_untaxed
        quantity = Decimal(str(self.quantity))
        no_amount = bool(self.zero_reason)
        return matching.Line(
            ref=self.id,
            note=self.note or "",
            part=self.part or "",
            quantity=quantity,
            amount=None if no_amount else Decimal(str(amount)),
            price=_unit_price(amount, self.quantity),
            date=self.date,
            order=self.customer_order or "",
            order_line=self.customer_order_line or "",
            unit=self.uom_name or "",
            tax_rate=Decimal(str(self.tax_rate)) / 100,
            tax_basis=profile.tax_basis or "included",
            name=self.product_name or "",
            klass=self.settlement_class or "",
            origin=self._get_returned_note() if self.quantity < 0 else "",
        )

    def _get_returned_note(self):
        """Return the note of the delivery that this return takes back."""
        picking = self.move_id.origin_returned_move_id.picking_id
        return picking.rd_note or picking.name or ""


def _unit_price(amount, quantity):
    if not quantity:
        return None
    return Decimal(str(amount)) / Decimal(str(quantity))


def _amounts_of(base, currency):
    """Return the amounts of a line from its rounded base line."""
    details = base["tax_details"]
    untaxed = (
        details["total_excluded_currency"] + details["delta_total_excluded_currency"]
    )
    tax = sum(data["tax_amount_currency"] for data in details["taxes_data"])
    return {
        "amount_untaxed": currency.round(untaxed),
        "amount_tax": currency.round(tax),
        "amount_total": currency.round(untaxed + tax),
    }
