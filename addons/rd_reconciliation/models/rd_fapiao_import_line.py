# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin.ledger.clean import clean_key

from .rd_fapiao import CODE, NUMBER

OPEN = ("ambiguous", "no_request", "conflict", "refused", "void_live")


class RdFapiaoImportLine(models.Model):
    """One issued tax invoice of the list, and what it was matched with."""

    _name = "rd.fapiao.import.line"
    _description = "Row of a List of Issued Tax Invoices"
    _inherit = ["rd.guarded.mixin"]
    _order = "import_id desc, row, id"
    _rec_name = "number"

    import_id = fields.Many2one(
        "rd.fapiao.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    row = fields.Integer(aggregator=None, help="Row number in the spreadsheet.")
    number = fields.Char()
    code = fields.Char(string="Invoice code")
    date = fields.Date(string="Invoice date")
    buyer = fields.Char()
    buyer_key = fields.Char()
    buyer_vat = fields.Char(string="Tax number")
    kind_text = fields.Char(string="Kind")
    is_void = fields.Boolean(string="Voided")
    is_voided = fields.Boolean(
        string="Voided in its month", help="Without a red letter, by the list."
    )
    amount_untaxed = fields.Monetary()
    amount_tax = fields.Monetary()
    amount_total = fields.Monetary()
    verdict = fields.Selection(
        [
            ("matched", "Matched"),
            ("known", "Already known"),
            ("ambiguous", "Several possible"),
            ("no_request", "No request"),
            ("conflict", "Number with other amounts"),
            ("refused", "Cannot be taken"),
            ("void", "Void or red-lettered"),
            ("void_live", "Void there, live here"),
        ],
        required=True,
        index=True,
    )
    message = fields.Char()
    fapiao_id = fields.Many2one(
        "rd.fapiao", string="Tax invoice", index=True, ondelete="restrict"
    )
    candidate_ids = fields.Many2many(
        "rd.fapiao", "rd_fapiao_candidate_rel", "line_id", "fapiao_id"
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    def _is_open(self):
        self.ensure_one()
        return self.verdict in OPEN

    # ------------------------------------------------------------------
    # Matching
    # ------------------------------------------------------------------
    def _match(self):
        """Give each row its verdict; the order of the rows does not matter."""
        for line in self:
            line._decide("no_request", self.env._("No open request has these figures."))
        register = self.env["rd.fapiao"]._search_number(
            self.company_id, filter(None, self.mapped("number"))
        )
        self.filtered("is_void")._decide_void(register)
        todo = self.filtered(
            lambda line: not line.is_void and not line._is_known(register)
        )
        waiting = self.env["rd.fapiao"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "requested"),
                ("number", "=", False),
            ]
        )
        by_key = defaultdict(lambda: self.env["rd.fapiao"])
        for fapiao in waiting:
            by_key[_amount_key(fapiao)] |= fapiao
        # A buyer may be written in two ways: what counts is which requests are meant.
        rows = defaultdict(self.browse)
        for line in todo:
            key = _amount_key(line)
            rows[key, by_key[key].filtered(line._is_for)] |= line
        for (key, found), lines in rows.items():
            lines._match_same(by_key[key], found)

    def _decide_void(self, register):
        """List what the tax system has taken back, and what still stands here.

        :param register: ``{number: tax invoices}``
        """
        for line in self:
            same = register.get(line.number, self.env["rd.fapiao"])
            known = same._pick_code(line.code)
            if known and known._stands():
                line._decide("void_live", line._get_live_message(), fapiao_id=known.id)
            else:
                line._decide(
                    "void",
                    self.env._("The list says it no longer counts."),
                    fapiao_id=known.id,
                )

    def _get_live_message(self):
        """Return what is to be done about what stands here and no longer there."""
        self.ensure_one()
        if self.is_voided:
            return self.env._(
                "The tax system says that %(number)s was voided, but here it counts; "
                "note the day on which it was voided.",
                number=self.number,
            )
        return self.env._(
            "The tax system says that %(number)s no longer counts, but here it does; "
            "note its red letter.",
            number=self.number,
        )

    def _match_same(self, waiting, found):
        """Match rows of one amount with the requests that they can stand for.

        :param waiting: all requests of that amount
        :param found: those of them that are of the rows' buyer
        """
        if len(found) == 1 and len(self) == 1:
            self._try_to_take(found)
        elif found:
            for line in self:
                line._decide(
                    "ambiguous",
                    self.env._(
                        "%(requests)s requests and %(rows)s rows have this buyer and "
                        "amount; choose.",
                        requests=len(found),
                        rows=len(self),
                    ),
                    candidate_ids=[(6, 0, found.ids)],
                )
        elif waiting:
            for line in self:
                line._decide(
                    "no_request",
                    self.env._(
                        "The amount is requested, but for %(buyer)s.",
                        buyer=waiting[0].partner_id.name,
                    ),
                )

    def _is_for(self, fapiao):
        """Tell whether the buyer is the one of the request: tax number, or name."""
        self.ensure_one()
        request = fapiao.request_id
        vat = clean_key(request.buyer_vat or fapiao.partner_id.vat or "")
        if vat and self.buyer_vat:
            return clean_key(self.buyer_vat) == vat
        name = request.buyer_name or fapiao.partner_id.name
        return self.buyer_key == clean_key(name or "")

    def _is_known(self, register):
        """Tell, and note, that the number is in the register already.

        :param register: ``{number: tax invoices}``
        """
        self.ensure_one()
        same = register.get(self.number, self.env["rd.fapiao"])
        known = same._pick_code(self.code)
        if not known:
            return False
        if _amount_key(known) == _amount_key(self):
            self._decide("known", False, fapiao_id=known.id)
        else:
            self._decide(
                "conflict",
                self.env._(
                    "%(number)s stands in the register at %(amount)s.",
                    number=self.number,
                    amount=known.currency_id.format(known.amount_total),
                ),
                fapiao_id=known.id,
            )
        return True

    def _try_to_take(self, fapiao):
        """Take the row; one that cannot be taken is listed and stops no other."""
        try:
            with self.env.cr.savepoint():
                self._take(fapiao)
        except UserError as error:
            self._decide("refused", str(error))

    def _take(self, fapiao):
        """Issue the requested tax invoice with what the row says."""
        self.ensure_one()
        if reason := self._why_not_taken():
            self._decide("refused", reason)
            return
        fapiao._as_internal().write(
            {
                "number": self.number,
                "code": self.code or False,
                "date": self.date,
                "kind": self._get_kind(fapiao),
                "source_line_id": self.id,
            }
        )
        fapiao.action_issue()
        self._decide("matched", False, fapiao_id=fapiao.id, candidate_ids=[(5,)])

    def _why_not_taken(self):
        """Return why the row cannot be taken as it is, or False."""
        if not NUMBER.fullmatch(self.number or ""):
            return self.env._("The number has neither 8 nor 20 digits.")
        if self.code and not CODE.fullmatch(self.code):
            return self.env._("The invoice code has neither 10 nor 12 digits.")
        if not self.date:
            return self.env._("The invoice date is missing.")
        return False

    def _get_kind(self, fapiao):
        text = self.kind_text or ""
        special = "专" in text or "專" in text
        if not text or not (special or "普" in text):
            special = "special" in fapiao.kind
        kind = "special" if special else "ordinary"
        return f"digital_{kind}" if len(self.number) == 20 else kind

    def _decide(self, verdict, message, **values):
        self._as_internal().write({"verdict": verdict, "message": message, **values})

    def action_take(self, fapiao_id=None):
        """Take an ambiguous row for one of the possible requests.

        :raise UserError: when the row is not one of several, or the request is none
            of those named
        """
        self.ensure_one()
        self.check_access("write")
        self.env["rd.fapiao"]._check_role("finance")
        chosen = self.candidate_ids.filtered(
            lambda item: item.id == fapiao_id and item.state == "requested"
        )
        if self.verdict != "ambiguous" or not chosen:
            raise UserError(
                self.env._(
                    "Row %(row)s: choose one of the open requests that are listed "
                    "for it.",
                    row=self.row,
                )
            )
        self._take(chosen)
        return True


