# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.order_finder import OrderFinder, pending_moves


class RdShippingListLine(models.Model):
    """One row of a shipping list with its verdict.

    A row is known by warehouse, note, part and its ordinal within the note, so
    equal rows of one file are splits and a later file can be compared with it.
    """

    _name = "rd.shipping.list.line"
    _description = "Shipping List Row"
    _inherit = ["rd.guarded.mixin"]
    _order = "list_id, row, id"
    _rec_name = "note"

    list_id = fields.Many2one(
        "rd.shipping.list", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="list_id.company_id", store=True, index=True)
    warehouse_id = fields.Many2one(related="list_id.warehouse_id", store=True)
    row = fields.Integer(readonly=True, help="Row number in the spreadsheet.")
    note = fields.Char(string="Delivery note", readonly=True)
    note_key = fields.Char(readonly=True)
    part = fields.Char(string="Part number", readonly=True)
    part_key = fields.Char(readonly=True)
    ordinal = fields.Integer(readonly=True, default=1)
    date = fields.Date(readonly=True)
    partner_name = fields.Char(string="Customer as written", readonly=True)
    order_ref = fields.Char(string="Order as written", readonly=True)
    order_line_ref = fields.Char(string="Their order line", readonly=True)
    unit = fields.Char(readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    previous_id = fields.Many2one(
        "rd.shipping.list.line",
        string="Corrects",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    previous_quantity = fields.Float(
        string="Quantity before", digits="Product Unit", readonly=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    sale_line_id = fields.Many2one(
        "sale.order.line", string="Order line", readonly=True, index="btree_not_null"
    )
    verdict = fields.Selection(
        [
            ("new", "Ready to deliver"),
            ("changed", "Correction"),
            ("unchanged", "Known, unchanged"),
            ("no_order", "Shipped without order"),
            ("missing", "No longer on the list?"),
            ("refused", "Cannot be read"),
            ("delivered", "Delivered"),
            ("kept", "Kept after question"),
            ("dismissed", "Dismissed"),
            ("mended", "Mended later"),
        ],
        required=True,
        readonly=True,
        default="new",
        index=True,
    )
    message = fields.Char(readonly=True)
    answer = fields.Char(
        string="Reason",
        readonly=True,
        help="Why the row was kept, left out or taken up again.",
    )
    live = fields.Boolean(
        readonly=True,
        help="The valid statement about this row: delivered and not corrected since.",
    )
    move_ids = fields.One2many("stock.move", "rd_shipping_line_id", readonly=True)

    _row_once = models.UniqueIndex(
        "(warehouse_id, note_key, part_key, ordinal) WHERE live IS TRUE",
        "This row of the delivery note has already been delivered.",
    )

    @api.model
    def _get_guarded_fields(self):
        names = {
            name
            for name, field in self._fields.items()
            if field.store and field.readonly and name not in models.MAGIC_COLUMNS
        }
        return super()._get_guarded_fields() | names | {"list_id"}

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Rows of a shipping list are not deleted; answer them, or withdraw the "
                "list."
            )
        )

    # ------------------------------------------------------------------
    # Comparison with earlier lists
    # ------------------------------------------------------------------
    def _compare_with_earlier(self):
        """Tell unchanged, corrected and missing rows, note by note."""
        for shipping_list in self.list_id:
            rows = self.filtered(
                lambda line, owner=shipping_list: (
                    line.list_id == owner
                    and line.verdict in ("new", "changed", "unchanged", "no_order")
                )
            )
            rows -= rows._filter_overtaken()
            earlier = rows._search_earlier(shipping_list)
            known = {line._row_key(): line for line in earlier}
            for row in rows:
                row._compare_with(known.pop(row._row_key(), None))
            # What a later list says is no question to this one.
            missing = [
                row for row in known.values() if row.list_id.id < shipping_list.id
            ]
            rows._ask_about(missing, shipping_list)

    def _filter_overtaken(self):
        """Return the known rows whose delivery a later list has corrected or taken
        back since: that list stands, however often this one is looked at."""
        known = self.filtered(lambda row: row.verdict == "unchanged")
        replaced = self.search(
            [
                ("previous_id", "in", known.previous_id.ids),
                ("verdict", "=", "delivered"),
            ]
        ).grouped("previous_id")
        return known.filtered(
            lambda row: any(
                other.list_id.id > row.list_id.id
                for other in replaced.get(row.previous_id, ())
            )
        )

    def _row_key(self):
        return self.note_key, self.part_key, self.ordinal

    def _search_earlier(self, shipping_list):
        """Return the live rows of earlier lists for the notes of this one."""
        notes = set(self.mapped("note_key"))
        domain = [
            ("warehouse_id", "=", shipping_list.warehouse_id.id),
            ("live", "=", True),
            ("list_id", "!=", shipping_list.id),
        ]
        found = self.search(domain + [("note_key", "in", list(notes))])
        if shipping_list.is_complete:
            found |= self.search(
                domain
                + [
                    ("date", ">=", shipping_list.date_from),
                    ("date", "<=", shipping_list.date_to),
                    ("list_id.partner_id", "=", shipping_list.partner_id.id),
                ]
            )
        return found

    def _compare_with(self, earlier):
        self.ensure_one()
        if not earlier:
            values = {"verdict": "new", "previous_id": False}
        elif self._same_quantity(earlier.quantity):
            values = {"verdict": "unchanged", "previous_id": earlier.id}
        else:
            values = {
                "verdict": "changed",
                "previous_id": earlier.id,
                "partner_id": earlier.partner_id.id,
                "product_id": earlier.product_id.id,
                "sale_line_id": earlier.sale_line_id.id,
                "previous_quantity": earlier.quantity,
                "message": self.env._(
                    "Was %(old)s on %(list)s, is %(new)s now.",
                    old=earlier.quantity,
                    new=self.quantity,
                    list=earlier.list_id.name,
                ),
            }
        self._as_internal().write(values)

    def _same_quantity(self, quantity):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return round(self.quantity - quantity, digits) == 0

    def _ask_about(self, missing, shipping_list):
        """Add a question for each live row that is no longer on the list."""
        asked = shipping_list.line_ids.previous_id
        self._as_internal().create(
            [
                {
                    **line._prepare_question_values(),
                    "list_id": shipping_list.id,
                    "previous_id": line.id,
                }
                for line in missing
                if line not in asked
            ]
        )

    def _prepare_question_values(self):
        self.ensure_one()
        return {
            "row": 0,
            "note": self.note,
            "note_key": self.note_key,
            "part": self.part,
            "part_key": self.part_key,
            "ordinal": self.ordinal,
            "date": self.date,
            "partner_id": self.partner_id.id,
            "product_id": self.product_id.id,
            "sale_line_id": self.sale_line_id.id,
            "quantity": 0.0,
            "previous_quantity": self.quantity,
            "verdict": "missing",
            "message": self.env._(
                "%(list)s had %(quantity)s of it; was it not shipped after all?",
                list=self.list_id.name,
                quantity=self.quantity,
            ),
        }

    # ------------------------------------------------------------------
    # Finding the order
    # ------------------------------------------------------------------
    def _find_orders(self):
        """Give each row its order line, or say plainly why there is none."""
        rows = self.filtered(lambda line: line.verdict in ("new", "no_order"))
        for shipping_list in rows.list_id:
            part = rows.filtered(
                lambda line, owner=shipping_list: line.list_id == owner
            )
            part._find_orders_of(shipping_list)

    def _find_orders_of(self, shipping_list):
        # Who hands in a list need not see orders; the verdict only names them.
        finder = OrderFinder(shipping_list.sudo())
        for row in self.sorted(lambda line: (line.date, line.row)):
            row._as_internal().write(row._find_order(finder))

    def _find_order(self, finder):
        """Return verdict, message and order line of one row."""
        partner = finder.partner(self.partner_name)
        if not partner:
            return {
                "verdict": "no_order",
                "message": self.env._(
                    "No customer “%(name)s” is known; correct the name or set the "
                    "customer of the list.",
                    name=self.partner_name,
                ),
            }
        product = finder.product(partner, self.part_key)
        if not product:
            return {
                "verdict": "no_order",
                "partner_id": partner.id,
                "message": self.env._(
                    "No part “%(part)s” is known for %(partner)s; add it or an "
                    "alias for it.",
                    part=self.part,
                    partner=partner.name,
                ),
            }
        return {
            "partner_id": partner.id,
            "product_id": product.id,
            **self._find_order_line(finder, partner, product),
        }

    def _find_order_line(self, finder, partner, product):
        lines = finder.lines(partner, product, self.order_ref)
        factor = finder.factor(partner, self, lines[0]) if lines else 1.0
        if factor is None:
            return {"verdict": "no_order", "message": self._unit_refusal(lines[0])}
        wanted = self.quantity * factor
        if wanted < 0:
            taken = [(line, wanted) for line in lines[:1]]
        else:
            taken = finder.take(lines, wanted)
        if taken:
            return {
                "verdict": "new",
                "message": False,
                "sale_line_id": taken[0][0].id,
            }
        return {
            "verdict": "no_order",
            "message": self.env._(
                "%(partner)s has no open order for %(wanted)s of %(part)s "
                "(open: %(open)s); enter or extend the order, then check again.",
                partner=partner.name,
                part=product.display_name,
                wanted=wanted,
                open=sum(finder.open_quantity(line) for line in lines),
            ),
        }

    def _unit_refusal(self, order_line):
        return self.env._(
            "Row %(row)s counts %(part)s in %(unit)s, the order in %(ordered)s; add an "
            "alias of the part with the factor between them.",
            row=self.row,
            part=self.part,
            unit=self.unit,
            ordered=order_line.product_uom_id.name,
        )

    # ------------------------------------------------------------------
    # Answers of a person
    # ------------------------------------------------------------------
    def action_keep(self, reason=None):
        """Answer the question about missing rows: they were shipped."""
        self._answer("missing", "kept", reason)

    def action_reverse(self, reason=None):
        """Answer the question about missing rows: take the delivery back."""
        self._check_desk()
        rows = self.filtered(lambda line: line.verdict == "missing")
        rows._as_internal().write({"answer": reason or False})
        rows._make_deliveries()

    def action_dismiss(self, reason=None):
        """Leave out rows that are not ours to deliver, with a reason."""
        self._answer("no_order", "dismissed", reason)

    def _check_desk(self):
        """Refuse anyone but the desk, which answers for what was shipped."""
        self.check_access("write")
        self.env["rd.close"]._check_desk()

    def _answer(self, source, target, reason):
        self._check_desk()
        for row in self:
            if row.verdict != source:
                raise UserError(
                    self.env._(
                        "Row %(row)s of %(list)s does not wait for this answer.",
                        row=row.row,
                        list=row.list_id.name,
                    )
                )
        self._as_internal().write({"verdict": target, "answer": reason or False})

    # ------------------------------------------------------------------
    # Delivering
    # ------------------------------------------------------------------
    def _make_deliveries(self):
        """Make stock moves for the rows, dated as the list says.

        Rows of one note, customer and day travel in one transfer; the difference
        to an earlier list is moved, never the earlier move changed. Everything is
        created in batches, and the open moves of the orders are split for it.
        """
        # Stock moves are the warehouse's; the desk acts on its list here.
        rows = self.sudo().with_context(tracking_disable=True)
        transfers = rows._make_transfers()
        finders = {owner: OrderFinder(owner) for owner in rows.list_id}
        splits, moves = [], rows.env["stock.move"]
        for row, picking in transfers:
            taken, created = row._prepare_moves(picking, finders[row.list_id])
            moves |= taken
            splits += created
        created = rows.env["stock.move"]._as_internal().create(splits)
        moves |= created.with_env(rows.env)._action_confirm(merge=False)
        for move in moves:
            move.quantity = move.product_uom_qty
        moves.write({"picked": True})
        rows._finish_transfers(transfers)
        rows._settle_verdicts()

    def _make_transfers(self):
        """Return ``[(row, transfer)]``, one transfer per note, customer and day."""
        groups = defaultdict(self.browse)
        for row in self:
            incoming = row._delta() < 0
            key = row.list_id, row.note_key, row.partner_id, row.date, incoming
            groups[key] |= row
        pickings = (
            self.env["stock.picking"]
            ._as_internal()
            .create(
                [
                    rows[0]._prepare_picking_values(incoming=key[-1])
                    for key, rows in groups.items()
                ]
            )
        )
        pickings = pickings.with_env(self.env)
        return [
            (row, picking)
            for rows, picking in zip(groups.values(), pickings, strict=True)
            for row in rows
        ]

    def _finish_transfers(self, transfers):
        days = defaultdict(self.env["stock.picking"].browse)
        for row, picking in transfers:
            days[row.company_id, row.date] |= picking
        for (company, day), pickings in days.items():
            pickings._action_done()
            moment = company._rd_noon(day)
            pickings.write({"date_done": moment})
            pickings.move_line_ids.write({"date": moment})

    def _delta(self):
        """Return the signed quantity still to be moved for this row."""
        return self.quantity - (self.previous_quantity if self.previous_id else 0.0)

    def _prepare_picking_values(self, incoming):
        warehouse = self.list_id.warehouse_id
        customer = self.sale_line_id.order_id.partner_shipping_id
        outside = customer.property_stock_customer
        inside = warehouse.lot_stock_id
        out_type = warehouse.out_type_id
        in_type = out_type.return_picking_type_id or warehouse.in_type_id
        return {
            "partner_id": customer.id,
            "picking_type_id": (in_type if incoming else out_type).id,
            "location_id": (outside if incoming else inside).id,
            "location_dest_id": (inside if incoming else outside).id,
            "origin": self.sale_line_id.order_id.name,
            "rd_note": self.note,
            "rd_shipping_list_id": self.list_id.id,
            "company_id": self.company_id.id,
        }

    def _prepare_moves(self, picking, finder):
        """Return ``(open moves taken whole, values of moves to create)``."""
        line = self.sale_line_id
        factor = finder.factor(self.partner_id, self, line)
        quantity = abs(self._delta()) * (factor or 1.0)
        if self._delta() < 0:
            values = self._prepare_return_values(picking, line, quantity)
            return self.env["stock.move"], [values]
        lines = finder.lines(self.partner_id, line.product_id, self.order_ref)
        lines = [line] + [other for other in lines if other != line]
        taken, splits = self.env["stock.move"], []
        for order_line, part in finder.take(lines, quantity) or [(line, quantity)]:
            whole, values = self._take_open_moves(picking, order_line, part)
            taken |= whole
            splits += values
        return taken, splits

    def _take_open_moves(self, picking, order_line, quantity):
        """Take ``quantity`` off the open moves of an order line, oldest first."""
        taken, splits = self.env["stock.move"], []
        unit = order_line.product_uom_id
        rest = quantity
        for pending in pending_moves(order_line):
            if unit.compare(rest, 0.0) <= 0:
                break
            pending._do_unreserve()
            available = pending.product_uom._compute_quantity(
                pending.product_uom_qty, unit, round=False
            )
            if unit.compare(rest, available) >= 0:
                pending._as_internal().write(
                    {"picking_id": picking.id, "rd_shipping_line_id": self.id}
                )
                taken |= pending
            else:
                splits += self._prepare_split_values(picking, pending, rest, unit)
            rest -= min(rest, available)
        if unit.compare(rest, 0.0) > 0:
            # What a corrected list adds beyond the open order.
            splits.append(self._prepare_move_values(picking, order_line, rest))
        return taken, splits

    def _prepare_split_values(self, picking, pending, quantity, unit):
        product_quantity = unit._compute_quantity(
            quantity, pending.product_id.uom_id, round=False
        )
        return [
            {**values, "picking_id": picking.id, "rd_shipping_line_id": self.id}
            for values in pending._split(product_quantity)
        ]

    def _prepare_return_values(self, picking, order_line, quantity):
        delivered = order_line.move_ids.filtered(
            lambda move: (
                move.state == "done" and move.location_dest_id.usage == "customer"
            )
        ).sorted(lambda move: (move.date, move.id))
        return {
            **self._prepare_move_values(picking, order_line, quantity),
            "origin_returned_move_id": delivered[-1:].id,
            "to_refund": True,
        }

    def _prepare_move_values(self, picking, order_line, quantity):
        return {
            "product_id": order_line.product_id.id,
            "product_uom_qty": quantity,
            "product_uom": order_line.product_uom_id.id,
            "picking_id": picking.id,
            "picking_type_id": picking.picking_type_id.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "company_id": picking.company_id.id,
            "warehouse_id": picking.picking_type_id.warehouse_id.id,
            "procure_method": "make_to_stock",
            "sale_line_id": order_line.id,
            "rd_shipping_line_id": self.id,
        }

    def _settle_verdicts(self):
        """Turn moved rows live; what they correct no longer is."""
        rows = self._as_internal()
        replaced = rows.previous_id
        replaced.write({"live": False})
        replaced.flush_recordset(["live"])
        for row in rows:
            gone = row.verdict == "missing"
            row.write({"verdict": "delivered", "live": not gone, "message": False})
