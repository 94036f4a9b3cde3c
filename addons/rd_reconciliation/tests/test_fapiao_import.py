# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .invoicing import InvoicingCase

HEADS = "数电票号码,开票日期,购方名称,购方识别号,金额,税额,价税合计,发票票种,发票状态"
FIRST, SECOND, THIRD = (f"2631200000000000000{number}" for number in (1, 2, 3))


@tagged("post_install", "-at_install")
class TestFapiaoImport(InvoicingCase):
    """The tax system's list finds its requests; the rest is named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.affiliate.write(
            {"rd_invoice_rules": "own", "rd_invoice_max_lines": 1, "vat": False}
        )

    def _open(self, *lines):
        return self._accept(self._agree(list(lines)))

    def _row(self, number, untaxed, tax, buyer="Northern Works", vat="", status="正常"):
        total = round(untaxed + tax, 2)
        return (
            f"{number},2026-10-02,{buyer},{vat},{untaxed},{tax},{total},"
            f"数电票（专用发票）,{status}"
        )

    def _read(self, *rows, heads=HEADS):
        made = self._hand_in(*rows, heads=heads)
        made.action_read()
        return made

    def _hand_in(self, *rows, heads=HEADS, filename="issued.csv"):
        data = "\n".join([heads, *rows]).encode()
        return (
            self.env["rd.fapiao.import"]
            .with_user(self.finance)
            .create({"file": base64.b64encode(data), "filename": filename})
        )

    def test_exact_rows_are_issued(self):
        fapiao = self._open((self.p100, 60, 10.0), (self.p200, 20, 25.5))
        made = self._read(self._row(FIRST, 600, 78), self._row(SECOND, 510, 66.3))
        self.assertEqual(set(made.line_ids.mapped("verdict")), {"matched"})
        self.assertEqual(set(fapiao.mapped("state")), {"issued"})
        numbers = {item.amount_untaxed: item.number for item in fapiao}
        self.assertEqual(numbers, {600: FIRST, 510: SECOND})
        self.assertEqual(set(fapiao.mapped("date")), {date(2026, 10, 2)})
        self.assertEqual(set(fapiao.request_id.mapped("state")), {"issued"})

    def test_one_number_under_two_codes_is_two_invoices(self):
        fapiao = self._open((self.p100, 60, 10.0), (self.p200, 20, 25.5))
        heads = HEADS.replace("数电票号码", "发票号码") + ",发票代码"
        rows = [self._row("12345678", 600, 78), self._row("12345678", 510, 66.3)]
        rows = [f"{row},310022113{turn}" for turn, row in enumerate(rows)]
        made = self._read(*rows, heads=heads)
        self.assertEqual(made.line_ids.mapped("verdict"), ["matched", "matched"])
        self.assertEqual(
            {(item.code, item.amount_untaxed) for item in fapiao},
            {("3100221130", 600), ("3100221131", 510)},
        )
        again = self._read(*rows, f"{self._row('12345678', 1, 0)},", heads=heads)
        self.assertEqual(
            again.line_ids.mapped("verdict"), ["known", "known", "conflict"]
        )

    def test_another_currency_is_another_amount(self):
        fapiao = self._open((self.p100, 60, 10.0))
        fapiao.sudo().currency_id = self._give_rate("EUR", 0.125)
        made = self._read(self._row(FIRST, 600, 78))
        self.assertEqual(made.line_ids.verdict, "no_request")
        self.assertFalse(fapiao.number)

    def test_the_rest_is_listed_with_its_reason(self):
        self._open((self.p100, 60, 10.0))
        made = self._read(
            self._row(FIRST, 600, 78, buyer="Southern Works"),
            self._row(SECOND, 600.01, 78),
            self._row("123", 600, 78),
            self._row(THIRD, 600, 78, status="已作废"),
        )
        self.assertEqual(
            made.line_ids.mapped("verdict"),
            ["no_request", "no_request", "refused", "void"],
        )
        self.assertIn("but for Northern Works", made.line_ids[0].message)
        self.assertIn("neither 8 nor 20", made.line_ids[2].message)
        self.assertEqual(made.open_count, 3)

    def test_void_there_and_live_here(self):
        """Fails when what the tax system has taken back goes on counting unseen."""
        fapiao = self._open((self.p100, 60, 10.0))
        self._read(self._row(FIRST, 600, 78))
        made = self._read(
            self._row(FIRST, 600, 78, status="已红冲"),
            self._row(SECOND, 1, 0.13, status="已作废"),
        )
        self.assertEqual(made.line_ids.mapped("verdict"), ["void_live", "void"])
        self.assertEqual(made.line_ids[0].fapiao_id, fapiao)
        self.assertIn("note its red letter", made.line_ids[0].message)
        self.assertEqual(fapiao.void_note, made.line_ids[0].message)
        salesperson = fapiao.with_user(self._create_user("salesperson"))
        self.assertEqual(salesperson.void_note, fapiao.void_note)
        self.assertEqual(made.open_count, 1)
        finance = fapiao.with_user(self.finance)
        finance.action_red("Taken back in the tax system")
        finance.action_red_done("26312000000000000009")
        self.assertEqual(made.line_ids[0].verdict, "void")
        self.assertFalse(fapiao.void_note)
        self.assertEqual(made.open_count, 0)
        again = self._read(self._row(FIRST, 600, 78, status="已红冲"), heads=HEADS)
        self.assertEqual(again.line_ids.verdict, "void")

    def test_red_lettered_in_part_counts_on(self):
        """Fails when a red letter over a part of a tax invoice voids it whole."""
        fapiao = self._open((self.p100, 60, 10.0))
        for status in ("已红冲-部分", "部分红冲", "部分紅沖", "Partially red-lettered"):
            made = self._read(self._row(FIRST, 600, 78, status=status))
            self.assertIn(made.line_ids.verdict, ("matched", "known"), status)
        self.assertEqual(fapiao.number, FIRST)
        self.assertFalse(fapiao.void_note)
        made = self._read(self._row(FIRST, 600, 78, status="已红冲-全额"))
        self.assertEqual(made.line_ids.verdict, "void_live")

    def test_the_list_finds_the_red_letter_of_a_part(self):
        fapiao = self._open((self.p100, 60, 10.0))
        self._read(self._row(FIRST, 600, 78))
        credit = self._credit(fapiao.sudo().move_ids)
        credit.invoice_line_ids.with_user(self.finance).quantity = 10
        credit.with_user(self.finance).action_post()
        made = self._read(
            self._row(FIRST, 600, 78, status="已红冲-部分"),
            self._row(SECOND, -100, -13),
        )
        self.assertEqual(made.line_ids.mapped("verdict"), ["known", "matched"])
        self.assertEqual(credit.rd_fapiao_ids.number, SECOND)
        self.assertEqual(fapiao.state, "issued")

    def test_voided_there_and_live_here(self):
        """Fails when what was voided in its month can only be settled by a number
        that there is none of."""
        fapiao = self._open((self.p100, 60, 10.0))
        self._read(self._row(FIRST, 600, 78))
        finance = fapiao.with_user(self.finance)
        self.assertFalse(finance.may_void)
        with freeze_time("2026-10-20 04:00:00"):
            with self.assertRaisesRegex(UserError, "No list of the tax system says"):
                finance.action_void(date(2026, 10, 5), "Wrong buyer")
            made = self._read(self._row(FIRST, 600, 78, status="已作废"))
            self.assertEqual(made.line_ids.verdict, "void_live")
            self.assertIn("was voided", made.line_ids.message)
            finance.invalidate_recordset(["may_void"])
            self.assertTrue(finance.may_void)
            with self.assertRaisesRegex(UserError, "issued by finance"):
                fapiao.with_user(self.clerk).action_void(date(2026, 10, 5), "x")
            for day, reason in ((False, "x"), (date(2026, 10, 5), " ")):
                with self.assertRaisesRegex(UserError, "Say when"):
                    finance.action_void(day, reason)
            for day in ("2026-10-01", "2026-10-21", "2026-11-01"):
                with self.assertRaisesRegex(UserError, "only a red letter takes it"):
                    finance.action_void(day, "Wrong buyer")
            finance.action_send("email")
            with self.assertRaisesRegex(UserError, "cannot become"):
                finance.action_void(date(2026, 10, 5), "Wrong buyer")
            finance.action_return("Wrong buyer")
            act = self.env["rd.fapiao.act"].with_user(self.finance)
            act.create(
                {
                    "act": "void",
                    "fapiao_ids": fapiao.ids,
                    "day": date(2026, 10, 5),
                    "reason": "Wrong buyer",
                }
            ).action_apply()
            with self.assertRaisesRegex(UserError, "cannot become"):
                finance.action_red("Wrong buyer")
        self.assertRecordValues(
            fapiao,
            [{"state": "void", "void_date": date(2026, 10, 5), "red_state": False}],
        )
        self.assertEqual(made.line_ids.verdict, "void")
        self.assertEqual(fapiao.request_id.state, "accepted")
        move = fapiao.move_ids.with_user(self.finance)
        move.button_draft()
        self.assertEqual(move.state, "draft")

    def test_red_lettered_there_is_not_voided_here(self):
        fapiao = self._open((self.p100, 60, 10.0))
        self._read(self._row(FIRST, 600, 78))
        self._read(self._row(FIRST, 600, 78, status="已红冲"))
        finance = fapiao.with_user(self.finance)
        self.assertFalse(finance.may_void)
        with self.assertRaisesRegex(UserError, "No list of the tax system says"):
            finance.action_void(date(2026, 10, 5), "Wrong buyer")

    def test_a_foreign_invoice_is_written_in_the_companys_currency(self):
        """Fails when 600 euros go to the tax system as 600 yuan."""
        euro = self._give_rate("EUR", 0.125)
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )
        order = self._create_order([(self.p100, 60, 10.0)], pricelist_id=pricelist.id)
        self._deliver(order, {self.p100: 60}, "DN-1", date(2026, 9, 10))
        request = self._request(self._agree_what_is_there())
        self.assertEqual(request.currency_id, euro)
        self.assertIn("EUR", request.warning)
        layout = self.env["rd.invoice.export.column"].with_user(self.finance)
        columns = layout.create(
            [
                {"name": name, "content": name, "company_id": self.company.id}
                for name in ("quantity", "price", "untaxed", "tax", "total")
            ]
        )
        self.assertEqual(
            columns._get_values(request.line_ids), [60, 80.0, 4800.0, 624.0, 5424.0]
        )
        request.with_user(self.finance).action_accept()
        wrong = self._read(self._row(SECOND, 600, 78))
        self.assertEqual(wrong.line_ids.verdict, "no_request")
        made = self._read(self._row(FIRST, 4800, 624))
        self.assertEqual(made.line_ids.verdict, "matched")
        self.assertEqual(request.fapiao_ids.number, FIRST)
        again = self._read(self._row(FIRST, 4800, 624), self._row(THIRD, 1, 0.13))
        self.assertEqual(again.line_ids.mapped("verdict"), ["known", "no_request"])

    def test_ambiguity_is_an_answer(self):
        """Two requests of one amount: nobody guesses, whatever the order is."""
        fapiao = self._open((self.p100, 10, 10.0), (self.p200, 10, 10.0))
        made = self._read(self._row(FIRST, 100, 13), self._row(SECOND, 100, 13))
        self.assertEqual(set(made.line_ids.mapped("verdict")), {"ambiguous"})
        self.assertEqual(set(fapiao.mapped("state")), {"requested"})
        first, second = made.line_ids
        with self.assertRaisesRegex(UserError, "choose one of the open requests"):
            first.action_take(0)
        first.action_take(fapiao[1].id)
        self.assertEqual(fapiao[1].number, FIRST)
        with self.assertRaisesRegex(UserError, "choose one"):
            second.action_take(fapiao[1].id)
        second.action_take(fapiao[0].id)
        self.assertEqual(set(fapiao.mapped("state")), {"issued"})

    def test_an_ambiguous_row_is_taken_by_its_form(self):
        fapiao = self._open((self.p100, 10, 10.0), (self.p200, 10, 10.0))
        made = self._read(self._row(FIRST, 100, 13))
        wizard = (
            self.env["rd.fapiao.choose"]
            .with_user(self.finance)
            .create({"line_id": made.line_ids.id, "fapiao_id": fapiao[1].id})
        )
        self.assertEqual((wizard.candidate_ids, wizard.is_part), (fapiao, False))
        wizard.action_apply()
        self.assertEqual((fapiao[0].number, fapiao[1].number), (False, FIRST))

    def test_a_row_without_day_or_with_a_wrong_code_is_named(self):
        fapiao = self._open((self.p100, 60, 10.0))
        heads = HEADS.replace("开票日期", "开票日期,发票代码")
        row = self._row(FIRST, 600, 78)
        for day, words in (
            ("2026-10-02,12345", "neither 10 nor 12 digits"),
            (",", "date is missing"),
        ):
            made = self._read(row.replace("2026-10-02", day), heads=heads)
            self.assertEqual(made.line_ids.verdict, "refused")
            self.assertIn(words, made.line_ids.message)
        self.assertFalse(fapiao.number)

    def test_one_request_divided_by_the_tax_authoritys_limit(self):
        """Fails when the tax invoices of a line above the limit find no request, or
        the request never becomes issued."""
        fapiao = self._open((self.p100, 60, 10.0))
        request, move = fapiao.request_id, fapiao.sudo().move_ids
        made = self._read(
            self._row(FIRST, 200, 26),
            self._row(SECOND, 250, 32.5),
            self._row(THIRD, 150, 19.5),
        )
        self.assertEqual(set(made.line_ids.mapped("verdict")), {"no_request"})
        first, *rest = made.line_ids
        self._take_parts(first, fapiao)
        self.assertEqual(request.state, "accepted")
        self.assertEqual((fapiao.amount_untaxed, fapiao.amount_tax), (400, 52))
        self._take_parts(rest[0] | rest[1], fapiao)
        self.assertEqual(set(made.line_ids.mapped("verdict")), {"matched"})
        papers = request.fapiao_ids
        self.assertEqual(papers, move.rd_fapiao_ids)
        self.assertEqual(
            {item.number: item.amount_total for item in papers},
            {FIRST: 226.0, SECOND: 282.5, THIRD: 169.5},
        )
        self.assertEqual(set(papers.mapped("state")), {"issued"})
        self.assertEqual(request.state, "issued")
        self._receive(papers, date(2026, 10, 8))
        self.assertEqual(move.rd_fapiao_received_date, date(2026, 10, 8))

    def _take_parts(self, lines, fapiao):
        wizard = (
            self.env["rd.fapiao.choose"]
            .with_user(self.finance)
            .with_context(active_id=lines[0].id, active_ids=lines.ids)
            .create({"fapiao_id": fapiao.id})
        )
        self.assertIn(fapiao, wizard.candidate_ids)
        wizard.action_apply()

    def test_what_is_no_part_of_a_request(self):
        fapiao = self._open((self.p100, 60, 10.0), (self.p200, 20, 25.5))
        small = fapiao.filtered(lambda item: item.amount_untaxed == 510)
        made = self._read(
            self._row(FIRST, 100, 13, buyer="Southern Works"),
            self._row(SECOND, 550, 71.5),
            self._row("123", 100, 13),
            self._row(THIRD, 510, 66.3),
            self._row("26312000000000000004", -100, -13),
            self._row("26312000000000000005", 600, 70),
        )
        other, large, bad, taken, back, tax = made.line_ids
        self.assertEqual(taken.verdict, "matched")
        open_one = fapiao - small
        for lines, pattern in (
            (other, "open request of its buyer"),
            (large | made.line_ids[2], "neither 8 nor 20"),
            (bad, "neither 8 nor 20"),
            (taken, "not one without a request"),
            (back, "open request of its buyer"),
            (tax, "open request of its buyer"),
        ):
            with self.assertRaisesRegex(UserError, pattern), self.env.cr.savepoint():
                lines.action_take_part(open_one.id)
        with self.assertRaisesRegex(UserError, "open request of its buyer"):
            large.action_take_part(small.id)
        with self.assertRaisesRegex(UserError, "open request of its buyer"):
            made.line_ids.browse().action_take_part(open_one.id)
        self.assertEqual(open_one.amount_untaxed, 600)
        large.action_take_part(open_one.id)
        self.assertEqual(open_one.amount_untaxed, 50)

    def test_what_finance_types_counts_for_its_request(self):
        """Fails when a request waits for ever for what was typed beside it."""
        fapiao = self._open((self.p100, 60, 10.0))
        for number, untaxed, tax in ((FIRST, 400, 52), (SECOND, 200, 26)):
            self.assertEqual(fapiao.request_id.state, "accepted")
            paper = (
                fapiao.sudo()
                ._as_internal()
                .copy(
                    {
                        "number": number,
                        "date": "2026-10-02",
                        "request_id": False,
                        "amount_untaxed": untaxed,
                        "amount_tax": tax,
                        "move_ids": [Command.set(fapiao.sudo().move_ids.ids)],
                    }
                )
            )
            paper.with_user(self.finance).action_issue()
        self.assertEqual(fapiao.request_id.state, "issued")
        paper.with_user(self.finance).action_red("Wrong buyer")
        paper.with_user(self.finance).action_red_done(THIRD)
        self.assertEqual(fapiao.request_id.state, "accepted")

    def test_buyer_by_tax_number(self):
        self.affiliate.vat = "91310000MA1FL0XX0A"
        self._open((self.p100, 60, 10.0))
        made = self._read(
            self._row(FIRST, 600, 78, buyer="N. Works Ltd", vat="91310000MA1FL0XX0A")
        )
        self.assertEqual(made.line_ids.verdict, "matched")

    def test_one_buyer_written_in_two_ways(self):
        """Fails when the second row takes the request of the first."""
        self.affiliate.vat = "91310000MA1FL0XX0A"
        fapiao = self._open((self.p100, 60, 10.0))
        made = self._read(
            self._row(FIRST, 600, 78, vat="91310000MA1FL0XX0A"),
            self._row(SECOND, 600, 78, buyer="N. Works", vat="91310000MA1FL0XX0A"),
        )
        self.assertEqual(made.line_ids.mapped("verdict"), ["ambiguous"] * 2)
        self.assertFalse(fapiao.number)
        made.line_ids[1].action_take(fapiao.id)
        self.assertEqual(fapiao.number, SECOND)

    def test_a_row_that_cannot_be_taken_stops_no_other(self):
        """Fails when one invoice that has its tax invoice already refuses the list."""
        fapiao = self._open((self.p100, 60, 10.0), (self.p200, 20, 25.5))
        first = fapiao.filtered(lambda item: item.amount_untaxed == 600)
        values = {"number": THIRD, "date": "2026-10-01", "request_id": False}
        first.sudo()._as_internal().copy(
            {**values, "move_ids": [Command.set(first.sudo().move_ids.ids)]}
        ).action_issue()
        made = self._read(self._row(FIRST, 600, 78), self._row(SECOND, 510, 66.3))
        self.assertEqual(made.line_ids.mapped("verdict"), ["refused", "matched"])
        self.assertIn("more than", made.line_ids[0].message)
        self.assertFalse(first.number)

    def test_another_tax_number_is_another_buyer(self):
        self.affiliate.vat = "91310000MA1FL0XX0A"
        self._open((self.p100, 60, 10.0))
        made = self._read(self._row(FIRST, 600, 78, vat="91310000MA1FL0XX0B"))
        self.assertEqual(made.line_ids.verdict, "no_request")

    def test_a_file_is_read_once(self):
        self._open((self.p100, 60, 10.0))
        row = self._row(FIRST, 600, 78)
        self._read(row)
        with self.assertRaisesRegex(UserError, "was handed in on .* already"):
            self._read(row)

    def test_a_later_list_with_the_same_numbers_changes_nothing(self):
        fapiao = self._open((self.p100, 60, 10.0))
        self._read(self._row(FIRST, 600, 78))
        made = self._read(self._row(FIRST, 600, 78), self._row(SECOND, 9, 1.17))
        self.assertEqual(made.line_ids.mapped("verdict"), ["known", "no_request"])
        self.assertEqual(fapiao.number, FIRST)
        made = self._read(self._row(FIRST, 601, 78.13))
        self.assertEqual(made.line_ids.verdict, "conflict")

    def test_rows_of_one_number_are_added_up(self):
        """Lists by goods line carry the number on every line."""
        self._open((self.p100, 60, 10.0))
        made = self._read(self._row(FIRST, 400, 52), self._row(FIRST, 200, 26))
        self.assertEqual(len(made.line_ids), 1)
        self.assertEqual(made.line_ids.verdict, "matched")

    def test_paper_invoices_with_code(self):
        fapiao = self._open((self.p100, 60, 10.0))
        heads = "发票代码,发票号码,开票日期,购买方名称,金额,税额"
        self._read("3100194130,01234567,2026-10-02,Northern Works,600,78", heads=heads)
        self.assertRecordValues(
            fapiao,
            [{"number": "01234567", "code": "3100194130", "state": "issued"}],
        )

    def test_unreadable_rows_and_files(self):
        made = self._read(self._row(FIRST, 600, 78).replace("2026-10-02", "soon"))
        self.assertIn("2:", made.skipped_note)
        with self.assertRaisesRegex(UserError, "开票日期"):
            self._read("x", heads="nothing")
        with self.assertRaises(UserError):
            self._hand_in(filename="list.exe").action_read()

    def test_only_finance_reads(self):
        self._open((self.p100, 60, 10.0))
        made = self._hand_in(self._row(FIRST, 600, 78))
        self._assert_refused(
            made,
            self._rpc,
            self.clerk,
            made._name,
            "action_read",
            made.ids,
            exact=None,
        )
        made.action_read()
        line = made.line_ids
        self._assert_guarded(line, line._get_guarded_fields(), (self.finance,))
        self._assert_guarded(made, made._get_guarded_fields(), (self.finance,))
