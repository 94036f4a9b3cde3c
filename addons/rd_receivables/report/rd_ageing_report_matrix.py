# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Date
from odoo.tools import format_date, formatLang

GROUPS = ("partner_id", "partner_class", "user_id", "contract_id")
ITEM_NAMES = (
    ("partner_id", "text", 18),
    ("name", "text", 14),
    ("contract_id", "text", 14),
    ("invoice_date", "date", 9),
    ("due_date", "date", 9),
    ("days_overdue", "number", 7),
    ("bucket", "text", 10),
    ("user_id", "text", 9),
    ("amount_residual", "money", 11),
)


class RdAgeingReport(models.Model):
    """The ageing of a day as a table, by customer, class, owner or contract."""

    _name = "rd.ageing.report"
    _inherit = ["rd.ageing.report"]

    @api.model
    def _get_matrix(self, company, day, basis, group):
        """Return the table of one company as of the end of a day.

        :param str basis: ``due``, ``document`` or ``delivery``
        :param str group: one of GROUPS
        :return: dict of ``buckets`` (labels), ``rows`` ([label, amounts by bucket,
            open, overdue]) and ``sums`` of the same columns; company currency
        """
        report = self._as_of(company, day, basis)
        labels = [label for _key, label in report._selection_bucket() if label]
        table = {}
        for value, bucket, amount, overdue in report._read_group(
            [("company_id", "=", company.id)],
            [group, "bucket"],
            ["amount_residual:sum", "amount_overdue:sum"],
        ):
            row = table.setdefault(value, [0.0] * (len(labels) + 2))
            row[int(bucket)] += amount
            row[-2] += amount
            row[-1] += overdue
        names = report._get_group_names(group, table)
        rows = sorted(
            ([names[value], *row] for value, row in table.items()),
            key=lambda row: (-row[-1], -row[-2], row[0]),
        )
        sums = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]
        return {
            "buckets": labels,
            "rows": rows,
            "sums": sums or [0.0] * (len(labels) + 2),
        }

    @api.model
    def _as_of(self, company, day, basis):
        """Return the model as it answers for a company, a day and a basis."""
        return self.with_company(company).with_context(
            rd_as_of=Date.to_string(day), rd_ageing_basis=basis
        )

    @api.model
    def _get_group_names(self, group, values):
        empty = self.env._("None")
        if self._fields[group].type == "selection":
            labels = dict(self._fields[group]._description_selection(self.env))
            return {value: labels.get(value) or empty for value in values}
        # A name is shown to whoever may read the row, as in any list.
        return {value: value.sudo().display_name or empty for value in values}

    @api.model
    def _get_items_of(self, company, day, basis):
        """Return the values of all open items, in the order of ``ITEM_NAMES``."""
        report = self._as_of(company, day, basis)
        buckets = dict(report._selection_bucket())
        items = report.search(
            [("company_id", "=", company.id)], order="partner_id, due_date, id"
        )
        values = []
        for item in items:
            row = []
            for name, *_rest in ITEM_NAMES:
                value = item[name]
                if name == "bucket":
                    value = buckets.get(value, "")
                elif item._fields[name].type == "many2one":
                    value = value.sudo().display_name or ""
                row.append(value)
            values.append(row)
        return values

    # ------------------------------------------------------------------
    # Paper
    # ------------------------------------------------------------------
    @api.model
    def _prepare_paper(self, company, day, basis, group):
        """Return every word and figure of the paper, in the reader's language."""
        matrix = self._get_matrix(company, day, basis, group)
        places = company.currency_id.decimal_places

        def money(amount):
            return formatLang(self.env, amount, digits=places)

        bases = {
            "due": self.env._("days overdue, from the due date"),
            "document": self.env._("days since the invoice"),
            "delivery": self.env._(
                "days since the last delivery, or the invoice where nothing was "
                "delivered"
            ),
        }
        return {
            "title": self.env._("Ageing of receivables"),
            "heads": [
                (self.env._("Company"), company.name),
                (self.env._("As of"), format_date(self.env, day)),
                (self.env._("Age counts"), bases[basis]),
                (self.env._("Currency"), company.currency_id.name),
            ],
            "columns": [
                self._fields[group]._description_string(self.env),
                *matrix["buckets"],
                self._fields["amount_residual"]._description_string(self.env),
                self._fields["amount_overdue"]._description_string(self.env),
            ],
            "matrix": matrix,
            "rows": [
                [row[0], *(money(amount) for amount in row[1:])]
                for row in matrix["rows"]
            ],
            "sums": [money(amount) for amount in matrix["sums"]],
            "total": self.env._("Total"),
            "share": self.env._("Share"),
            "shares": self._get_shares(matrix["sums"]),
        }

    @api.model
    def _get_shares(self, sums):
        """Return each sum as a share of what is open; empty where nothing is."""
        whole = sums[-2]
        return [f"{100 * amount / whole:.1f} %" if whole else "" for amount in sums]
