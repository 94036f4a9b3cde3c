# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from odoo.addons.rd_sales_admin import ledger
from odoo.addons.rd_sales_admin.tools.intake_words import by_word

from .common import DeskCommon
from .intake_common import IntakeCases, as_workbook

PARTNERS = "客户,Customer class,Cut-off day,Basis of the statement"
ALIASES = "Customer,Their code,Part number,Unit factor"


@tagged("post_install", "-at_install")
class TestIntake(IntakeCases, DeskCommon):
    """Lists of the first day: verdict per row, all that is ready or nothing."""

    def setUp(self):
        super().setUp()
        self.clerk.group_ids |= self.env.ref("base.group_partner_manager")

    # ------------------------------------------------------------------
    # Frame
    # ------------------------------------------------------------------
    def test_two_steps(self):
        record = self._hand_in(
            "partner", PARTNERS, "Northern Works,,25,signed", "Nobody,Affiliate,25,"
        )
        self.assertEqual(record.state, "checked")
        self.assertEqual(self._verdicts(record), ["ready", "mend"])
        self.assertEqual(self.affiliate.rd_cutoff_day, 31, "read is not taken over")
        self.assertIn("Row 3, column “Customer”: no contact", self._message(record, 3))
        record.action_take()
        self.assertEqual(self._verdicts(record), ["taken", "mend"])
        self.assertEqual(self.affiliate.rd_cutoff_day, 25)
        self.assertEqual(self.affiliate.rd_basis, "signed")
        self.assertEqual(
            self.affiliate.rd_partner_class, "affiliate", "empty: as it is"
        )
        record.action_take()
        self.assertEqual((record.taken_count, record.mend_count), (1, 1))

    def test_same_file_twice(self):
        first = self._hand_in("partner", PARTNERS, "Northern Works,,25,")
        with self.assertRaisesRegex(UserError, "handed in on .* already"):
            self._hand_in("partner", PARTNERS, "Northern Works,,25,")
        first.action_take()
        with self.assertRaisesRegex(UserError, "handed in on .* already"):
            self._hand_in("partner", PARTNERS, "Northern Works,,25,")
        again = self._hand_in("partner", PARTNERS, "northern works ,,25,")
        self.assertEqual(self._verdicts(again), ["known"])
        with self.assertRaisesRegex(UserError, "says nothing that is not here"):
            again.action_take()

    def test_withdrawn_file_may_come_again(self):
        self._hand_in("partner", PARTNERS, "Northern Works,,25,").action_cancel()
        self._hand_in("partner", PARTNERS, "Northern Works,,25,").action_take()
        self.assertEqual(self.affiliate.rd_cutoff_day, 25)

    def test_another_file_until_it_is_read(self):
        record = (
            self.env["rd.intake"]
            .with_user(self.clerk)
            .create(
                {
                    "kind": "partner",
                    "company_id": self.company.id,
                    "file": base64.b64encode(b"wrong"),
                    "filename": "list.csv",
                }
            )
        )
        right = f"{PARTNERS}\nNorthern Works,,25,\n"
        record.file = base64.b64encode(right.encode())
        record.action_check()
        self.assertEqual(self._verdicts(record), ["ready"])
        with self.assertRaisesRegex(UserError, "hand the other file in anew"):
            record.kind = "alias"

    def test_rows_that_are_settled(self):
        record = self._hand_in(
            "partner", PARTNERS, "Northern Works,,25,", "Nobody,Affiliate,25,"
        )
        record.action_take()
        taken, mend = record.row_ids.sorted("row")
        self.assertEqual(taken.action_open()["res_id"], self.affiliate.id)
        with self.assertRaisesRegex(UserError, "Row 3 has made nothing yet"):
            mend.action_open()
        with self.assertRaisesRegex(UserError, "Row 2 is settled and does not change"):
            record.row_ids.action_dismiss()
        self.assertEqual(self._verdicts(record), ["taken", "mend"])
        self.assertTrue(record.action_mend_workbook())
        mend.action_dismiss()
        with self.assertRaisesRegex(UserError, "No row of this list is to be mended"):
            record.action_mend_workbook()

    def test_mended_rows_come_back(self):
        record = self._hand_in(
            "partner", PARTNERS, "Northern Works,,25,", "Southern Works,Affiliate,60,"
        )
        record.action_take()
        data = self._get_form(record=record)
        self.env["res.partner"].create({"name": "Southern Works", "is_company": True})
        again = self._hand_in("partner", "", data=data, filename="mend.xlsx")
        self.assertEqual(self._verdicts(again), ["mend"])
        self.assertIn("Row 2, column “Cut-off day”: 60", self._message(again, 2))
        mended = self._change_cell(data, "60", "20")
        last = self._hand_in("partner", "", data=mended, filename="mend2.xlsx")
        self.assertEqual(self._verdicts(last), ["ready"])
        last.action_take()
        self.assertEqual(self._verdicts(record), ["taken", "mended"])
        self.assertEqual(record.mend_count, 0)

    def _change_cell(self, data, old, new):
        """Return a workbook like this one in which a cell says something else."""
        grid = next(iter(ledger.load(data, "form.xlsx").sheets.values()))
        rows = [list(grid.row(number)) for number in range(1, grid.height + 1)]
        return as_workbook([[new if cell == old else cell for cell in r] for r in rows])

    def test_empty_form_is_read_as_nothing(self):
        users = {"clerk": self.clerk, "finance": self._create_user("finance")}
        for kind, model in self.env["rd.intake"]._get_kinds().items():
            user = users[self.env[model]._intake_roles[0]]
            with self.subTest(kind=kind):
                data = self._get_form(kind, user=user)
                with self.assertRaisesRegex(UserError, "has no row below its headings"):
                    self._hand_in(kind, "", data=data, filename="f.xlsx", user=user)

    def test_form_in_other_languages(self):
        """A form in Chinese is read by an English user, and the other way round."""
        self.env["res.lang"]._activate_lang("zh_CN")
        kinds = self.env["rd.intake"]._get_kinds()
        for code, model in kinds.items():
            with self.subTest(kind=code):
                columns = self.env[model].with_context(lang="zh_CN")._get_all_columns()
                labels = [column.label for column in columns.values()]
                fields = self.env[model].with_context(lang="en_US")._get_fields()
                data = as_workbook([labels, ["x"] * len(labels)])
                required = self.env[model]._get_required()
                form = ledger.read_form(data, "zh.xlsx", fields, required)
                self.assertEqual(set(form.columns), set(columns))

    def test_headings_mean_one_thing(self):
        for code, model in self.env["rd.intake"]._get_kinds().items():
            with self.subTest(kind=code):
                fields = self.env[model]._get_fields()
                words = [
                    word.lower()
                    for one in fields.values()
                    for word in (*one.headers, *one.instead)
                ]
                twice = {word for word in words if words.count(word) > 1}
                self.assertFalse(twice, "two columns answer to one heading")

    def test_wrong_files(self):
        cases = [
            (b"", "list.csv"),
            (b"not a workbook", "list.xlsx"),
            (b"Name,Town\nA,B\n", "other.csv"),
            (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "photo.png"),
        ]
        for data, filename in cases:
            with (
                self.subTest(filename=filename),
                self.assertRaises(UserError) as caught,
            ):
                self._hand_in("partner", "", data=data or b" ", filename=filename)
            self.assertNotIn("Traceback", str(caught.exception))
        self.assertFalse(self.env["rd.intake.row"].search([]))

    def test_two_columns_of_one_meaning(self):
        with self.assertRaisesRegex(UserError, "two columns that both mean"):
            self._hand_in("partner", "Customer,Affiliate,Cut-off day", "A,B,25")

    def test_two_sheets(self):
        rows = [["Customer", "Cut-off day"], ["Northern Works", 25]]
        data = as_workbook(rows, rows)
        with self.assertRaisesRegex(UserError, "two sheets with these headers"):
            self._hand_in("partner", "", data=data, filename="two.xlsx")

    def test_unreadable_cells_are_mended(self):
        record = self._hand_in("partner", PARTNERS, "Northern Works,,month end,")
        self.assertEqual(self._verdicts(record), ["mend"])
        self.assertIn(
            "column “Cut-off day”: “month end” is not", record.row_ids.message
        )

    def test_numbers_and_what_must_be_filled_in(self):
        record = self._hand_in(
            "alias", ALIASES, "Northern Works,NW-1,P-100,many", "Northern Works,,P-100,"
        )
        self.assertEqual(self._verdicts(record), ["mend", "mend"])
        self.assertIn("Row 2, column “Unit factor”", self._message(record, 2))
        self.assertIn("many", self._message(record, 2))
        self.assertIn("column “Their code”: it is empty", self._message(record, 3))

    def test_what_is_refused_only_together_is_told_as_it_is(self):
        self.env["res.partner"].create({"name": "Other", "is_company": True})
        record = self._hand_in("partner", PARTNERS, "Northern Works,,25,", "Other,,25,")
        partners = type(self.env["res.partner"])
        sentence = "One at a time."

        def refuse(partner, vals, _write=partners.write):
            if len(partner) > 1:
                raise UserError(sentence)
            return _write(partner, vals)

        self.patch(partners, "write", refuse)
        with self.assertRaisesRegex(UserError, "^One at a time.$"):
            with self.env.cr.savepoint():
                record.action_take()
        self.env.invalidate_all()
        self.assertEqual(self.affiliate.rd_cutoff_day, 31)
        self.assertEqual(self._verdicts(record), ["ready", "ready"])

    def test_nothing_half_written(self):
        """What is refused on the way takes all of it back, and names its row."""
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        record = self._hand_in(
            "partner", PARTNERS, "Northern Works,,25,", "Other,,26,signed"
        )
        partners = type(self.env["res.partner"])

        sentence = "Its statement is open."

        def refuse(partner, vals, _write=partners.write):
            if vals.get("rd_basis") == "signed":
                raise UserError(sentence)
            return _write(partner, vals)

        self.patch(partners, "write", refuse)
        with self.assertRaisesRegex(UserError, "Row 3: Its statement is open. Nothing"):
            with self.env.cr.savepoint():
                record.action_take()
        self.env.invalidate_all()
        self.assertEqual(self.affiliate.rd_cutoff_day, 31)
        self.assertEqual(other.rd_cutoff_day, 31)
        self.assertEqual(record.state, "checked")

    def test_left_to_mend_is_taken_later(self):
        """Once Odoo has what was missing the list goes on; nothing comes twice."""
        record = self._hand_in(
            "alias", ALIASES, "Northern Works,NW-1,P-100,", "Northern Works,NW-2,P-7,"
        )
        record.action_take()
        self.assertEqual(self._verdicts(record), ["taken", "mend"])
        record.action_recheck()
        self.assertEqual(self._verdicts(record), ["taken", "mend"])
        self._create_part("P-7", 1.0)
        record.action_recheck()
        self.assertEqual(self._verdicts(record), ["taken", "ready"])
        record.action_take()
        self.assertEqual(self._verdicts(record), ["taken", "taken"])
        record.action_take()
        aliases = self.env["rd.part.alias"].search(
            [("partner_id", "=", self.affiliate.id)]
        )
        self.assertEqual(sorted(aliases.mapped("code")), ["NW-1", "NW-2"])

    def test_own_headings_and_words(self):
        data = as_workbook(
            [
                ["客户结算资料"],
                [],
                ["序号", "客户简称", "客户性质", "结算方式", "对账日", "联系人"],
                [1, "Northern Works", "外部企业", "按订单开票", "每月25日", "Lin"],
            ]
        )
        record = self._hand_in("partner", "", data=data, filename="list.xlsx")
        self.assertEqual(self._verdicts(record), ["ready"])
        self.assertEqual(record.foreign_note, "联系人")
        self.assertIn("Basis of the statement", record.unread_note)
        record.action_take()
        self.assertEqual(self.affiliate.rd_partner_class, "outside")
        self.assertEqual(self.affiliate.rd_settlement_mode, "order")
        self.assertEqual(self.affiliate.rd_cutoff_day, 25)

    def test_missing_heading_is_named(self):
        with self.assertRaisesRegex(UserError, "read as “Part number”.*: Mine"):
            self._hand_in("alias", "Customer,Their code,Mine", "Northern Works,A,B")

    def test_close_name_is_proposed(self):
        record = self._hand_in(
            "alias", ALIASES, "Northern,NW-1,P-100,", "Northern Works,NW-2,P-10,"
        )
        self.assertIn("Is “Northern Works” meant?", self._message(record, 2))
        self.assertIn("Is “P-100” meant?", self._message(record, 3))

    def test_words_of_choices_mean_one_thing(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        for code, model in self.env["rd.intake"]._get_kinds().items():
            columns = self.env[model]._get_columns()
            found = self.env[model]._read_choices()
            for name, column in columns.items():
                for text, value in by_word(column.written).items():
                    with self.subTest(kind=code, column=name, word=text):
                        self.assertIn(value, dict(column.choices))
                        self.assertEqual(found[name][text], value)

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    def test_roles(self):
        for role in ("auditor", "warehouse", "floor", "salesperson"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._hand_in(
                    "partner",
                    PARTNERS,
                    "Northern Works,,25,",
                    user=self._create_user(role),
                )
        finance = self._create_user("finance")
        with self.assertRaisesRegex(AccessError, "is taken over by: Clerk"):
            self._hand_in("partner", PARTNERS, "Northern Works,,25,", user=finance)

    def test_who_may_not_change_contacts(self):
        """The import gives nobody a right that he has not."""
        clerk = new_test_user(
            self.env,
            login="rd_second",
            groups="rd_sales_admin.rd_sales_admin_group_clerk",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        kind = self.env["rd.intake.partner"].with_user(clerk)
        self.assertFalse(kind._may_take())
        with self.assertRaisesRegex(
            AccessError, "changes “Contact”, which you may not"
        ):
            self._hand_in("partner", PARTNERS, "Northern Works,,25,", user=clerk)

    def test_over_rpc(self):
        record = self._hand_in("partner", PARTNERS, "Northern Works,,25,")
        rpc = self.env["rd.intake"].with_user(self.clerk)
        row = record.row_ids
        refused = [
            (rpc, "write", [record.ids, {"state": "taken"}]),
            (rpc, "write", [record.ids, {"sha256": "0"}]),
            (rpc, "write", [record.ids, {"kind": "alias"}]),
            (rpc, "write", [record.ids, {"row_ids": [[0, 0, {"row": 9}]]}]),
            (row, "write", [row.ids, {"verdict": "taken"}]),
            (row, "write", [row.ids, {"cells": {"partner": "x"}}]),
            (row, "unlink", [row.ids]),
            (row, "create", [[{"intake_id": record.id, "verdict": "ready"}]]),
        ]
        for model, method, args in refused:
            with self.subTest(method=method, args=args), self.assertRaises(UserError):
                call_kw(model.with_user(self.clerk), method, args, {})
        call_kw(rpc, "action_take", [record.ids], {})
        self.assertEqual(self.affiliate.rd_cutoff_day, 25)

    def test_file_is_kept(self):
        record = self._hand_in("partner", PARTNERS, "Northern Works,,25,")
        paper = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "rd.intake"),
                ("res_id", "=", record.id),
                ("res_field", "=", "file"),
            ]
        )
        record.action_take()
        with self.assertRaisesRegex(UserError, "its file stays as it is"):
            paper.raw = b"other"
        with self.assertRaisesRegex(UserError, "its file stays as it is"):
            paper.unlink()
        with self.assertRaisesRegex(UserError, "hand the other file in anew"):
            record.file = base64.b64encode(b"other")

    def test_other_company(self):
        record = self._hand_in("partner", PARTNERS, "Northern Works,,25,")
        house = self.env["res.company"].create({"name": "Other house"})
        other = self._create_user("finance")
        other.write({"company_id": house.id, "company_ids": [(6, 0, house.ids)]})
        self.assertFalse(self.env["rd.intake"].with_user(other).search([]))
        with self.assertRaises(AccessError):
            record.row_ids.with_user(other).read(["subject"])

    def test_queries_do_not_grow_with_rows(self):
        def measure(count, name):
            partners = self.env["res.partner"].create(
                [{"name": f"{name} {n}", "is_company": True} for n in range(count)]
            )
            rows = [f"{one.name},Affiliate,25," for one in partners]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            record = self._hand_in("partner", PARTNERS, *rows)
            checked = self.env.cr.sql_log_count
            record.action_take()
            self.env.flush_all()
            self.assertEqual(record.taken_count, count)
            return checked - before, self.env.cr.sql_log_count - checked

        measure(3, "Warm")
        small, large = measure(10, "Small"), measure(100, "Large")
        self.assertLess(large[0], small[0] + 10, "checking asks once for all rows")
        self.assertLess(large[1] / 100, small[1] / 10, "taking over asks less per row")

    # ------------------------------------------------------------------
    # Affiliates and customers
    # ------------------------------------------------------------------
    def test_ambiguous_customer_is_not_guessed(self):
        self.env["res.partner"].create(
            {"name": "Northern Works", "is_company": True, "ref": "NW2"}
        )
        record = self._hand_in(
            "partner", PARTNERS, "Northern Works,,25,", "NW2,Outside customer,20,"
        )
        self.assertEqual(self._verdicts(record), ["mend", "ready"])
        self.assertIn("2 contacts are called", self._message(record, 2))

    def test_same_customer_twice(self):
        record = self._hand_in(
            "partner", PARTNERS, "Northern Works,,25,", "northern works,,26,"
        )
        self.assertEqual(self._verdicts(record), ["ready", "mend"])
        self.assertIn("row 2 speaks of the same", self._message(record, 3))

    def test_choices_in_each_language(self):
        record = self._hand_in("partner", PARTNERS, "Northern Works,Daughter,,")
        self.assertIn("“Daughter” is none of the choices", self._message(record, 2))
        self.assertIn("Affiliate, Outside customer", self._message(record, 2))
        record = self._hand_in("partner", PARTNERS, "Northern Works,OUTSIDE,,")
        record.action_take()
        self.assertEqual(self.affiliate.rd_partner_class, "outside")
        self.assertEqual(self.affiliate.rd_settlement_mode, "order")

    # ------------------------------------------------------------------
    # Aliases
    # ------------------------------------------------------------------
    def test_aliases(self):
        self.env["rd.part.alias"].create(
            {
                "partner_id": self.affiliate.id,
                "company_id": self.company.id,
                "code": "NW-1",
                "product_id": self.parts[0].id,
            }
        )
        record = self._hand_in(
            "alias",
            ALIASES,
            "Northern Works,nw-1,P-100,",
            "Northern Works,NW-1,P-200,1",
            "Northern Works,NW-3,p-300,1000",
            "Northern Works,NW-4,P-999,1",
            "Northern Works,NW-5,P-100,0",
            "Northern Works,NW-1,P-100,10",
        )
        self.assertEqual(
            self._verdicts(record), ["known", "mend", "ready", "mend", "mend", "mend"]
        )
        for number in (3, 7):
            self.assertIn("stands for", self._message(record, number))
        self.assertIn("Part P-100 × 1 already", self._message(record, 7))
        record.action_take()
        alias = self.env["rd.part.alias"].search([("code", "=", "NW-3")])
        self.assertEqual((alias.product_id, alias.factor), (self.parts[2], 1000))
        self.assertEqual(record.action_view_made()["domain"][0][2].count(alias.id), 1)

    def test_a_part_is_not_guessed(self):
        self._create_part("P-100", 3.0)
        record = self._hand_in(
            "alias", ALIASES, "Northern Works,NW-1,P-100,", "Northern Works,NW-2,,"
        )
        self.assertEqual(self._verdicts(record), ["mend", "mend"])
        self.assertIn("2 parts have the number “P-100”", self._message(record, 2))
        self.assertIn("it is empty", self._message(record, 3))
        alone = self._hand_in("alias", ALIASES, "Northern Works,NW-2,,")
        self.assertIn("it is empty", self._message(alone, 2))


