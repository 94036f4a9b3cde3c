# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

PAPER_SIZES = {
    "a4": "A4",
    # Two and three forms of the endless paper of matrix printers, copies in one go.
    "241_140": "241mm 140mm",
    "241_280": "241mm 280mm",
}


class RdPaper(models.AbstractModel):
    """What the papers of goods show, once for the sheet and the workbook.

    Values of the rows are plain numbers, dates and texts in the language of the
    environment; ``formats`` says how paper shows each kind of them.
    """

    _name = "rd.paper"
    _description = "Paper of the Desk"

    # ------------------------------------------------------------------
    # Delivery note
    # ------------------------------------------------------------------
    @api.model
    def _prepare_delivery_note(self, picking):
        """Return all that is printed of the note that travels with a delivery."""
        lang = picking.partner_id.lang or picking.company_id.partner_id.lang
        self = self.with_context(lang=lang or self.env.lang)
        picking = picking.with_env(self.env)
        rows = self._get_rows(picking.move_ids.filtered("quantity"))
        with_prices = picking.company_id.rd_note_prices
        return {
            "record": picking,
            "title": self._get_note_title(picking),
            "foot": picking._rd_get_note(),
            "size": PAPER_SIZES[picking.company_id.rd_note_paper or "a4"],
            "landscape": False,
            "mark": "" if picking.state == "done" else self.env._("DRAFT"),
            "heads": self._get_note_heads(picking),
            "columns": self._get_note_columns(),
            "rows": rows if with_prices else self._without_prices(rows),
            "totals": self._get_totals(rows, with_prices),
            "signs": self._get_note_signs(),
            "remarks": self._get_note_remarks(),
            **self._get_common(picking.company_id),
        }

    @api.model
    def _get_note_title(self, picking):
        if picking.location_id.usage == "customer":
            return self.env._("Return note")
        return self.env._("Delivery Note")

    @api.model
    def _get_note_heads(self, picking):
        customer, company = picking.partner_id, picking.company_id
        orders = picking.move_ids.sale_line_id.order_id.sudo()
        references = [order.client_order_ref or order.name for order in orders]
        moment = picking.date_done or picking.scheduled_date
        return [
            (self.env._("Note no."), picking._rd_get_note()),
            (self.env._("Date"), company._rd_local_date(moment).isoformat()),
            (self.env._("Customer"), customer.commercial_partner_id.name or ""),
            (self.env._("Their order"), ", ".join(dict.fromkeys(references))),
            (self.env._("Deliver to"), self._get_address(customer)),
            (self.env._("Phone"), customer.phone or ""),
            (self.env._("Supplier"), company.name),
            (self.env._("Phone"), company.phone or ""),
        ]

    @api.model
    def _get_address(self, partner):
        lines = (partner._display_address(without_company=True) or "").splitlines()
        return " ".join(line.strip() for line in lines if line.strip())

    @api.model
    def _get_note_columns(self):
        column, env = self._column, self.env
        return [
            column("number", env._("No."), "number", 8),
            column("order", env._("Their order"), "text", 24),
            column("part", env._("Part number"), "text", 28),
            column("name", env._("Name and specification"), "text", 46),
            column("uom", env._("Unit"), "unit", 10),
            column("quantity", env._("Quantity"), "quantity", 16),
            column("price", env._("Unit price"), "price", 18),
            column("amount", env._("Amount"), "money", 20),
            column("remark", env._("Remarks"), "text", 22),
        ]

    @api.model
    def _get_note_signs(self):
        env = self.env
        return [
            env._("Issued by"),
            env._("Carrier / driver"),
            env._("Received by (signature and seal)"),
            env._("Received on"),
        ]

    @api.model
    def _get_note_remarks(self):
        return [
            self.env._(
                "Please check quantities and visible defects on receipt and note what "
                "is short, rejected or taken by concession beside the line."
            ),
            self.env._(
                "White: warehouse. Red: finance. Green: driver. Yellow: customer."
            ),
        ]

    # ------------------------------------------------------------------
    # Shipment list
    # ------------------------------------------------------------------
    @api.model
    def _prepare_shipment_list(self, record, moves, company, partner, period):
        """Return all that is printed of a list of shipments.

        :param record: what is printed
        :param moves: done moves, in any order
        :param partner: the customer, or an empty record for all of them
        :param period: (first day, last day)
        """
        lang = partner.lang or company.partner_id.lang
        self = self.with_context(lang=lang or self.env.lang)
        moves = moves.with_env(self.env).sorted(
            lambda move: (move.date, move.picking_id.id, move.id)
        )
        rows = self._get_rows(moves)
        return {
            "record": record.with_env(self.env),
            "title": self.env._("Shipment list"),
            "foot": record.display_name,
            "size": "A4 landscape",
            "landscape": True,
            "mark": "",
            "heads": self._get_list_heads(company, partner, period),
            "columns": self._get_list_columns(partner),
            "rows": rows if company.rd_note_prices else self._without_prices(rows),
            "totals": self._get_totals(rows, company.rd_note_prices),
            "signs": [
                self.env._("Prepared by"),
                self.env._("Warehouse (seal)"),
                self.env._("Customer (seal)"),
                self.env._("Date"),
            ],
            "remarks": [],
            **self._get_common(company),
        }

    @api.model
    def _get_list_heads(self, company, partner, period):
        everyone = self.env._("all customers")
        return [
            (self.env._("Customer"), partner.name or everyone),
            (self.env._("Period"), f"{period[0]} – {period[1]}"),
            (self.env._("Supplier"), company.name),
            (self.env._("Printed on"), company._rd_today().isoformat()),
        ]

    @api.model
    def _get_list_columns(self, partner):
        column, env = self._column, self.env
        customer = column("customer", env._("Customer"), "text", 30)
        return [
            column("number", env._("No."), "number", 8),
            column("date", env._("Date"), "date", 18),
            column("kind", env._("Kind"), "unit", 12),
            column("note", env._("Delivery note"), "text", 24),
            *([] if partner else [customer]),
            column("order", env._("Their order"), "text", 24),
            column("part", env._("Part number"), "text", 24),
            column("customer_part", env._("Their part number"), "text", 24),
            column("name", env._("Name and specification"), "text", 40),
            column("quantity", env._("Quantity"), "quantity", 14),
            column("uom", env._("Unit"), "unit", 9),
            column("price", env._("Unit price"), "price", 16),
            column("amount", env._("Amount"), "money", 18),
            column("signed", env._("Signed on"), "date", 18),
            column("remark", env._("Remarks"), "text", 18),
        ]

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------
    @api.model
    def _get_rows(self, moves):
        codes = self._get_customer_parts(moves)
        return [
            {"number": number, **self._prepare_row(move, codes)}
            for number, move in enumerate(moves, start=1)
        ]

    @api.model
    def _prepare_row(self, move, codes):
        """Return the values of one moved line; quantities are never negative, a
        return is told by its kind."""
        company, line = move.company_id, move.sale_line_id.sudo()
        customer = line.order_id.partner_invoice_id.commercial_partner_id
        back = move.location_id.usage == "customer"
        quantity = self._in_order_unit(move)
        price = self._get_price(line)
        signed = move.picking_id.rd_signed_date
        product = move.product_id
        reference = line.order_id.client_order_ref or line.order_id.name or ""
        return {
            "date": company._rd_local_date(move.date),
            "kind": self.env._("Return") if back else self.env._("Shipment"),
            "note": move.picking_id._rd_get_note(),
            "customer": customer.name or move.picking_id.partner_id.name or "",
            "order": " / ".join(filter(None, (reference, line.rd_customer_line))),
            "part": product.default_code or "",
            "customer_part": codes.get((customer.id, product.id), ""),
            "name": product.name,
            "uom": (line.product_uom_id or move.product_uom).name,
            "quantity": quantity,
            "price": price,
            "amount": line.currency_id.round(quantity * price) if line else 0.0,
            "signed": company._rd_local_date(signed) if signed else None,
            "remark": self._get_remark(move),
        }

    @api.model
    def _in_order_unit(self, move):
        if not move.sale_line_id:
            return move.quantity
        return move._rd_to_order_unit(move.quantity)

    @api.model
    def _get_price(self, line):
        return line.price_unit * (1 - line.discount / 100) if line else 0.0

    @api.model
    def _get_remark(self, move):
        figures = (
            (self.env._("short %s"), move.rd_short_qty),
            (self.env._("rejected %s"), move.rd_rejected_qty),
            (self.env._("by concession %s"), move.rd_conceded_qty),
        )
        return ", ".join(text % f"{value:g}" for text, value in figures if value)

    @api.model
    def _get_customer_parts(self, moves):
        """Return ``{(customer, product): their part number}``, in one query."""
        orders = moves.sale_line_id.order_id.sudo()
        aliases = (
            self.env["rd.part.alias"]
            .sudo()
            .search(
                [
                    ("company_id", "in", moves.company_id.ids),
                    (
                        "partner_id",
                        "in",
                        orders.partner_invoice_id.commercial_partner_id.ids,
                    ),
                    ("product_id", "in", moves.product_id.ids),
                    ("source", "=", "typed"),
                ],
                order="id",
            )
        )
        return {(one.partner_id.id, one.product_id.id): one.code for one in aliases}

    @api.model
    def _without_prices(self, rows):
        return [{**row, "price": None, "amount": None} for row in rows]

    @api.model
    def _get_totals(self, rows, with_prices):
        """Return ``[{key: value}]``: a line of totals per unit; units are never
        added up, nor are returns with shipments."""
        totals = {}
        for row in rows:
            total = totals.setdefault((row["kind"], row["uom"]), [0.0, 0.0])
            total[0] += row["quantity"]
            total[1] += row["amount"]
        return [
            {
                "label": self.env._("Total, %(kind)s", kind=kind),
                "uom": uom,
                "quantity": quantity,
                "amount": amount if with_prices else None,
            }
            for (kind, uom), (quantity, amount) in totals.items()
        ]

    # ------------------------------------------------------------------
    # Words and formats
    # ------------------------------------------------------------------
    @api.model
    def _column(self, key, label, kind, width):
        return {"key": key, "label": label, "kind": kind, "width": width}

    @api.model
    def _get_common(self, company):
        return {"company": company.name, "formats": self._get_formats(company)}

    @api.model
    def _get_formats(self, company):
        """Return how the paper shows each kind of value; nothing stays blank."""
        digits = self.env["decimal.precision"].precision_get
        money = company.currency_id.decimal_places
        writers = {
            "quantity": self._get_number_writer(0, digits("Product Unit")),
            "price": self._get_number_writer(
                money, max(money, digits("Product Price"))
            ),
            "money": self._get_number_writer(money, money),
            "date": lambda day: day.isoformat(),
        }
        kinds = ("text", "unit", "number", "date", "quantity", "price", "money")
        return {kind: self._blank_or(writers.get(kind, str)) for kind in kinds}

    @api.model
    def _blank_or(self, write):
        return lambda value: "" if value is None else write(value)

    @api.model
    def _get_number_writer(self, least, most):
        """Return a function number → text with ``least`` to ``most`` decimals."""
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        marks = {",": lang.thousands_sep or "", ".": lang.decimal_point or "."}
        table = str.maketrans(marks)

        def write(number):
            text = f"{round(number, most) + 0.0:,.{most}f}"
            whole, _point, decimals = text.partition(".")
            decimals = decimals[:least] + decimals[least:].rstrip("0")
            return (f"{whole}.{decimals}" if decimals else whole).translate(table)

        return write
