# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
from collections import defaultdict

from odoo import Command, api, models

from odoo.addons.rd_sales_admin.tools.intake import Column, KnownRow, MendRow
from odoo.addons.rd_sales_admin.tools.intake_finder import IntakeFinder
from odoo.addons.rd_sales_admin.tools.intake_words import CUSTOMER

from .rd_fapiao import CODE, NUMBER
from .rd_invoice_rules import HALF_CENT

SEPARATORS = re.compile(r"[,;，；、\s]+")


class RdIntakeFapiao(models.AbstractModel):
    """Tax invoices that were issued before the first day, with what became of them."""

    _name = "rd.intake.fapiao"
    _description = "Tax invoices"
    _inherit = ["rd.intake.kind"]

    _intake_roles = ("finance",)
    _intake_model = "rd.fapiao"
    _intake_sequence = 70

    @api.model
    def _get_label(self):
        return self.env._("Tax invoices")

    @api.model
    def _get_text(self):
        return self.env._(
            "Tax invoices of earlier months with the invoices they stand for, and when "
            "the customer received them; due dates are counted from there."
        )

    @api.model
    def _get_columns(self):
        return {**self._get_columns_of_issue(), **self._get_columns_of_delivery()}

    def _get_columns_of_issue(self):
        column = self._field_column
        return {
            "number": column(
                "rd.fapiao",
                "number",
                "26312000000000000001",
                words=(
                    "Invoice number|Tax invoice|发票号码|发票号|發票號碼|数电发票号码|"
                    "数电票号码"
                ),
                required=True,
            ),
            "code": column("rd.fapiao", "code", "", words="发票代码|發票代碼"),
            "date": column(
                "rd.fapiao",
                "date",
                "2026-08-05",
                words="Date|开票日期|開票日期|发票日期",
                required=True,
            ),
            "partner": Column(
                self.env._("Customer"),
                self.env._("Name, reference or tax number, as the contact has it."),
                "Northern Works",
                words=f"{CUSTOMER}|购买方名称|購方名稱|受票方",
                required=True,
            ),
            "kind": column("rd.fapiao", "kind", "", words="发票类型|票种|發票類型"),
            "untaxed": column(
                "rd.fapiao",
                "amount_untaxed",
                "1000.00",
                label=self.env._("Untaxed amount"),
                words="Amount|不含税金额|未税金额|金额|金額|未稅金額|合计金额",
                required=True,
            ),
            "tax": column(
                "rd.fapiao",
                "amount_tax",
                "130.00",
                label=self.env._("Tax amount"),
                words="Tax|税额|稅額|合计税额",
                required=True,
            ),
            "moves": Column(
                self.env._("Our invoices"),
                self.env._("Number of each invoice it stands for, apart by commas."),
                "INV/2026/00012",
                words=(
                    "Invoices|Invoice|我方发票|应收单号|对应应收单号|应收单|"
                    "系统发票号|对应发票|對應應收單號"
                ),
                required=True,
            ),
        }

    def _get_columns_of_delivery(self):
        column = self._field_column
        return {
            "sent_date": column(
                "rd.fapiao",
                "sent_date",
                "2026-08-06",
                words="寄出日期|送出日期|发送日期",
            ),
            "received_date": column(
                "rd.fapiao",
                "received_date",
                "2026-08-08",
                words="签收日期|收票日期|簽收日期",
            ),
            "received_by": column(
                "rd.fapiao", "received_by", "Ms Lin", words="签收人|收票人|簽收人"
            ),
        }

    # ------------------------------------------------------------------
    # Looking up
    # ------------------------------------------------------------------
    @api.model
    def _look_up(self, company, rows):
        finder = IntakeFinder(company)
        finder.read_partners([row._text("partner") for row in rows])
        finder.numbers = self.env["rd.fapiao"]._search_number(
            company, [row._text("number") for row in rows]
        )
        names = {name for row in rows for name in self._get_names(row)}
        finder.moves = defaultdict(self.env["account.move"].browse)
        for move in self.env["account.move"].search(
            [
                ("company_id", "=", company.id),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
                ("name", "in", list(names)),
            ]
        ):
            finder.moves[move.name] |= move
        finder.covered = defaultdict(float)
        moves = self.env["account.move"].union(*finder.moves.values())
        for fapiao in moves.rd_fapiao_ids:
            if fapiao._counts():
                finder.covered[frozenset(fapiao.move_ids.ids)] += fapiao.amount_total
        return finder

    @api.model
    def _get_names(self, row):
        return [name for name in SEPARATORS.split(row._text("moves")) if name]

    # ------------------------------------------------------------------
    # Verdicts
    # ------------------------------------------------------------------
    @api.model
    def _prepare_row(self, row, finder):
        number = row._text("number")
        if not NUMBER.fullmatch(number):
            raise MendRow("number", self.env._("it has neither 8 nor 20 digits."))
        if row._text("code") and not CODE.fullmatch(row._text("code")):
            raise MendRow("code", self.env._("it has neither 10 nor 12 digits."))
        partner = finder.partner("partner", row._text("partner"))
        moves = self._find_moves(row, finder, partner)
        values = {
            "company_id": finder.company.id,
            "partner_id": partner.id,
            "number": number,
            "code": row._text("code") or False,
            "date": row._day("date"),
            "kind": self._choice(row, "kind", finder) or self._guess_kind(number),
            "amount_untaxed": float(row._number("untaxed")),
            "amount_tax": float(row._number("tax")),
            "currency_id": moves[0].currency_id.id,
            "move_ids": [Command.set(moves.ids)],
        }
        known = finder.numbers.get(number, self.env["rd.fapiao"])
        self._check_known(known._pick_code(values["code"]), values)
        days = self._prepare_days(row, finder)
        self._check_amount(finder, moves, values)
        return {"fapiao": values, "moves": moves, **days}

    @api.model
    def _guess_kind(self, number):
        """Return the usual kind of a number of this length."""
        return "digital_special" if len(number) == 20 else "special"

    def _find_moves(self, row, finder, partner):
        moves = self.env["account.move"]
        for name in self._get_names(row):
            found = finder.moves.get(name)
            if not found:
                raise MendRow(
                    "moves",
                    self.env._(
                        "no posted invoice has the number “%s”; post it first, or "
                        "correct the number.",
                        name,
                    ),
                )
            if found.commercial_partner_id != partner:
                raise MendRow(
                    "moves",
                    self.env._(
                        "%(invoice)s is an invoice of %(partner)s; correct one of the "
                        "two.",
                        invoice=name,
                        partner=found[0].commercial_partner_id.display_name,
                    ),
                )
            moves |= found
        return moves

    def _check_known(self, fapiao, values):
        """Recognise a number that is here; refuse it with other amounts."""
        if not fapiao:
            return
        total = values["amount_untaxed"] + values["amount_tax"]
        if fapiao.currency_id.compare_amounts(fapiao.amount_total, total):
            raise MendRow(
                "number",
                self.env._(
                    "it stands in the register at %s; correct the amounts.",
                    fapiao.currency_id.format(fapiao.amount_total),
                ),
            )
        raise KnownRow(self.env._("This tax invoice is in the register."), fapiao)

    def _prepare_days(self, row, finder):
        """Return the days of sending and receipt, in an order that can be."""
        today = finder.company._rd_today()
        before = row._day("date")
        if before > today:
            raise MendRow("date", self.env._("the day lies in the future."))
        days = {}
        for name in ("sent_date", "received_date"):
            day = row._day(name)
            if day and not before <= day <= today:
                raise MendRow(
                    name,
                    self.env._(
                        "%(day)s does not lie between %(first)s and today.",
                        day=day,
                        first=before,
                    ),
                )
            before, days[name] = day or before, day
        if days["received_date"] and not row._text("received_by"):
            raise MendRow("received_by", self.env._("say who received it."))
        return {**days, "received_by": row._text("received_by")}

    def _check_amount(self, finder, moves, values):
        """Refuse more tax invoices than the invoices come to."""
        key = frozenset(moves.ids)
        total = values["amount_untaxed"] + values["amount_tax"]
        # One tax invoice may stand for several invoices, and several for one.
        covered = sum(amount for other, amount in finder.covered.items() if other & key)
        groups = [other for other in finder.covered if other & key]
        wide = self.env["account.move"].browse(key.union(*groups))
        whole = sum(
            -move.amount_total if move.move_type == "out_refund" else move.amount_total
            for move in wide
        )
        side = -1 if whole < 0 else 1
        if side * (covered + total - whole) > HALF_CENT:
            raise MendRow(
                "untaxed",
                self.env._(
                    "with it the tax invoices would come to more than %(invoices)s; "
                    "that is %(whole)s.",
                    invoices=", ".join(wide.mapped("display_name")),
                    whole=moves[0].currency_id.format(whole),
                ),
            )
        finder.covered[key] += total

    @api.model
    def _get_key(self, row, values):
        fapiao = values["fapiao"]
        return fapiao["number"], len(fapiao["number"]) == 8 and fapiao["code"]

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------
    @api.model
    def _make(self, company, ready):
        """Make them and lead each to where the list says that it is."""
        made = self.env["rd.fapiao"].create([one.values["fapiao"] for one in ready])
        made.action_issue()
        proof = self._keep_list(ready)
        for fapiao, one in zip(made, ready, strict=True):
            if one.values["sent_date"]:
                fapiao.action_send(way="email", day=one.values["sent_date"])
            if one.values["received_date"]:
                fapiao._take_receipt(
                    one.values["received_by"], one.values["received_date"], proof
                )
        return made

    def _keep_list(self, ready):
        """Return the list itself, as what proves the receipts it names."""
        if not any(one.values["received_date"] for one in ready):
            return self.env["ir.attachment"]
        intake = ready[0].row.intake_id
        return self.env["ir.attachment"].create(
            {
                "name": intake.filename or intake.display_name,
                "datas": intake.with_context(bin_size=False).file,
                "res_model": intake._name,
                "res_id": intake.id,
            }
        )

    @api.model
    def _get_made_domain(self, company):
        return [("company_id", "=", company.id)]
