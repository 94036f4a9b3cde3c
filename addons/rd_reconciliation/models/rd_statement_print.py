# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import namedtuple

from odoo import models

from odoo.addons.rd_sales_admin.tools.capitals import amount_in_capitals

SUMS = ("untaxed", "tax", "total")

LINE_FIELDS = (
    *("id", "date", "note", "customer_order", "customer_order_line", "order_id"),
    *("customer_part", "part", "product_name", "uom_name", "settlement_class"),
    *("quantity", "price_unit", "discount", "tax_rate"),
    *("amount_untaxed", "amount_tax", "amount_total"),
    *("zero_reason", "carry_reason", "carried_age", "late", "late_reason", "plant"),
)
# A line as it lies in the database: what is empty is None.
PrintLine = namedtuple("PrintLine", LINE_FIELDS)


class RdStatement(models.Model):
    """What the statement's paper and its workbook show: one computation.

    Everything is in the language of the partner; the values of the rows are
    plain numbers, dates and texts, ``formats`` says how paper shows them.
    """

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    def _get_report_base_filename(self):
        """Return the name of the file: the statement and whom it is for."""
        self.ensure_one()
        return f"{self.name} {self.partner_id.name}".replace("/", "-")

    def _prepare_print_data(self):
        """Return all that is printed, as one dict.

        - ``record``: the statement in the language of the paper;
        - ``title``, ``company``, ``mark``, ``heads`` [(label, value)];
        - ``balances`` [(label, amount)]: opening + invoiced − receipts = closing, and
          what is stated and not invoiced yet, with which it is what they will owe;
        - ``columns`` [{key, label, kind, width, below?}], ``formats`` {kind: function},
          ``span``: how many columns stand before the first one with sums;
        - ``groups`` [{label, rows [{key: value}], sums {key: value}, parts}]: by
          class, ``parts`` of the same form by receiving plant where there are several;
        - ``total`` {key: value}, ``words`` (label, text);
        - ``carried`` {columns, rows}, ``stamps`` [(label, name)], ``remarks`` [text];
        - ``labels``: the other words of the form.
        """
        self.ensure_one()
        self = self.with_context(lang=self.partner_id.lang or self.env.lang)
        lines = self._get_print_lines()
        carried = [line for line in lines if line.carry_reason]
        groups = self._prepare_print_groups(
            [line for line in lines if not line.carry_reason]
        )
        total = self._sum_print_rows(row for group in groups for row in group["rows"])
        columns = self._get_print_columns(self._get_print_taxes(), total)
        return {
            "record": self,
            "title": self._get_print_title(),
            "company": self.company_id.name,
            "mark": self._get_print_mark(),
            "heads": self._get_print_heads(),
            "balances": self._get_print_balances(),
            "columns": columns,
            "span": self._get_print_span(columns),
            "formats": self._get_print_formats(),
            "groups": groups,
            "total": total,
            "words": self._get_print_words(total["total"]),
            "carried": self._prepare_print_carried(carried),
            "stamps": self._get_print_stamps(),
            "remarks": self._get_print_remarks(groups, carried),
            "labels": self._get_print_labels(),
        }

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------
    def _get_print_lines(self):
        """Return the lines of the paper, carried ones included, as ``PrintLine``.

        In one query and past the records: to ask 100,000 records for two dozen
        fields each takes as long as to write the workbook. ``order_id`` is the
        name of the order.
        """
        domain = [("statement_id", "=", self.id)]
        if self.state != "cancelled":
            domain += ["|", ("live", "=", True), ("carry_reason", "!=", False)]
        model = self.env["rd.statement.line"]
        query = model._search(domain, order=model._order)
        columns = [
            model._field_to_sql(query.table, name, query) for name in LINE_FIELDS
        ]
        lines = [
            PrintLine(*row) for row in self.env.execute_query(query.select(*columns))
        ]
        orders = self.env["sale.order"].sudo()
        orders = orders.browse({line.order_id for line in lines} - {None})
        names = {order.id: order.name for order in orders}
        return [line._replace(order_id=names.get(line.order_id)) for line in lines]

    def _get_print_taxes(self):
        """Return every tax that stands on a line of the statement."""
        groups = self.env["rd.statement.line"]._read_group(
            [("statement_id", "=", self.id)], ["tax_ids"]
        )
        return self.env["account.tax"].union(*(tax for (tax,) in groups))

    def _prepare_print_groups(self, lines):
        """Return the lines by settlement class, numbered through."""
        labels = self._get_print_choices("settlement_class")
        reasons = self._get_print_choices("zero_reason")
        by_class = {key: [] for key in labels}
        for line in lines:
            row = self._prepare_print_row(line, reasons)
            by_class[line.settlement_class or "other"].append(row)
        several = len({row["plant"] for rows in by_class.values() for row in rows}) > 1
        if several:
            for rows in by_class.values():
                rows.sort(key=lambda row: row["plant"])
        groups = [(labels[key], rows) for key, rows in by_class.items() if rows]
        self._number_print_rows(groups)
        return [
            {
                **self._prepare_print_group(label, rows),
                "parts": self._prepare_print_plants(rows) if several else [],
            }
            for label, rows in groups
        ]

    def _prepare_print_group(self, label, rows):
        return {"label": label, "rows": rows, "sums": self._sum_print_rows(rows)}

    def _prepare_print_plants(self, rows):
        """Return rows that are sorted by plant as one group per plant."""
        by_plant = {}
        for row in rows:
            by_plant.setdefault(row["plant"], []).append(row)
        return [
            self._prepare_print_group(plant or self.env._("Without a plant"), part)
            for plant, part in by_plant.items()
        ]

    def _get_print_balances(self):
        """Return the account of the period as ``[(label, amount)]``."""
        balances = {
            **self._get_account_balances()[self.id],
            **self._get_stated_balances()[self.id],
        }
        labels = {
            "opening": self.env._("Opening balance"),
            "increase": self.env._("Invoiced this period"),
            "receipts": self.env._("Received this period"),
            "closing": self.env._("Closing balance"),
            "not_invoiced": self.env._("Stated, not invoiced yet"),
            "closing_stated": self.env._("Closing with this statement"),
        }
        return [(label, balances[name]) for name, label in labels.items()]

    def _get_print_choices(self, name):
        field = self.env["rd.statement.line"]._fields[name]
        return dict(field._description_selection(self.env))

    def _number_print_rows(self, groups):
        rows = (row for _label, rows in groups for row in rows)
        for number, row in enumerate(rows, start=1):
            row["number"] = number

    def _prepare_print_row(self, line, reasons):
        """Return the values of one line by column.

        :param dict reasons: the words for why a line stands at amount 0
        """
        return {
            **self._prepare_print_item(line),
            "quantity": line.quantity or 0.0,
            "price": line.price_unit or 0.0,
            "rate": line.tax_rate or 0.0,
            "untaxed": line.amount_untaxed or 0.0,
            "tax": line.amount_tax or 0.0,
            "total": line.amount_total or 0.0,
            "remark": self._get_print_remark(line, reasons),
        }

    def _prepare_print_item(self, line):
        """Return what was delivered when and for which order."""
        part, customer_part = line.part or "", line.customer_part or ""
        return {
            "date": line.date,
            "note": line.note or "",
            "order": line.customer_order or line.order_id or "",
            "order_line": line.customer_order_line or "",
            "customer_part": customer_part,
            "part": part if part != customer_part else "",
            "name": line.product_name or "",
            "uom": line.uom_name or "",
            "plant": line.plant or "",
        }

    def _get_print_remark(self, line, reasons):
        """Return the words beside a line: why it is 0, why it comes only now."""
        remarks = [reasons[line.zero_reason]] if line.zero_reason else []
        if line.late_reason:
            remarks.append(line.late_reason)
        elif line.carried_age:
            remarks.append(
                self.env["rd.statement.line"]._get_age_text(line.carried_age)
            )
        elif line.late:
            remarks.append(self.env._("of an earlier period"))
        if line.discount:
            remarks.append(self.env._("discount %s%%", f"{line.discount:g}"))
        return "; ".join(remarks)

    def _sum_print_rows(self, rows):
        """Return the sums of rows; quantities only where all have one unit."""
        rows = list(rows)
        units = {row["uom"] for row in rows}
        sums = {
            key: self.currency_id.round(sum(row[key] for row in rows)) for key in SUMS
        }
        if len(units) == 1:
            sums["quantity"] = sum(row["quantity"] for row in rows)
        return sums

    def _prepare_print_carried(self, lines):
        """Return the lines that go to the next month, with the reason."""
        rows = [
            {
                **self._prepare_print_item(line),
                "quantity": line.quantity or 0.0,
                "remark": line.carry_reason,
            }
            for line in lines
        ]
        self._number_print_rows([("", rows)])
        columns = self._get_print_item_columns()
        columns.append(self._print_column("remark", self.env._("Reason"), "text", 60))
        return {"columns": columns, "rows": rows}

    # ------------------------------------------------------------------
    # Columns and formats
    # ------------------------------------------------------------------
    def _print_column(self, key, label, kind, width, below=None):
        return {
            "key": key,
            "label": label,
            "kind": kind,
            "width": width,
            "below": below,
        }

    def _get_print_item_columns(self, name_width=36):
        column, env = self._print_column, self.env
        part = column("part", env._("Our part no."), "text", 24)
        return [
            column("number", env._("No."), "number", 8),
            column("date", env._("Delivery date"), "date", 16),
            column("note", env._("Delivery note"), "text", 23),
            column("order", env._("Order no."), "text", 19),
            column("order_line", env._("Order line"), "text", 10),
            column("customer_part", env._("Your part no."), "text", 25, below=part),
            column("name", env._("Name and specification"), "text", name_width),
            column("uom", env._("Unit"), "unit", 9),
            column("quantity", env._("Quantity"), "quantity", 14),
        ]

    def _get_print_columns(self, taxes, total):
        """Return the columns of the list in the affiliate's order and words.

        :param taxes: all taxes of the lines; they decide what the price includes
        :param dict total: the sums, which must find room in their columns
        """
        catalogue = self._get_print_catalogue(taxes, total)
        layout = self.env["rd.statement.column"]._get_layout(
            self.company_id, self.partner_id
        )
        columns = []
        for key, label, below in layout:
            column = {**catalogue[key], "below": None}
            if label:
                column["label"] = label
            if below and columns:
                columns[-1]["below"] = column
            else:
                columns.append(column)
        return columns

    def _get_print_span(self, columns):
        """Return how many columns stand before the first one that has a sum."""
        summed = [
            index
            for index, column in enumerate(columns)
            if column["key"] in (*SUMS, "quantity")
        ]
        return summed[0] if summed else len(columns)

    def _get_print_catalogue(self, taxes, total):
        """Return every column there is, by key."""
        column, env = self._print_column, self.env
        money = self._get_print_formats()["money"]
        width = {key: max(19, 1.3 * len(money(total[key])) + 2) for key in SUMS}
        excess = sum(width.values()) - 19 * len(width)
        columns = [
            *self._get_print_item_columns(max(22, 36 - excess)),
            column("part", env._("Our part no."), "text", 24),
            column("plant", env._("Receiving plant"), "text", 22),
            column("price", self._get_print_price_label(taxes), "price", 17),
            column("rate", env._("Tax rate"), "rate", 9),
            column(
                "untaxed", env._("Amount (tax excluded)"), "money", width["untaxed"]
            ),
            column("tax", env._("Tax amount"), "money", width["tax"]),
            column("total", env._("Total (tax included)"), "money", width["total"]),
            column("remark", env._("Remarks"), "text", 20),
        ]
        return {one["key"]: one for one in columns}

    def _get_print_price_label(self, taxes):
        included = {tax.price_include for tax in taxes.sudo()}
        if included == {True}:
            return self.env._("Unit price (tax included)")
        if included == {False}:
            return self.env._("Unit price (tax excluded)")
        return self.env._("Unit price")

    def _get_print_formats(self):
        """Return how the paper shows each kind of value."""
        digits = self.env["decimal.precision"].precision_get
        money = self.currency_id.decimal_places
        price = digits("Product Price")
        return {
            "text": str,
            "unit": str,
            "number": str,
            "date": lambda day: day.isoformat() if day else "",
            "quantity": self._get_print_number(0, digits("Product Unit")),
            "price": self._get_print_number(money, max(money, price)),
            "rate": lambda rate: f"{rate:g}%",
            "money": self._get_print_number(money, money),
        }

    def _get_print_number(self, least, most):
        """Return a function number → text with ``least`` to ``most`` decimals."""
        return self.env["rd.paper"]._get_number_writer(least, most)

    # ------------------------------------------------------------------
    # Words around the list
    # ------------------------------------------------------------------
    def _get_print_title(self):
        return self.env._("Statement – %(partner)s", partner=self.partner_id.name)

    def _get_print_mark(self):
        """Return the word that says across the page that the paper does not count."""
        if self.state == "cancelled":
            return self.env._("CANCELLED")
        return self.env._("DRAFT") if self.state == "draft" else ""

    def _get_print_heads(self):
        return [
            (self.env._("Customer"), self.partner_id.name),
            (self.env._("Statement no."), self._get_print_number_and_revision()),
            (self.env._("Period"), self._get_print_period()),
            (self.env._("Printed on"), self.company_id._rd_today().isoformat()),
            (self.env._("Supplier"), self.company_id.name),
            (self.env._("Currency"), self._get_print_currency()),
        ]

    def _get_print_period(self):
        if not self.date_from:
            return self.env._("until %s", self.date_to)
        return f"{self.date_from} – {self.date_to}"

    def _get_print_number_and_revision(self):
        if self.revision and self.revision > 1:
            return self.env._(
                "%(name)s, revision %(revision)s",
                name=self.name,
                revision=self.revision,
            )
        return self.name

    def _get_print_currency(self):
        if self.currency_id.name == "CNY":
            return self.env._("CNY, in yuan")
        return self.currency_id.name

    def _get_print_words(self, total):
        """Return the total once more: in capitals for CNY, else in digits."""
        if self.currency_id.name == "CNY":
            return self.env._("Amount in capitals (RMB)"), amount_in_capitals(total)
        money = self._get_print_formats()["money"]
        return self.env._("Total amount"), f"{self.currency_id.name} {money(total)}"

    def _get_print_stamps(self):
        return [
            (self.env._("Supplier (seal)"), self.company_id.name),
            (self.env._("Customer (seal)"), self.partner_id.name),
        ]

    def _get_print_remarks(self, groups, carried):
        """Return the sentences below the list; only those that apply."""
        remarks = [
            self.env._(
                "Please confirm this statement with signature and seal, or name each "
                "line you do not agree with and return it."
            )
        ]
        if any(not row["total"] for group in groups for row in group["rows"]):
            remarks.append(
                self.env._(
                    "Lines at amount 0 are listed for completeness; "
                    "the remarks say why."
                )
            )
        if carried:
            remarks.append(
                self.env._("Lines carried over to the next month are not in the total.")
            )
        return remarks

    def _get_print_labels(self):
        return {
            "subtotal": self.env._("Sub-total"),
            "total": self.env._("Total"),
            "carried": self.env._("Carried over to the next month"),
            "signature": self.env._("Signature"),
            "date": self.env._("Date"),
            "remarks": self.env._("Notes"),
        }
