# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import formatLang


class RdCollectionPlan(models.Model):
    """What the printed plan and its workbook show."""

    _name = "rd.collection.plan"
    _inherit = ["rd.collection.plan"]

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Collection plan %(month)s", month=self.name)

    def _prepare_print_data(self):
        """Return every word and figure of the paper, in the reader's language."""
        self.ensure_one()
        rows, sums = self._prepare_print_rows()
        return {
            "record": self,
            "title": self.env._("Monthly collection plan"),
            "mark": "" if self.state in ("approved", "closed") else self._get_mark(),
            "heads": self._prepare_print_heads(),
            "columns": self._get_print_columns(),
            "rows": rows,
            "sums": sums,
            "total": self.env._("Total"),
            "rates": [
                (
                    self._label(f"{name}_rate_text"),
                    self[f"{name}_rate_text"] or "",
                    self[f"{name}_formula"] or "",
                )
                for name in ("due", "whole", "on_time")
            ],
            "signs": [
                self.env._("Made by"),
                self.env._("Approved by"),
                self.env._("Finance"),
            ],
        }

    def _label(self, name):
        return self._fields[name]._description_string(self.env)

    def _get_mark(self):
        return self.env._("NOT APPROVED")

    def _prepare_print_heads(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return [
            (self.env._("Company"), self.company_id.name),
            (self._label("month"), self.name),
            (self._label("state"), states[self.state]),
            (self._label("snapshot_date"), str(self.snapshot_date or "")),
            (self._label("as_of"), str(self.as_of or "")),
            (self.env._("Approved by"), self.approved_by_id.name or ""),
        ]

    def _get_print_columns(self):
        """Return (label, class, width in percent, total or not) of each column."""
        fields = self.env["rd.collection.plan.line"]._fields
        return [
            (fields[name]._description_string(self.env), kind, width, summed)
            for name, kind, width, summed in self._get_print_fields()
        ]

    def _get_print_fields(self):
        return [
            ("partner_name", "text", 16, False),
            ("item_name", "text", 12, False),
            ("kind", "text", 7, False),
            ("due_date", "date", 8, False),
            ("opening_amount", "money", 9, True),
            ("planned_date", "date", 8, False),
            ("planned_amount", "money", 9, True),
            ("way", "text", 6, False),
            ("user_id", "text", 7, False),
            ("received_amount", "money", 9, True),
            ("waiting_amount", "money", 9, True),
        ]

    def _get_print_values(self):
        """Return the plain values of the lines, in the order of the columns."""
        names = [name for name, *_rest in self._get_print_fields()]
        lines = self.env["rd.collection.plan.line"]
        labels = {
            name: dict(lines._fields[name]._description_selection(self.env))
            for name in ("kind", "way")
        }
        return [
            [line._get_print_value(name, labels) for name in names]
            for line in self.line_ids
        ]

    def _prepare_print_rows(self):
        columns = self._get_print_fields()
        rows = self._get_print_values()
        sums = [
            self._format(sum(row[number] or 0 for row in rows), "money")
            if summed
            else ""
            for number, (_name, _kind, _width, summed) in enumerate(columns)
        ]
        texts = [
            [
                self._format(value, kind)
                for value, (_name, kind, _width, _sum) in zip(row, columns, strict=True)
            ]
            for row in rows
        ]
        return texts, sums

    def _format(self, value, kind):
        if kind == "money":
            places = self.currency_id.decimal_places
            return formatLang(self.env, value or 0, digits=places)
        return str(value or "")
