# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from decimal import ROUND_CEILING, Decimal

from odoo import api, fields, models

from .. import invoicing


class RdStatementLine(models.Model):
    """Which lines go on one invoice: the tax authority's limits decide."""

    _name = "rd.statement.line"
    _inherit = ["rd.statement.line"]

    invoice_group = fields.Integer(
        string="Invoice no. of the statement",
        readonly=True,
        aggregator=None,
        help="Lines with one number go on one invoice; 0 stands on none.",
    )

    def _set_invoice_groups(self, statement):
        """Write anew which lines go on one invoice together."""
        counted = self.filtered(lambda line: not line.zero_reason)
        rows = [(line, line.sale_line_id) for line in counted]
        numbers = dict(
            zip(counted, self._plan_invoice_groups(statement, rows), strict=True)
        )
        by_number = {}
        for line in self:
            number = numbers.get(line, 0)
            if line.invoice_group != number:
                by_number.setdefault(number, []).append(line.id)
        for number, ids in by_number.items():
            self.browse(ids)._as_internal().write({"invoice_group": number})

    @api.model
    def _plan_invoice_groups(self, statement, rows):
        """Return the number of the invoice for each of the rows, from 1.

        :param rows: ``[(line or values of one, order line)]``
        """
        partner, company = statement.partner_id, statement.company_id
        rules = partner._rd_get_invoice_rules(statement)
        usual = self._get_usual_position(partner, company)
        buckets = [self._get_invoice_bucket(*row, rules, usual) for row in rows]
        if rules.limits == invoicing.NO_LIMITS:
            # The usual case: a bucket is an invoice, nothing else has to be known.
            places = {item: place for place, item in enumerate(sorted(set(buckets)), 1)}
            return [places[bucket] for bucket in buckets]
        amounts = self._get_planned_amounts(statement, rows)
        items = [
            invoicing.Item(
                ref=number,
                bucket=buckets[number],
                article=self._get_invoice_article(values, order_line),
                amount=amount,
                order=(
                    values["date"] or date.min,
                    values["source_kind"],
                    values["source_id"],
                    values["qty_from"],
                ),
            )
            for number, ((values, order_line), amount) in enumerate(
                zip(rows, amounts, strict=True)
            )
        ]
        numbers = [0] * len(rows)
        groups = invoicing.split(items, rules.limits)
        for number, refs in enumerate(groups, start=1):
            for ref in refs:
                numbers[ref] = number
        return numbers

    @api.model
    def _get_planned_amounts(self, statement, rows):
        """Return a bound of each row's amount without tax, in whole cents.

        The exact cents depend on which lines are rounded together; the bound holds
        in every case.
        """
        base_lines = [
            self._prepare_base_line(
                order_line,
                values,
                self._get_planned_taxes(values),
                statement=statement,
            )
            for values, order_line in rows
        ]
        self.env["account.tax"]._add_tax_details_in_base_lines(
            base_lines, statement.company_id
        )
        unit = Decimal(str(statement.currency_id.rounding))
        return [
            _up(base["tax_details"]["raw_total_excluded_currency"], unit)
            for base in base_lines
        ]

    @api.model
    def _get_planned_taxes(self, values):
        """Return the taxes of a line, or of the values of one."""
        taxes = values["tax_ids"]
        if isinstance(taxes, models.BaseModel):
            return taxes
        return self.env["account.tax"].browse(taxes[0][2])

    @api.model
    def _get_invoice_bucket(self, values, order_line, rules, usual):
        """Return what never shares an invoice with another.

        :param usual: fiscal position of what belongs to no order
        """
        position = order_line.order_id.fiscal_position_id if order_line else usual
        bucket = [position.id or 0]
        if rules.by_class:
            bucket.append(values["settlement_class"] or "")
        if rules.by_order:
            bucket.append(order_line.order_id.id)
        if rules.by_rate:
            bucket.append(values["tax_rate"])
        return tuple(bucket)

    @api.model
    def _get_invoice_article(self, values, order_line):
        """Return what stands on one line of the tax invoice."""
        product = values["product_id"]
        return (
            product.id if isinstance(product, models.BaseModel) else product,
            values["uom_name"],
            values["price_unit"],
            values["discount"],
            tuple(self._get_planned_taxes(values).ids),
        )


def _up(amount, unit):
    """Return an amount in whole units, never below it; noise of floats is none."""
    exact = Decimal(str(round(amount, 6)))
    return (exact / unit).quantize(Decimal(1), ROUND_CEILING) * unit
