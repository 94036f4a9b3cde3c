# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.tools import SQL

from odoo.addons.rd_sales_admin.models.rd_settlement_source import KIND_DELIVERY

# What a line that is stated anew keeps of the line it corrects.
KEPT = (
    *("date", "note", "customer_order", "customer_order_line", "part"),
    *("customer_part", "product_name", "settlement_class", "uom_name", "plant"),
    *("price_unit", "order_price", "price_source", "discount", "tax_rate"),
    "zero_reason",
)


class RdStatementLine(models.Model):
    """How a line compares with its source today."""

    _name = "rd.statement.line"
    _inherit = ["rd.statement.line"]

    age_text = fields.Char(string="Age", compute="_compute_age_text")

    # ------------------------------------------------------------------
    # Lines whose source is no longer what it was
    # ------------------------------------------------------------------
    @api.model
    def _get_changed(self, company, partner=None, statement=None):
        """Return the live lines of deliveries whose source differs by now, and those
        for which a contract has agreed another price since."""
        self.env.flush_all()
        rows = self.env.execute_query(self._query_changed(company, partner, statement))
        asked = self.env.execute_query(
            self._query_agreed_later(company, partner, statement)
        )
        later = self.browse(row[0] for row in asked)
        return self.browse(row[0] for row in rows) | later.filtered(
            lambda line: line._is_agreed_otherwise()
        )

    @api.model
    def _query_limits(self, company, partner, statement):
        """Return the condition on ``line``: of a company, and maybe one partner's or
        one statement's."""
        limits = SQL("line.company_id = %s", company.id)
        if partner:
            limits = SQL("%s AND line.partner_id = %s", limits, partner.id)
        if statement:
            limits = SQL("%s AND line.statement_id = %s", limits, statement.id)
        return limits

    @api.model
    def _query_agreed_later(self, company, partner, statement):
        """Select live lines for whose part and day a contract's price was written
        after the line was; whether it is another one, their order lines know."""
        limits = self._query_limits(company, partner, statement)
        # An hour more: a line may have been made while the contract was signed.
        return SQL(
            """
            SELECT DISTINCT line.id
              FROM rd_contract_price price
              JOIN rd_statement_line line
                ON line.product_id = price.product_id
               AND line.company_id = price.company_id
               AND line.currency_id = price.currency_id
              JOIN res_partner payer
                ON payer.id = line.partner_id
               AND payer.commercial_partner_id = price.partner_id
             WHERE line.live AND line.sale_line_id IS NOT NULL
               AND line.source_kind = %(kind)s AND %(limits)s
               AND price.write_date >= line.create_date - INTERVAL '1 hour'
               AND (NOT price.live OR price.valid_from <= line.date)
             ORDER BY line.id
            """,
            kind=KIND_DELIVERY,
            limits=limits,
        )

    def _is_agreed_otherwise(self):
        """Tell whether another price is agreed for the delivery than was stated."""
        self.ensure_one()
        sold, day = self.sale_line_id, self._get_delivery_day()
        price, _source = sold._rd_get_agreed_price(day)
        price = sold.product_uom_id._compute_price(price or 0.0, self._get_unit())
        return bool(round(price - self.order_price, 6))

    def _get_price_now(self):
        """Return ``(price agreed for the delivery by now, record that says so)``, the
        price per unit of the line.

        What is typed on the order against its contract is not agreed; the contract's
        price is.
        """
        self.ensure_one()
        sold, day = self.sale_line_id, self._get_delivery_day()
        price, _source = sold._rd_get_agreed_price(day)
        unit, contract_price = sold._rd_get_contract_price(day)
        if price is False and contract_price:
            price = unit
        said = contract_price and not round((price or 0.0) - unit, 6)
        price = sold.product_uom_id._compute_price(price or 0.0, self._get_unit())
        return price, contract_price if said else sold

    @api.model
    def _query_changed(self, company, partner, statement):
        """Select live lines that differ from move or order line (one query)."""
        limits = self._query_limits(company, partner, statement)
        return SQL(
            """
            SELECT line.id
              FROM rd_statement_line line
              JOIN stock_move move ON move.id = line.move_id
              JOIN sale_order_line sold ON sold.id = line.sale_line_id
              JOIN rd_statement statement ON statement.id = line.statement_id
              JOIN res_company company ON company.id = line.company_id
              LEFT JOIN stock_picking note ON note.id = move.picking_id
              LEFT JOIN stock_move origin ON origin.id = move.origin_returned_move_id
              LEFT JOIN stock_picking first ON first.id = origin.picking_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN uom_uom line_unit ON line_unit.id = sold.product_uom_id
             WHERE line.live AND line.source_kind = %(kind)s AND %(limits)s
               AND (ABS(move.quantity * unit.factor / line_unit.factor
                        - line.moved_qty) > 0.0001
                    OR move.state <> 'done'
                    OR ((CASE WHEN statement.basis = 'dispatched' THEN move.date
                              WHEN line.quantity >= 0 THEN note.rd_signed_date
                              WHEN line.zero_reason IS NOT NULL THEN move.date
                              ELSE GREATEST(move.date, first.rd_signed_date)
                         END AT TIME ZONE 'UTC')
                        AT TIME ZONE COALESCE(company.rd_tz, 'UTC'))::date <> line.date
                    OR %(resold)s)
             ORDER BY line.id
            """,
            kind=KIND_DELIVERY,
            limits=limits,
            resold=self._query_sold_otherwise(),
        )

    @api.model
    def _query_sold_otherwise(self):
        """Return the condition that ``sold`` says another thing than ``line``.

        Its price is held against what it was itself: a contract may agree another
        one for the day of the delivery, and that is no change.
        """
        return SQL(
            """(sold.product_id <> line.product_id
                OR sold.product_uom_id <> line.uom_id
                OR ABS(sold.price_unit
                       - COALESCE(line.sold_price, line.order_price)) > 0.000001
                OR ABS(sold.discount - line.discount) > 0.0001
                OR (SELECT ARRAY_AGG(account_tax_id ORDER BY account_tax_id)
                      FROM account_tax_sale_order_line_rel
                     WHERE sale_order_line_id = sold.id)
                   IS DISTINCT FROM
                   (SELECT ARRAY_AGG(account_tax_id ORDER BY account_tax_id)
                      FROM account_tax_rd_statement_line_rel
                     WHERE rd_statement_line_id = line.id))"""
        )

    def _get_source_day(self):
        """Return the day the source has today, by the basis of the statement.

        Without a signature it is the day that was stated; the receipt itself sees
        to what is no longer signed.
        """
        self.ensure_one()
        move = self.move_id
        moments = [move.date]
        if self.statement_id.basis != "dispatched" and self.quantity >= 0:
            moments = [move.picking_id.rd_signed_date]
        elif self.statement_id.basis != "dispatched" and not self.zero_reason:
            moments.append(move.origin_returned_move_id.picking_id.rd_signed_date)
        moments = [moment for moment in moments if moment]
        return self.company_id._rd_local_date(max(moments)) if moments else self.date

    def _get_moved(self):
        """Return what the delivery says today, in the unit of the order line.

        A delivery dated before the desk's start keeps its quantity: what was
        stated was moved.
        """
        self.ensure_one()
        move = self.move_id
        if move.state != "done":
            return 0.0
        return move._rd_prepare_portion(self.company_id).quantity

    def _get_beyond(self):
        """Return how much of the line lies beyond what was moved (≥ 0)."""
        self.ensure_one()
        if not self.live:
            return 0.0
        return max(0.0, self.qty_to - max(self.qty_from, self._get_moved()))

    def _get_stated_price(self, _price, _adjusted):
        """Return the price per unit that the one agreed by now is held against.

        :param price: the one agreed by now
        :param adjusted: its approved adjustments, oldest first
        """
        self.ensure_one()
        return self.order_price

    def _get_changes(self, adjusted):
        """Return ``[(kind, old, new, record that changed)]`` of one line.

        :param adjusted: its approved adjustments, oldest first
        """
        self.ensure_one()
        move, sold = self.move_id, self.sale_line_id
        day = self._get_source_day()
        unit = self._get_unit()
        moved = self._get_moved()
        price, says = self._get_price_now()
        found = []
        if unit.compare(moved, self.moved_qty) > 0:
            found.append(("more", f"{self.moved_qty:g}", f"{moved:g}", move))
        if day != self.date:
            found.append(("date", str(self.date), str(day), move))
        if self.uom_id != sold.product_uom_id:
            found.append(("unit", self.uom_name, sold.product_uom_id.name, sold))
        if self.product_id != sold.product_id:
            names = [self.part, sold.product_id.display_name]
            found.append(("product", *names, sold))
        # A price has more places than money has.
        stated = self._get_stated_price(price, adjusted)
        if round(price - stated, 6):
            found.append(("price", f"{stated:g}", f"{price:g}", says))
        if round(self.discount - sold.discount, 4):
            found.append(("discount", f"{self.discount:g}", f"{sold.discount:g}", sold))
        if self.tax_ids != sold.tax_ids:
            old, new = (
                ", ".join(taxes.mapped("name"))
                for taxes in (self.tax_ids, sold.tax_ids)
            )
            found.append(("tax", old, new, sold))
        return found

    @api.model
    def _get_age_text(self, age):
        """Return how long a line has been carried, as people say it.

        :param int age: its ``carried_age``, in periods
        """
        names = {
            1: self.env._("carried over, second month"),
            2: self.env._("carried over, third month"),
            3: self.env._("carried over, fourth month"),
            4: self.env._("carried over, fifth month"),
            5: self.env._("carried over, sixth month"),
        }
        if age in names or not age:
            return names.get(age, "")
        return self.env._("carried over, month %(number)s", number=age + 1)

    @api.depends("carried_age")
    @api.depends_context("lang")
    def _compute_age_text(self):
        for line in self:
            line.age_text = line._get_age_text(line.carried_age)

    def _get_stated_anew(self):
        """Return the lines a later statement states anew: their invoice is gone."""
        return self._get_drifts("invoice_gone").line_id.with_env(self.env)

    def _get_restated(self):
        """Return those of them that stand on a later statement by now."""
        entered = self._get_drifts("invoice_gone").filtered(
            lambda drift: drift._get_late_lines()
        )
        return entered.line_id.with_env(self.env)

    def _get_drifts(self, kind):
        """Return the late facts of one kind that count, as the system sees them."""
        return (
            self.env["rd.drift"]
            .sudo()
            .search(
                [
                    ("line_id", "in", self.ids),
                    ("kind", "=", kind),
                    ("state", "=", "open"),
                ]
            )
        )

    def _prepare_anew(self):
        """Return what a line keeps that corrects or repeats this one."""
        self.ensure_one()
        return {
            **{name: self[name] for name in KEPT},
            "product_id": self.product_id.id,
            "uom_id": self.uom_id.id,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "verdict": "short" if self.verdict == "short" else "pending",
            "late": True,
            "first_statement_id": self.statement_id.id,
        }

    def _drop_unseen(self):
        """Let go of late lines of drafts that nobody has seen or decided on; return
        those that stay."""
        drafts = self.statement_id.filtered(lambda one: one.state == "draft")
        drafts._drop_open_matches(self)
        old = self.filtered(
            lambda line: line.statement_id in drafts and line._is_undecided()
        )
        kept = self - old
        old._let_go()
        drafts._recompute_amounts()
        return kept

    def _is_undecided(self):
        """Tell whether neither a match nor a person has said anything of the line."""
        return not self.match_id and self.verdict in ("pending", "no_price")

    def _is_just_confirmed(self):
        """Tell whether the customer's word on arrival is all that was said."""
        return self.pre_confirmed and self.verdict == "confirmed" and not self.match_id

    def _let_go(self):
        """Free the portions of these lines of a draft.

        What a paper or a late fact points at stays as a line that no longer counts;
        the rest was seen by nobody and goes.
        """
        # Nobody deletes lines; a draft that follows its deliveries does.
        lines = self.sudo()._as_internal()
        known = lines._get_named()
        known.write({"live": False, "verdict": "replaced"})
        (lines - known).unlink()
        self.env.flush_all()

    def _get_named(self):
        """Return those that an invoice, before its credit note too, an adjustment or
        a late fact names."""
        named = self.filtered("invoice_line_ids")
        for model, name in (
            ("account.move.line", "rd_former_line_id"),
            ("rd.price.adjustment.line", "statement_line_id"),
            ("rd.drift", "line_id"),
        ):
            named |= self.env[model].sudo().search([(name, "in", self.ids)])[name]
        return self & named

    # ------------------------------------------------------------------
    # Values of new lines
    # ------------------------------------------------------------------
    @api.model
    def _set_return_prices(self, vals_list):
        """Let returns stand at the price of the delivery they take back."""
        moves = self.env["stock.move"].browse(
            vals["move_id"]
            for vals in vals_list
            if vals["quantity"] < 0 and vals["move_id"] and not vals["zero_reason"]
        )
        if not moves:
            return
        roots = {move.id: get_root(move) for move in moves.sudo()}
        stated = self.search(
            [
                ("move_id", "in", [root.id for root in roots.values()]),
                ("live", "=", True),
                ("zero_reason", "=", False),
            ],
            order="id desc",
        )
        by_move = {line.move_id.id: line for line in stated}
        for vals in vals_list:
            root = roots.get(vals["move_id"])
            line = root and by_move.get(root.id)
            if line and vals["quantity"] < 0:
                vals.update(line._prepare_return_price())

    def _prepare_return_price(self):
        self.ensure_one()
        return {
            "price_unit": self._get_effective_price(),
            "price_source": self.env._(
                "As on %(statement)s", statement=self.statement_id.name
            ),
            "discount": self.discount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "tax_rate": self.tax_rate,
        }

    def _get_effective_price(self):
        """Return the unit price of the line, later adjustments included."""
        self.ensure_one()
        return self.price_unit

    @api.model
    def _set_first_statements(self, statement, vals_list):
        """Name the statement that a late line should have stood on."""
        late = [vals for vals in vals_list if vals["late"] and vals["move_id"]]
        if not late:
            return
        lines = self.search(
            [
                ("source_kind", "=", KIND_DELIVERY),
                ("source_id", "in", [vals["source_id"] for vals in late]),
                ("statement_id.state", "!=", "cancelled"),
                ("statement_id", "!=", statement.id),
            ],
            order="id desc",
        )
        known = {line.source_id: line.statement_id for line in lines}
        others = statement._get_others()
        for vals in late:
            first = known.get(vals["source_id"]) or others.filtered(
                lambda one, day=vals["date"]: (
                    (not one.date_from or one.date_from <= day) and day <= one.date_to
                )
            )
            vals["first_statement_id"] = first[:1].id

    def _prepare_invoice_line(self, sequence, sign):
        """Return the values of the invoice line, as agreed.

        :param sign: −1 on a credit note, where quantities are turned around
        """
        self.ensure_one()
        values = {
            "sequence": sequence,
            "name": self._prepare_invoice_label(),
            "quantity": sign * self.quantity,
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "rd_statement_line_id": self.id,
        }
        if self.sale_line_id:
            return self.sale_line_id._prepare_invoice_line(**values)
        return {
            "display_type": "product",
            "product_id": self.product_id.id,
            "product_uom_id": self._get_unit().id,
            **values,
        }

    def _get_invoiced_product(self):
        """Return the part that the line's invoice line names, if any."""
        self.ensure_one()
        return self.product_id

    # ------------------------------------------------------------------
    # What people have made of the line
    # ------------------------------------------------------------------
    def _is_decided(self):
        """Tell whether a person has decided about the line."""
        self.ensure_one()
        return bool(self.match_id.difference_id.settled_by_id) or (
            self.match_id.status == "manual"
        )

    def _has_owner(self):
        """Tell whether a difference with an owner and a day stands behind it."""
        self.ensure_one()
        items = self.match_id.difference_id | self.env["rd.difference"].search(
            [("statement_line_id", "=", self.id)]
        )
        return any(item.user_id and item.deadline for item in items)


def get_root(move):
    """Return the first delivery behind a return, or a return of a return."""
    while move.origin_returned_move_id:
        move = move.origin_returned_move_id
    return move
