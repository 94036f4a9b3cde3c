# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin.ledger.clean import clean_key

from .rd_statement import FINAL_STATES, OPEN_STATES

READ_ONCE = {"file", "filename", "statement_id"}


class ForeignLedger(UserError):
    """A customer has handed in a file of which no delivery note is on the statement.

    :param owners: whose notes they are, for the desk alone; maybe nobody's
    """

    def __init__(self, message, owners):
        super().__init__(message)
        self.owners = owners


class RdLedger(models.Model):
    """One file of an affiliate's ledger, by its content; read once."""

    _name = "rd.ledger"
    _description = "Affiliate Ledger"
    _inherit = ["rd.layout.mixin"]
    _order = "read_date desc, id desc"
    _rec_name = "filename"
    _check_company_auto = True

    statement_id = fields.Many2one(
        "rd.statement",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    statement_state = fields.Selection(related="statement_id.state")
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="statement_id.partner_id", store=True, index=True
    )
    file = fields.Binary(attachment=True, required=True)
    filename = fields.Char()
    sha256 = fields.Char(string="Content hash", readonly=True)
    read_date = fields.Datetime(readonly=True)
    read_by_id = fields.Many2one("res.users", readonly=True)
    from_outside = fields.Boolean(
        string="Handed in by them",
        readonly=True,
        help="On the portal or by mail; else the desk has read the file.",
    )
    sheet = fields.Char(readonly=True)
    rows_read = fields.Integer(readonly=True)
    rows_used = fields.Integer(readonly=True)
    rows_skipped = fields.Integer(readonly=True)
    skipped_note = fields.Text(string="Rows left out", readonly=True)
    warning_note = fields.Text(
        string="Noticed",
        readonly=True,
        help="What is hidden, marked or computed in the file, and where.",
    )
    totals_note = fields.Text(
        string="Totals", readonly=True, help="The file's own totals against ours."
    )
    line_ids = fields.One2many("rd.ledger.line", "ledger_id", readonly=True)
    entry_ids = fields.One2many(
        "rd.ledger.entry",
        "ledger_id",
        string="Balances and payments",
        readonly=True,
    )

    _file_once = models.UniqueIndex(
        "(company_id, partner_id, sha256) WHERE sha256 IS NOT NULL",
        "This very file has already been read for this affiliate.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "sha256",
            "read_date",
            "read_by_id",
            "from_outside",
            "sheet",
            "rows_read",
            "rows_used",
            "rows_skipped",
            "skipped_note",
            "warning_note",
            "totals_note",
            "line_ids",
            "entry_ids",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Read each file as it arrives: an unreadable one leaves nothing behind."""
        ledgers = super().create(vals_list)
        ledgers._read()
        ledgers._wake()
        return ledgers

    def write(self, vals):
        if not self._is_internal() and READ_ONCE & vals.keys():
            raise UserError(
                self.env._("A ledger is read once; add the new file instead.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        for ledger in self:
            if ledger._is_left_unread():
                continue
            if ledger.statement_id.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%(file)s is evidence of %(statement)s, which is agreed; it "
                        "stays.",
                        file=ledger.filename,
                        statement=ledger.statement_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def _read(self):
        for ledger in self:
            ledger._check_statement_open()
            sha256 = hashlib.sha256(ledger._get_content()).hexdigest()
            ledger._replace_unread_file(sha256)
            ledger._as_internal().write(
                {
                    "sha256": sha256,
                    "read_date": fields.Datetime.now(),
                    "read_by_id": self.env.uid,
                }
            )
            # Of the same file handed in twice at once, one is refused here.
            ledger.flush_recordset()
            ledger._read_by_layout()

    def _is_asked(self):
        """Nothing is asked any more where the statement never opens again."""
        return super()._is_asked() and self.statement_state not in FINAL_STATES

    def _profile_refusal(self):
        if self.statement_state in OPEN_STATES:
            return super()._profile_refusal()
        return self.env._(
            "%(file)s can still be read by %(profile)s once %(statement)s is taken "
            "back; archive the profile instead.",
            file=self.filename or self.display_name,
            profile=self.profile_id.name,
            statement=self.statement_id.display_name,
        )

    def _accept_layout(self):
        """A layout is accepted while the statement is open; its rows are matched."""
        for ledger in self:
            ledger._check_statement_open()
        res = super()._accept_layout()
        self._wake()
        return res

    def _wake(self):
        """What has arrived is matched by itself, without waiting for the night."""
        for statement in self.statement_id:
            statement.close_id._wake(statement.partner_id)

    def _ask_sentence(self):
        """Return what has to be done about the first of these ledgers."""
        return self.env._(
            "%(file)s waits: look at its layout and accept it, then its rows count.",
            file=self[:1].filename or self[:1].display_name,
        )

    def _prepare_profile_owner(self):
        return {
            "name": self.env._("Ledger of %(partner)s", partner=self.partner_id.name),
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
        }

    def _get_reading_settings(self):
        return {
            # A deduction has no note, freight no part; both are lines.
            "required": ["note|part|name", "quantity|accepted|amount|total"],
            "period_from": self.statement_id.date_from,
            "period_to": self.statement_id.date_to,
        }

    def _check_table(self, table):
        self._check_right_affiliate(table)

    def _find_tax_basis(self, table):
        """Compare their amounts with ours, on lines of the same note and quantity.

        Two sides that agree on some line and contradict on none leave no doubt.
        """
        ours = {}
        for line in self.statement_id._lines():
            if line.amount_tax:
                key = clean_key(line.note or ""), abs(line.quantity)
                ours.setdefault(key, []).append(line)
        found = set()
        for row in table.rows:
            found |= self._compare_basis(row.values, ours)
        return found.pop() if len(found) == 1 else None

    def _compare_basis(self, cells, ours):
        """Return the sides of the tax on which a row's amount meets one of ours."""
        quantity = self._prepare_quantities(cells)["accepted"]
        key = clean_key(cells.get("note") or ""), abs(quantity)
        amount = cells.get("amount")
        if not key[0] or amount is None:
            return set()
        close = self.statement_id.currency_id.compare_amounts
        sides = {"included": "amount_total", "excluded": "amount_untaxed"}
        return {
            basis
            for basis, name in sides.items()
            for line in ours.get(key, ())
            if close(abs(line[name]), abs(float(amount))) == 0
        }

    def _take_rows(self, table):
        self._as_internal().write(self._prepare_reading_values(table))
        self.env["rd.ledger.line"]._as_internal().create(
            self._prepare_line_values(table, self.profile_id)
        )
        Entry = self.env["rd.ledger.entry"]._as_internal()
        Entry.create(Entry._prepare_entries(self, table))

    def _is_left_unread(self):
        """Tell whether its statement was cancelled before its rows were read."""
        unread = self.layout_state == "asked"
        return unread and self.statement_id.state == "cancelled"

    def _replace_unread_file(self, sha256):
        """Let the same file go where it was left unread: this one takes its place.

        :raise UserError: where it has been read, naming for which statement
        """
        self.ensure_one()
        earlier = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("sha256", "=", sha256),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if earlier._is_left_unread():
            # Whoever may hand it in need not be allowed to delete.
            earlier.sudo().unlink()
        elif earlier:
            raise UserError(
                self.env._(
                    "%(file)s has already been read for %(statement)s.",
                    file=self.filename,
                    statement=earlier.statement_id.display_name,
                )
            )

    def _check_statement_open(self):
        self.ensure_one()
        statement = self.statement_id
        if statement.state not in OPEN_STATES:
            raise UserError(
                self.env._(
                    "%(statement)s is no longer open; hand in the ledger with the "
                    "next month's statement.",
                    statement=statement.display_name,
                )
            )

    def _check_right_affiliate(self, table):
        """Refuse a file whose delivery notes are all another affiliate's.

        What a customer hands in is refused with any notes that are not on this
        statement: whether others have them the answer does not tell either.
        """
        notes = {clean_key(row.values.get("note") or "") for row in table.rows} - {""}
        ours = {clean_key(line.note or "") for line in self.statement_id._lines()}
        if not notes or notes & ours:
            return
        owners = self._find_owners(notes)
        if self.from_outside and ours - {""}:
            raise ForeignLedger(self._get_outside_text(), owners)
        if not self.from_outside and owners and self.partner_id not in owners:
            raise UserError(self._get_wrong_affiliate_text(owners))

    def _find_owners(self, notes):
        """Return the affiliates on whose statements of the month the notes stand."""
        lines = self.env["rd.statement.line"].search_fetch(
            [
                ("company_id", "=", self.company_id.id),
                ("live", "=", True),
                ("statement_id.close_id", "=", self.statement_id.close_id.id),
            ],
            ["partner_id", "note"],
        )
        return lines.filtered(
            lambda line: clean_key(line.note or "") in notes
        ).partner_id

    def _get_outside_text(self):
        """Return what a customer is told, whoever's the notes of the file are."""
        return self.env._(
            "%(file)s cannot be taken: none of its delivery notes is on this "
            "statement.",
            file=self.filename,
        )

    def _get_wrong_affiliate_text(self, others):
        return self.env._(
            "%(file)s is the ledger of %(other)s, not of %(partner)s: its delivery "
            "notes are theirs.",
            file=self.filename,
            other=", ".join(others.mapped("name")),
            partner=self.partner_id.name,
        )

    def _prepare_reading_values(self, table):
        texts = self.env["rd.ledger.profile"]
        return {
            "sheet": table.sheet,
            "rows_read": table.rows_read,
            "rows_used": len(table.rows),
            "rows_skipped": len(table.skipped),
            "skipped_note": "\n".join(
                f"{skip.row}: {texts._text(skip.reason)}" for skip in table.skipped
            ),
            "warning_note": "\n".join(texts._warning_texts(table)),
            "totals_note": "\n".join(texts._mismatch_texts(table)),
        }

    def _prepare_line_values(self, table, profile):
        return [
            {
                "ledger_id": self.id,
                "row": row.number,
                "raw": row.raw,
                "note": row.values.get("note") or "",
                "part": row.values.get("part") or "",
                "order_ref": row.values.get("order") or "",
                "order_line_ref": row.values.get("order_line") or "",
                "name": row.values.get("name") or "",
                "unit": row.values.get("unit") or "",
                "remark": row.values.get("remark") or "",
                "invoice": row.values.get("invoice") or "",
                "date": _day(row.values.get("date")),
                "receipt_date": _moment(
                    row.values.get("receipt_date") or row.values.get("date")
                ),
                "tax_basis": profile.tax_basis or "included",
                **{
                    name: float(row.values[name])
                    for name in ("price", "tax_rate")
                    if row.values.get(name) is not None
                },
                **self._prepare_quantities(row.values),
                **self._prepare_amounts(row.values),
            }
            for row in table.goods()
        ]

    def _prepare_quantities(self, cells):
        sent = cells.get("quantity")
        accepted = cells.get("accepted")
        return {
            "quantity": float(sent if sent is not None else accepted or 0),
            "accepted": float(accepted if accepted is not None else sent or 0),
        }

    def _prepare_amounts(self, cells):
        """Return their amount and whether they state one at all."""
        for name, basis in (("total", "included"), ("amount", False)):
            if cells.get(name) is not None:
                values = {"amount": float(cells[name]), "has_amount": True}
                return {**values, "tax_basis": basis} if basis else values
        return {"amount": 0.0, "has_amount": False}


def _day(value):
    return value.date() if isinstance(value, datetime) else value or False


def _moment(value):
    if not value:
        return False
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, datetime.min.time())
