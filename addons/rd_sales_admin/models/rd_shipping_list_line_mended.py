# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

# Nothing was delivered for these yet, so the later row may stand in their place.
MENDABLE = ("no_order", "refused", "new", "changed")
# Left out by the desk: it stays so, also where it comes again as it was written.
ANSWERED = ("dismissed",)
# What makes a row, beside its quantity, as it was written.
WRITTEN = ("part_key", "unit", "partner_name", "order_ref", "order_line_ref")


class RdShippingListLine(models.Model):
    """Rows that a later list brings again: the later one stands, the earlier rests."""

    _name = "rd.shipping.list.line"
    _inherit = ["rd.shipping.list.line"]

    mended_by_id = fields.Many2one(
        "rd.shipping.list.line",
        string="Mended by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The row of a later list that stands in the place of this one.",
    )
    mends_ids = fields.One2many(
        "rd.shipping.list.line", "mended_by_id", string="Stands for", readonly=True
    )
    late_month = fields.Date(
        string="Counts in",
        readonly=True,
        help="The month in which a row counts that came after its own was closed.",
    )
    corrected_month = fields.Date(
        string="Corrected in",
        readonly=True,
        help="The month in which a correction counts that came after the row's own "
        "was closed.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Note which rows come after their month was closed."""
        rows = super().create(vals_list)
        rows._note_month("late_month")
        return rows

    # ------------------------------------------------------------------
    # Coming again
    # ------------------------------------------------------------------
    def _compare_with_earlier(self):
        res = super()._compare_with_earlier()
        for rows in self.grouped("list_id").values():
            rows._settle_mended()
        return res

    def _settle_mended(self):
        """Let the rows of earlier lists rest that come again on this one.

        A row comes again by note, part and ordinal. One without an order may have
        named a wrong part: of the note's other rows, the first that is new and of the
        same quantity stands in its place; without one it stays for a person.
        """
        # The questions of a list are no rows of its file.
        rows = self.filtered("row")
        earlier = rows._search_mendable()
        again = {row._row_key(): row for row in rows}
        for old in earlier:
            old._rest_for(again.get(old._row_key(), self.browse()))
        fresh = rows.filtered(lambda row: not row.previous_id and not row.mends_ids)
        fresh = fresh.grouped("note_key")
        for old in earlier.filtered(lambda row: row.verdict == "no_order"):
            rest = fresh.get(old.note_key, self.browse())
            same = rest.filtered(lambda row, old=old: old._same_quantity(row.quantity))
            taken = same[:1]
            old._rest_for(taken)
            fresh[old.note_key] = rest - taken

    def _search_mendable(self):
        """Return the rows of the warehouse's earlier lists that these notes replace."""
        found = self.search(
            [
                ("warehouse_id", "in", self.warehouse_id.ids),
                ("note_key", "in", list(set(self.mapped("note_key")))),
                ("verdict", "in", MENDABLE + ANSWERED),
                ("mended_by_id", "=", False),
                ("row", "!=", 0),
                ("list_id", "<", min(self.list_id.ids, default=0)),
                ("list_id.state", "in", ("checked", "applied")),
            ]
        )
        return found.sorted(lambda row: (row.list_id.id, row.row, row.id))

    def _rest_for(self, later):
        """Let a row rest because ``later`` stands in its place; nothing without it."""
        self.ensure_one()
        if not later:
            return
        values = {"mended_by_id": later.id}
        if self.verdict in MENDABLE:
            values["verdict"] = "mended"
            values["message"] = self.env._(
                "Came again as row %(row)s of %(list)s.",
                row=later.row,
                list=later.list_id.name,
            )
        self._as_internal().write(values)
        if self.verdict in ANSWERED and self._says_the_same(later):
            later._leave_out_again(self)

    def _leave_out_again(self, earlier):
        """Leave out what the desk has left out before, for the reason it gave then."""
        self._as_internal().write(
            {
                "verdict": earlier.verdict,
                "answer": earlier.answer,
                "message": self.env._(
                    "Was left out as row %(row)s of %(list)s.",
                    row=earlier.row,
                    list=earlier.list_id.name,
                ),
            }
        )

    def _ask_about(self, missing, shipping_list):
        """Ask about nothing that stands in the place of a row of this list."""
        rested = shipping_list.line_ids.filtered(lambda row: row.verdict == "mended")
        known = set()
        while rested:
            known |= {row._row_key() for row in rested}
            rested = rested.mended_by_id
        missing = [row for row in missing if row._row_key() not in known]
        return super()._ask_about(missing, shipping_list)

    def _wake_mended(self):
        """Open the rows again in whose place these stood; their list is withdrawn.

        What stands for one of these now stands for what that one stood for.
        """
        for row in self.filtered("mended_by_id"):
            row.mends_ids._as_internal().write({"mended_by_id": row.mended_by_id.id})
        self.filtered("mended_by_id")._as_internal().write({"mended_by_id": False})
        rested = self.mends_ids
        woken = rested.filtered(lambda row: row.verdict == "mended")
        rested._as_internal().write({"mended_by_id": False})
        woken._as_internal().write({"verdict": "no_order", "message": False})
        woken.list_id._recheck_rows()

    # ------------------------------------------------------------------
    # Right at once
    # ------------------------------------------------------------------
    def _get_last(self):
        """Return the row that stands for this one, as long as it says the same."""
        self.ensure_one()
        row = self
        while row._has_rested() and row._says_the_same(row.mended_by_id):
            row = row.mended_by_id
        return row

    def _has_rested(self):
        """Tell whether another row speaks for this one: one that was left out may have
        been taken up where it came again."""
        return self.verdict == "mended" or (
            self.verdict in ANSWERED and bool(self.mended_by_id)
        )

    def _get_first(self):
        """Return the row that first said what this one says."""
        self.ensure_one()
        row = self
        while same := row.mends_ids.filtered(
            lambda old, row=row: old._says_the_same(row)
        ):
            row = same[0]
        return row

    def _says_the_same(self, other):
        """Tell whether another row is written as this one, its day aside: a list
        without days takes that of its period."""
        return all(self[name] == other[name] for name in WRITTEN) and (
            self._same_quantity(other.quantity)
        )

    def _settle_verdicts(self):
        res = super()._settle_verdicts()
        first = self.browse([row._get_first().id for row in self.previous_id])
        first.filtered(lambda row: not row.corrected_month)._note_month(
            "corrected_month"
        )
        return res

    def _note_month(self, name):
        """Keep today's month as ``name`` where the rows' own month is closed."""
        late = self._filter_frozen()
        for company, rows in late.grouped("company_id").items():
            month = company._rd_today().replace(day=1)
            rows._as_internal().write({name: month})

    def _filter_frozen(self):
        """Return the rows whose month is closed: it counts nothing any more."""
        months = {row: row._get_month() for row in self}
        # Who hands in a list need not see the close; only which months it froze.
        closed = (
            self.env["rd.close"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("month", "in", list(set(months.values()))),
                    ("state", "=", "closed"),
                ],
                ["company_id", "month"],
            )
        )
        frozen = {(close.company_id, close.month) for close in closed}
        return self.filtered(lambda row: (row.company_id, months[row]) in frozen)

    def _get_month(self):
        day = self.late_month or self.date
        return day and day.replace(day=1)
