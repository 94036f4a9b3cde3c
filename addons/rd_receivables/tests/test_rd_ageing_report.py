# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import OTHERS, READERS, ReceivablesCommon

TODAY = date(2025, 6, 30)
BUCKETS = [
    (-30, "0"),
    (0, "0"),
    (1, "1"),
    (30, "1"),
    (31, "2"),
    (60, "2"),
    (61, "3"),
    (90, "3"),
    (91, "4"),
    (400, "4"),
]


@tagged("post_install", "-at_install")
class TestRdAgeingReport(ReceivablesCommon):
    # ------------------------------------------------------------------
    # Age
    # ------------------------------------------------------------------
    @freeze_time("2025-06-30 04:00:00")
    def test_buckets_at_their_edges(self):
        """Fails when an edge belongs to the neighbour."""
        for days, bucket in BUCKETS:
            with self.subTest(days=days):
                row = self._rows(self._create_open(due=TODAY - timedelta(days=days)))
                self.assertRecordValues(
                    row,
                    [
                        {
                            "days_overdue": days,
                            "bucket": bucket,
                            "amount_residual": 100,
                            "amount_overdue": 100 if days > 0 else 0,
                        }
                    ],
                )

    def test_today_is_the_day_of_the_company(self):
        """Fails with the database's or the user's day."""
        move = self._create_open(due="2025-10-31")
        self.env.user.tz = "America/Los_Angeles"
        for zone, moment, days in (
            ("Asia/Shanghai", "2025-10-31 15:59:59", 0),
            ("Asia/Shanghai", "2025-10-31 16:00:00", 1),
            ("Pacific/Pago_Pago", "2025-11-01 10:59:59", 0),
            ("Pacific/Kiritimati", "2025-10-31 10:00:00", 1),
            ("Europe/Paris", "2025-10-31 22:59:59", 0),
            ("Europe/Paris", "2025-10-31 23:00:00", 1),
        ):
            with self.subTest(zone=zone, moment=moment), freeze_time(moment):
                self.company.rd_tz = zone
                self.env.invalidate_all()
                self.assertEqual(self._rows(move).days_overdue, days)

    def test_each_instalment_has_its_own_age(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "half and half",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 60)
                ],
            }
        )
        move = self._create_open(
            due=False, invoice_payment_term_id=term.id, invoice_date="2025-01-01"
        )
        with freeze_time("2025-02-15 04:00:00"):
            self.assertRecordValues(
                self._rows(move),
                [
                    {"bucket": "2", "amount_residual": 50},
                    {"bucket": "0", "amount_residual": 50},
                ],
            )

    # ------------------------------------------------------------------
    # What is in and with which amount
    # ------------------------------------------------------------------
    def test_only_posted_open_receivables(self):
        paid, partly, draft = (self._create_open() for _each in range(3))
        draft.button_draft()
        self._pay(paid, 100)
        self._pay(partly, 30)
        bill = self._create_open(move_type="in_invoice")
        rows = self._rows(paid, partly, draft, bill)
        self.assertRecordValues(rows, [{"move_id": partly.id, "amount_residual": 70}])

    def test_credit_is_negative_in_a_storno_chart_too(self):
        """Fails when debit and credit are read instead of the residual."""
        for storno in (False, True):
            self.company.account_storno = storno
            with self.subTest(storno=storno):
                moves = self._create_open(80) | self._create_open(
                    50, move_type="out_refund"
                )
                rows = self._rows(*moves)
                self.assertEqual(sorted(rows.mapped("amount_residual")), [-50, 80])

    def test_foreign_currency_is_shown_in_that_of_the_company(self):
        currency = self.setup_other_currency("EUR")
        move = self._create_open(100, currency_id=currency.id)
        line = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        row = self._rows(move)
        self.assertNotEqual(line.amount_residual, line.amount_residual_currency)
        self.assertEqual(row.amount_residual, line.amount_residual)
        self.assertEqual(row.currency_id, self.company.currency_id)

    def test_total_equals_the_books(self):
        """Fails when a join loses or doubles rows (no partner, no class, contact)."""
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.affiliate.id}
        )
        nobody = self.env["res.partner"].create({"name": "no class"})
        for partner in (contact, nobody, self.outside):
            self._create_open(33.33, partner=partner)
        account = self.company_data["default_account_receivable"]
        other = self.company_data["default_account_revenue"]
        self.env["account.move"].create(
            {
                "date": "2025-01-05",
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": 7}),
                    (0, 0, {"account_id": other.id, "balance": -7}),
                ],
            }
        ).action_post()
        report = self.env["rd.ageing.report"]
        [(amount, count)] = report._read_group(
            [("company_id", "=", self.company.id)],
            [],
            ["amount_residual:sum", "__count"],
        )
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT SUM(amount_residual), COUNT(*)
              FROM account_move_line
             WHERE company_id = %s AND parent_state = 'posted'
               AND amount_residual <> 0 AND account_id IN
                   (SELECT id FROM account_account
                     WHERE account_type = 'asset_receivable')
            """,
            [self.company.id],
        )
        books, items = self.env.cr.fetchone()
        self.assertEqual(self.company.currency_id.compare_amounts(amount, books), 0)
        self.assertEqual((count, items), (4, 4))

    def test_contact_counts_for_his_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.affiliate.id}
        )
        row = self._rows(self._create_open(partner=contact))
        self.assertEqual(row.partner_id, self.affiliate)
        self.assertEqual(row.partner_class, "affiliate")

    def test_pending_changes_are_seen(self):
        """Fails when ``_depends`` misses a field: the answer would be a stale one."""
        move = self._create_open(partner=self.outside)
        self.outside.rd_partner_class = "affiliate"
        self.assertEqual(
            self.env["rd.ageing.report"].search_count(
                [("move_id", "=", move.id), ("partner_class", "=", "affiliate")]
            ),
            1,
        )

    @freeze_time("2025-06-30 04:00:00")
    def test_pivot_adds_up(self):
        for days, _bucket in BUCKETS:
            self._create_open(10, due=TODAY - timedelta(days=days))
        groups = self.env["rd.ageing.report"].formatted_read_group(
            [("partner_id", "=", self.outside.id)],
            ["bucket"],
            ["amount_residual:sum_currency", "amount_overdue:sum"],
        )
        self.assertEqual(
            [(g["bucket"], g["amount_residual:sum_currency"]) for g in groups],
            [
                ("0", 20),
                ("1", 20),
                ("2", 20),
                ("3", 20),
                ("4", 20),
            ],
        )
        self.assertEqual(sum(g["amount_overdue:sum"] for g in groups), 80)

    # ------------------------------------------------------------------
    # Access
    # ------------------------------------------------------------------
    def test_roles(self):
        move = self._create_open()
        bare = new_test_user(self.env, "receivables_bare", groups="base.group_user")
        for role in READERS:
            with self.subTest(role=role):
                self.assertEqual(
                    self._rows(move, user=self.users[role]).amount_residual, 100
                )
        for user in (*(self.users[role] for role in OTHERS), bare):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._rows(move, user=user)

    def test_nobody_writes(self):
        row = self._rows(self._create_open())
        for role in READERS:
            own = row.with_user(self.users[role])
            for call in (
                lambda own=own: own.write({"amount_residual": 0}),
                lambda own=own: own.unlink(),
                lambda own=own: own.create({"amount_residual": 1}),
            ):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    call()

    def test_other_company_is_out_of_sight(self):
        """Fails without the rule: a view without one is open to everybody."""
        second = self.setup_other_company()["company"]
        move = (
            self.env["account.move"]
            .with_company(second)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": second.id,
                    "partner_id": self.outside.id,
                    "invoice_date": "2025-01-01",
                    "invoice_line_ids": [
                        (0, 0, {"name": "x", "price_unit": 5, "tax_ids": []})
                    ],
                }
            )
        )
        move.action_post()
        self.assertTrue(
            self.env["rd.ageing.report"]
            .sudo()
            .search_count([("move_id", "=", move.id)])
        )
        finance = self.users["finance"]
        report = self.env["rd.ageing.report"].with_user(finance)
        self.assertFalse(self._rows(move, user=finance))
        groups = report._read_group([], ["company_id"], ["amount_residual:sum"])
        self.assertNotIn(second, [group[0] for group in groups])
        with self.assertRaises(AccessError):
            report.browse(self._rows(move).id).read(["amount_residual"])

    def test_form_of_the_row_needs_no_right_on_the_books(self):
        """Fails when the name of a row is that of a journal item."""
        row = self._rows(self._create_open()).with_user(self.users["auditor"])
        names = ("display_name", "partner_id", "move_id", "account_id", "company_id")
        specification = {name: {"fields": {"display_name": {}}} for name in names}
        [values] = row.web_read({**specification, "display_name": {}})
        self.assertEqual(values["display_name"], row.sudo().move_id.name)

    def test_row_opens_the_entry_or_itself(self):
        move = self._create_open()
        row = self._rows(move)
        action = row.with_user(self.users["finance"]).action_open_entry()
        self.assertEqual((action["res_model"], action["res_id"]), (move._name, move.id))
        auditor = self.users["auditor"]
        auditor.group_ids -= self.env.ref("account.group_account_readonly")
        accounts = self.env.ref("rd_sales_admin.rd_sales_admin_group_auditor")
        accounts.implied_ids -= self.env.ref("account.group_account_readonly")
        action = row.with_user(auditor).action_open_entry()
        self.assertEqual((action["res_model"], action["res_id"]), (row._name, row.id))