class RdFapiao(models.Model):
    _name = "rd.fapiao"
    _inherit = ["rd.fapiao"]

    void_note = fields.Char(
        compute="_compute_void_note",
        compute_sudo=True,
        help="What a list of the tax system says against it that is not settled here.",
    )

    def _get_own_amounts(self):
        """Return untaxed amount and tax in the company's currency."""
        self.ensure_one()
        request = self.request_id
        if request.currency_id != self.currency_id:
            day = self.date or self.company_id._rd_today()
            convert = self.company_id._rd_in_own_currency
            own = (self.amount_untaxed, self.amount_tax)
            return tuple(convert(amount, self.currency_id, day) for amount in own)
        asked = request.amount_untaxed, request.amount_tax
        if asked == (self.amount_untaxed, self.amount_tax):
            return request._get_own_amounts()
        return (
            request._convert_to_own(self.amount_untaxed),
            request._convert_to_own(self.amount_tax),
        )

    @api.depends("state")
    def _compute_void_note(self):
        told = self.env["rd.fapiao.import.line"].search(
            [("fapiao_id", "in", self.ids), ("verdict", "=", "void_live")]
        )
        messages = {line.fapiao_id.id: line.message for line in told}
        for fapiao in self:
            fapiao.void_note = messages.get(fapiao.id, False)

    def _after_transition(self, target):
        """Settle what a list said about it, once it is taken back here, too."""
        if target in ("red", "void"):
            rows = self.env["rd.fapiao.import.line"].sudo()
            told = rows.search(
                [("fapiao_id", "in", self.ids), ("verdict", "=", "void_live")]
            )
            told._as_internal().write({"verdict": "void", "message": False})
        return super()._after_transition(target)


def _amount_key(record):
    """Return untaxed amount and tax in cents of the company's currency: what has to
    be equal. The tax system knows no other currency."""
    amounts = record.amount_untaxed, record.amount_tax
    if record.currency_id != record.company_id.currency_id:
        amounts = record._get_own_amounts()
    return tuple(round(amount * 100) for amount in amounts)
