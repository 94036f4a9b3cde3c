# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import models

LEDGER = (
    ("name", "text", 14),
    ("date", "date", 12),
    ("customer", "text", 26),
    ("reason", "text", 18),
    ("note", "text", 16),
    ("part", "text", 18),
    ("product", "text", 28),
    ("quantity", "quantity", 10),
    ("unit", "text", 8),
    ("decision", "text", 18),
    ("credited", "text", 9),
    ("due", "date", 12),
    ("answered", "date", 12),
    ("state", "text", 12),
    ("finding", "text", 30),
)
KINDS = ("text", "number", "quantity", "rate", "rate")


class ReturnXlsx(models.AbstractModel):
    """Ledger of returns, and what most of them come from."""

    _name = "report.rd_custody.return_xlsx"
    _description = "Returns Workbook"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write the ledger and one Pareto sheet per reason, product, customer."""
        objs.check_access("read")
        lines = objs.line_ids.sorted(
            lambda line: (line.requested_date, line.return_id.id, line.id)
        )
        self._write_ledger(workbook, lines)
        live = lines.filtered(lambda line: line.state not in ("refused", "cancelled"))
        pages = (
            (self.env._("By reason"), "reason_id"),
            (self.env._("By product"), "product_id"),
            (self.env._("By customer"), "partner_id"),
        )
        for title, name in pages:
            self._write_pareto(workbook, title, name, live)

    # ------------------------------------------------------------------
    # Ledger
    # ------------------------------------------------------------------
    def _get_labels(self):
        env = self.env
        return (
            env._("Number"),
            env._("Asked for on"),
            env._("Customer"),
            env._("Reason"),
            env._("Delivery note"),
            env._("Part no."),
            env._("Product"),
            env._("Quantity"),
            env._("Unit"),
            env._("Decision"),
            env._("Credited"),
            env._("Answer due"),
            env._("Answered on"),
            env._("State"),
            env._("What was found"),
        )

    def _write_ledger(self, workbook, lines):
        page = workbook.add_worksheet(self.env._("Returns"))
        for column, (_name, _kind, width) in enumerate(LEDGER):
            page.set_column(column, column, width)
        heads = self._get_head_formats(workbook)
        page.write_string(0, 0, self.env._("Ledger of returns"), heads["title"])
        self._set_print_options(page, 1)
        self._write_row(page, 1, self._get_labels(), [heads["header"]] * len(LEDGER))
        formats = self._get_formats(workbook, border=1)
        kinds = [formats[kind] for _name, kind, _width in LEDGER]
        states = dict(lines._fields["state"]._description_selection(self.env))
        decisions = dict(lines._fields["disposition"]._description_selection(self.env))
        # A name is shown to whoever may read the row, as in any list.
        for row, line in enumerate(lines.sudo(), 2):
            self._write_row(
                page, row, self._prepare_row(line, states, decisions), kinds
            )

    def _prepare_row(self, line, states, decisions):
        record, company = line.return_id, line.company_id
        return (
            record.name,
            company._rd_local_date(line.requested_date),
            line.partner_id.name or "",
            line.reason_id.name,
            line.note_number or "",
            line.product_id.default_code or "",
            line.product_id.name,
            line.quantity,
            line.uom_id.name,
            decisions.get(line.disposition, ""),
            self.env._("yes") if line.is_credited else "",
            company._rd_local_date(record.answer_due),
            record.answered_date and company._rd_local_date(record.answered_date),
            states[line.state],
            line.finding or "",
        )

    # ------------------------------------------------------------------
    # Pareto
    # ------------------------------------------------------------------
    def _write_pareto(self, workbook, title, name, lines):
        page = workbook.add_worksheet(title)
        page.set_column(0, 0, 36)
        page.set_column(1, 4, 14)
        heads = self._get_head_formats(workbook)
        formats = self._get_formats(workbook, border=1)
        labels = (
            title,
            self.env._("Returns"),
            self.env._("Quantity"),
            self.env._("Share"),
            self.env._("Share so far"),
        )
        self._set_print_options(page, 0, landscape=False)
        self._write_row(page, 0, labels, [heads["header"]] * len(labels))
        kinds = [formats[kind] for kind in KINDS]
        for row, cells in enumerate(self._get_pareto(name, lines), 1):
            self._write_row(page, row, cells, kinds)

    def _get_pareto(self, name, lines):
        """Return ``[(label, returns, quantity, share, share so far)]``, largest first.

        Shares are percents of the quantity.
        """
        found, cases = defaultdict(float), defaultdict(set)
        for line in lines:
            found[line[name]] += line.quantity
            cases[line[name]].add(line.return_id.id)
        whole = sum(found.values()) or 1.0
        rows, so_far = [], 0.0
        for key in sorted(found, key=lambda key: (-found[key], key.id)):
            so_far += found[key]
            rows.append(
                (
                    key.sudo().display_name or "",
                    len(cases[key]),
                    found[key],
                    round(100.0 * found[key] / whole, 1),
                    round(100.0 * so_far / whole, 1),
                )
            )
        return rows