CONTRACTS = (
    "Customer,Contract number,Signed on,Contract valid from,Contract valid until,"
    "Part number,Agreed price,Price valid from,Price valid until"
)


@tagged("post_install", "-at_install")
class TestIntakeContract(IntakeCases, DeskCommon):
    """Contracts and agreed prices of the first day."""

    def _find(self, name):
        return self.env["rd.contract"].search(
            [("name", "=", name), ("company_id", "=", self.company.id)]
        )

    def test_signed_contract_counts(self):
        record = self._hand_in(
            "contract",
            CONTRACTS,
            "Northern Works,HT-1,2026-01-15,2026-01-01,2026-12-31,P-100,12.5,,",
            "Northern Works,HT-1,2026-01-15,2026-01-01,2026-12-31,P-200,25,2026-03-01,",
        )
        self.assertEqual(self._verdicts(record), ["ready", "ready"])
        self.assertFalse(self._find("HT-1"))
        record.action_take()
        contract = self._find("HT-1")
        self.assertEqual(contract.state, "signed")
        self.assertEqual(contract.date_signed, date(2026, 1, 15))
        prices = contract.price_ids.sorted("price")
        self.assertEqual(prices.mapped("live"), [True, True])
        self.assertEqual(
            prices.mapped("valid_from"), [date(2026, 1, 1), date(2026, 3, 1)]
        )
        order = self._create_order([(self.parts[0], 1, 12.5)])
        agreed = order.order_line._rd_get_agreed_price(date(2026, 9, 1))
        self.assertEqual(agreed[0], 12.5)
        again = self._hand_in(
            "contract",
            CONTRACTS,
            "Northern Works,HT-1,2026-01-15,2026-01-01,2026-12-31,P-100,12.5,,",
            "Northern Works,HT-1,2026-01-15,2026-01-01,2026-12-31,P-300,1,,",
        )
        self.assertEqual(self._verdicts(again), ["known", "mend"])
        self.assertIn("make an amendment", self._message(again, 3))

    def test_price_with_tax(self):
        """A price that is headed as one with tax is never read as one without."""
        record = self._hand_in(
            "contract",
            "客户名称,合同编号,签订日期,料号,含税单价,单价,是否含税",
            "Northern Works,HT-7,2026年1月15日,P-100,¥11.30,,",
            "Northern Works,HT-7,2026-01-15,P-200,22.60,20,",
            "Northern Works,HT-7,2026-01-15,P-300,33.90,30,是",
            "Northern Works,HT-8,2026-01-15,P-300,33.90,,否",
        )
        self.assertEqual(self._verdicts(record), ["ready", "ready", "ready", "mend"])
        self.assertIn("with tax, 2026-01-15 – …, in force", self._message(record, 2))
        record.action_take()
        prices = self._find("HT-7").price_ids.sorted("price")
        self.assertEqual(prices.mapped("price"), [11.3, 20.0, 33.9])
        self.assertEqual(prices.mapped("tax_included"), [True, False, True])

    def test_later_rows_may_leave_the_head_empty(self):
        currency = self.company.currency_id.name
        record = self._hand_in(
            "contract",
            "Customer,Contract number,Signed on,Contract valid from,Currency,"
            "Part number,Agreed price",
            f"Northern Works,HT-9,2026-01-15,2026-01-01,{currency},P-100,1",
            "Northern Works,HT-9,,,,P-200,2",
        )
        record.action_take()
        contract = self._find("HT-9")
        self.assertEqual(contract.state, "signed")
        self.assertEqual(
            set(contract.price_ids.mapped("valid_from")), {date(2026, 1, 1)}
        )

    def test_unsigned_contract_stays_a_draft(self):
        record = self._hand_in(
            "contract", CONTRACTS, "Northern Works,HT-2,,,,P-100,12.5,2026-01-01,"
        )
        record.action_take()
        self.assertEqual(self._find("HT-2").state, "draft")
        more = self._hand_in(
            "contract", CONTRACTS, "Northern Works,HT-2,,,,P-200,9,2026-01-01,"
        )
        more.action_take()
        self.assertEqual(len(self._find("HT-2").price_ids), 2)

    def test_prices_without_number(self):
        record = self._hand_in(
            "contract",
            CONTRACTS,
            "Northern Works,,2026-02-01,,,P-100,12.5,,",
            "Northern Works,,2026-02-01,,,P-200,3,,",
        )
        record.action_take()
        contract = self.env["rd.contract"].browse(record.row_ids[0].res_id)
        self.assertEqual(len(contract.price_ids), 2)
        self.assertEqual(contract.kind, "framework")
        self.assertTrue(contract.name)

    def test_a_contract_comes_whole(self):
        record = self._hand_in(
            "contract",
            CONTRACTS,
            "Northern Works,HT-3,2026-01-15,,,P-100,12.5,,",
            "Northern Works,HT-3,2026-01-15,,,P-999,3,,",
            "Northern Works,HT-4,2026-01-15,,,P-200,7,,",
        )
        self.assertEqual(self._verdicts(record), ["mend", "mend", "ready"])
        self.assertIn("it goes with row 3", self._message(record, 2))
        record.action_take()
        self.assertFalse(self._find("HT-3"))
        self.assertTrue(self._find("HT-4"))

    def test_what_is_refused(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self.env["rd.contract"].create(
            {
                "name": "HT-9",
                "partner_id": other.id,
                "company_id": self.company.id,
                "subject": "x",
            }
        )
        cases = {
            "Northern Works,HT-9,,,,P-100,1,,": "is a contract with Other",
            "Northern Works,A,2100-01-01,,,P-100,1,,": "lies in the future",
            "Northern Works,B,,2026-05-01,2026-04-01,P-100,1,,": "ends before it",
            "Northern Works,C,,,,P-100,0,,": "more than 0",
            "Northern Works,D,,,,P-100,,,": "more than 0",
            "Northern Works,E,,,,,5,,": "for which part",
            "Northern Works,F,,,,,,,": "neither an amount nor a part",
            "Northern Works,G,,,,P-100,5,2026-05-01,2026-04-01": "ends before it",
        }
        record = self._hand_in("contract", CONTRACTS, *cases)
        self.assertEqual(set(self._verdicts(record)), {"mend"})
        for number, (row, words) in enumerate(cases.items(), start=2):
            with self.subTest(row=row):
                self.assertIn(words, self._message(record, number))
                self.assertIn(f"Row {number}", self._message(record, number))
        with self.assertRaisesRegex(UserError, "No row of list.csv is ready. Row 2"):
            record.action_take()

    def test_a_contract_without_prices(self):
        head = "Customer,Contract number,Contract amount,Currency,Signed on"
        record = self._hand_in(
            "contract",
            head,
            "Northern Works,HT-1,50000,,2026-01-15",
            "Northern Works,HT-2,7000,,",
            "Northern Works,HT-3,-1,,",
            "Northern Works,HT-4,5,XQZ,",
        )
        self.assertEqual(self._verdicts(record), ["ready", "ready", "mend", "mend"])
        self.assertEqual(self._message(record, 2), "New contract, in force")
        self.assertEqual(self._message(record, 3), "New contract, stays a draft")
        self.assertIn("cannot be below zero", self._message(record, 4))
        self.assertIn("“XQZ” is no currency in use", self._message(record, 5))
        record.action_take()
        self.assertRecordValues(
            self._find("HT-1") | self._find("HT-2"),
            [
                {"state": "signed", "amount": 50000, "kind": "project"},
                {"state": "draft", "amount": 7000, "kind": "project"},
            ],
        )
        again = self._hand_in("contract", head, "Northern Works,HT-1,,,")
        self.assertEqual(self._verdicts(again), ["known"])
        self.assertIn("is in the register already", self._message(again, 2))

    def test_a_lowest_quantity_is_not_below_zero(self):
        record = self._hand_in(
            "contract",
            "Customer,Contract number,Part number,Agreed price,起订量",
            "Northern Works,HT-1,P-100,5,-1",
        )
        self.assertIn("cannot be below zero", self._message(record, 2))

    def test_another_price_where_one_is(self):
        head, row = CONTRACTS, "Northern Works,{},2026-01-15,,,P-100,{},,"
        self._hand_in("contract", head, row.format("HT-1", 12.5)).action_take()
        again = self._hand_in("contract", head, row.format("HT-2", 13))
        self.assertEqual(self._verdicts(again), ["mend"])
        self.assertIn("P-100 has another price", self._message(again, 2))

    def test_rows_of_one_contract_say_the_same(self):
        record = self._hand_in(
            "contract",
            CONTRACTS,
            "Northern Works,HT-5,2026-01-15,,,P-100,12.5,,",
            "Northern Works,HT-5,2026-01-16,,,P-200,3,,",
        )
        self.assertEqual(self._verdicts(record), ["mend", "mend"])
        self.assertIn("row 2 says “2026-01-15”", self._message(record, 3))

    def test_overlapping_prices(self):
        record = self._hand_in(
            "contract",
            CONTRACTS,
            "Northern Works,HT-6,2026-01-15,,,P-100,12.5,2026-01-01,2026-06-30",
            "Northern Works,HT-7,2026-01-15,,,P-100,13,2026-06-30,",
            "Northern Works,HT-8,2026-01-15,,,P-100,14,2026-07-01,",
        )
        self.assertEqual(self._verdicts(record), ["ready", "mend", "ready"])
        self.assertIn("has another price", self._message(record, 3))
        record.action_take()

    def test_number_of_the_customer(self):
        self.env["rd.part.alias"].create(
            [
                {
                    "partner_id": self.affiliate.id,
                    "company_id": self.company.id,
                    "code": code,
                    "product_id": part.id,
                }
                for code, part in (("NW-1", self.parts[0]), ("P-200", self.parts[2]))
            ]
        )
        record = self._hand_in(
            "contract",
            CONTRACTS,
            "Northern Works,HT-1,,,,nw-1,12.5,,",
            "Northern Works,HT-2,,,,P-200,3,,",
        )
        self.assertEqual(self._verdicts(record), ["ready", "mend"])
        self.assertIn("write our number", self._message(record, 3))
        record.action_take()
        self.assertEqual(self._find("HT-1").price_ids.product_id, self.parts[0])

    def test_queries_do_not_grow_with_rows(self):
        def measure(count, name):
            parts = self.env["product.product"].create(
                [{"name": name, "default_code": f"{name}-{n}"} for n in range(count)]
            )
            rows = [
                f"Northern Works,{name},,2026-01-01,,{part.default_code},5,,"
                for part in parts
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            record = self._hand_in("contract", CONTRACTS, *rows)
            checked = self.env.cr.sql_log_count
            record.action_take()
            self.env.flush_all()
            self.assertEqual(record.taken_count, count)
            return checked - before, self.env.cr.sql_log_count - checked

        measure(3, "W")
        small, large = measure(10, "S"), measure(100, "L")
        self.assertLess(large[0], small[0] + 10)
        self.assertLess(large[1] / 100, small[1] / 10)


@tagged("post_install", "-at_install")
class TestFirstDay(IntakeCases, DeskCommon):
    """The start page shows how far each kind is, and what is missing."""

    def setUp(self):
        super().setUp()
        self.clerk.group_ids |= self.env.ref("base.group_partner_manager")

    def _read(self, user=None, **values):
        page = self.env["rd.first.day"].with_user(user or self.clerk)
        return page.read_page(**values)

    def _kind(self, code):
        return next(one for one in self._read()["kinds"] if one["code"] == code)

    def _missing(self):
        return {one["code"]: one for one in self._read()["missing"]}

    def test_state_of_a_kind(self):
        self.assertEqual(self._kind("partner")["state"], "none")
        record = self._hand_in(
            "partner", PARTNERS, "Northern Works,,25,", "Nobody,,25,"
        )
        self.assertEqual(self._kind("partner")["state"], "mend")
        record.action_take()
        self.assertEqual(self._kind("partner")["sentence"], "Rows in: 1, to mend: 1")
        record.row_ids.filtered(lambda row: row.verdict == "mend").action_dismiss()
        self.assertEqual(self._kind("partner")["sentence"], "Rows in: 1")
        self.assertEqual(self._kind("alias")["state"], "none")

    def test_rows_that_are_ready_come_first(self):
        self._hand_in("partner", PARTNERS, "Northern Works,,25,")
        kind = self._kind("partner")
        self.assertEqual(kind["sentence"], "Rows in: 0, ready: 1")
        self.assertEqual(kind["state"], "mend")
        self.assertIn("ready: 1", self._read()["next"]["why"])

    def test_a_house_without_books_or_affiliates(self):
        """A new company is told its journal, its tax and its first affiliate."""
        house = self.env["res.company"].create({"name": "Other house"})
        self.clerk.company_ids |= house
        self.env["res.partner"].search(
            [("rd_settlement_mode", "!=", "order"), ("parent_id", "=", False)]
        ).write({"rd_settlement_mode": "order"})
        page = self.env["rd.first.day"].with_user(self.clerk)
        page = page.with_context(allowed_company_ids=[self.company.id, house.id])
        data = page.read_page(house.id)
        missing = {one["code"]: one for one in data["missing"]}
        self.assertLessEqual({"journal", "tax", "customers"}, missing.keys())
        self.assertEqual(missing["journal"]["action"]["res_model"], "account.journal")
        self.assertEqual(missing["tax"]["action"]["res_model"], "account.tax")
        self.assertEqual(
            missing["customers"]["action"]["context"]["default_kind"], "partner"
        )

    def test_nothing_left_to_do(self):
        first = self.env["rd.first.day"]
        self.assertIsNone(first._get_next([{"state": "in", "may": True}], []))

    def test_an_administrator_is_led_to_the_settings(self):
        self.clerk.group_ids |= self.env.ref("base.group_system")
        self.company.rd_start_date = False
        page = self._read()
        self.assertEqual(page["settings"]["res_model"], "res.config.settings")
        self.assertEqual(page["next"]["action"], page["settings"])

    def test_every_kind_can_be_opened(self):
        for kind in self._read()["kinds"]:
            for name in ("hand_in", "runs", "made"):
                if not kind[name]:
                    continue
                with self.subTest(kind=kind["code"], action=name):
                    records = self.env[kind[name]["res_model"]].with_user(self.clerk)
                    records.search(kind[name]["domain"], limit=1)
                    records.get_view(view_type=kind[name]["views"][-1][1])
            self.assertTrue(kind["label"] and kind["text"])

    def test_order_and_next(self):
        """What builds on something comes after it; what to do first stands on top."""
        self.clerk.group_ids |= self.env.ref("base.group_partner_manager")
        page = self.env["rd.first.day"].with_user(self.clerk)
        codes = [kind["code"] for kind in page.read_page(self.company.id)["kinds"]]
        first = ["partner", "contract", "alias", "order_list"]
        self.assertEqual(codes[:4], first)
        self.company.rd_start_date = False
        data = page.read_page(self.company.id)
        self.assertIn("day on which the desk starts", data["next"]["label"])
        self.assertFalse(data["next"]["action"], "an administrator's act")
        self.company.rd_start_date = date(2026, 9, 1)
        self._hand_in("partner", PARTNERS, "Nobody,Affiliate,25,")
        data = page.read_page(self.company.id)
        self.assertEqual(data["next"]["action"]["res_model"], "rd.intake")
        self.assertIn("to mend: 1", data["next"]["why"])
        self.assertFalse(data["settings"])

    def test_who_may_not_is_told_why(self):
        page = self.env["rd.first.day"].with_user(self._create_user("auditor"))
        kinds = {one["code"]: one for one in page.read_page(self.company.id)["kinds"]}
        self.assertFalse(kinds["partner"]["may"])
        self.assertIn("is taken over by: Clerk", kinds["partner"]["why_not"])
        page = self.env["rd.first.day"].with_user(self.clerk)
        kinds = {one["code"]: one for one in page.read_page(self.company.id)["kinds"]}
        self.assertEqual(kinds["alias"]["why_not"], "")

    def test_missing(self):
        missing = self._missing()
        self.assertIn("prices", missing)
        names = [row["name"] for row in missing["prices"]["rows"]]
        self.assertEqual(names, ["Northern Works"])
        action = missing["prices"]["rows"][0]["action"]
        self.assertEqual(action["res_id"], self.affiliate.id)
        self.assertIn("bank", missing)
        self.assertNotIn("start", missing)
        self._hand_in(
            "contract", CONTRACTS, "Northern Works,,2026-02-01,,,P-100,12.5,,"
        ).action_take()
        self.warehouse.rd_list_rhythm = "month"
        self.env["res.partner.bank"].create(
            {"acc_number": "1234", "partner_id": self.company.partner_id.id}
        )
        left = self._missing()
        self.assertNotIn("prices", left)
        self.assertNotIn("bank", left)
        self.company.rd_start_date = False
        self.assertIn("start", self._missing())

    def test_posts(self):
        self.assertIn("Finance", self._missing()["posts"]["why"])
        for role in ("finance", "warehouse"):
            self._create_user(role)
        self.assertNotIn("posts", self._missing())

    def test_who_may_look(self):
        for role in ("warehouse", "floor", "salesperson"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._read(self._create_user(role))
        auditor = self._create_user("auditor")
        self.assertFalse(any(kind["may"] for kind in self._read(auditor)["kinds"]))
        house = self.env["res.company"].create({"name": "Other house"})
        with self.assertRaisesRegex(AccessError, "not switched on"):
            self._read(company_id=house.id)

    def test_template_action(self):
        intakes = self.env["rd.intake"].with_user(self.clerk)
        action = call_kw(intakes, "get_template", ["alias"], {})
        self.assertEqual(action["data"], {"kind": "alias"})
        with self.assertRaisesRegex(UserError, "no list of the kind"):
            intakes.get_template("nothing")
        with self.assertRaises(AccessError):
            self._get_form("alias", user=self._create_user("warehouse"))

    def test_page_queries_do_not_grow(self):
        def measure():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._read()
            return self.env.cr.sql_log_count - before

        measure()
        small = measure()
        self.env["res.partner"].create(
            [
                {
                    "name": f"Works {n}",
                    "is_company": True,
                    "rd_partner_class": "affiliate",
                }
                for n in range(60)
            ]
        )
        self.env.flush_all()
        self.assertLess(measure(), small + 5)
