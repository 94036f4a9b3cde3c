# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.rd_sales_admin.models.rd_settlement_source import (
    KIND_ADJUSTMENT,
    KIND_CHARGE,
    KIND_STAGE,
)

from .common import InvariantsMixin
from .portal_common import PortalCommon

DAY = date(2026, 10, 12)
MAILER = "odoo.addons.rd_reconciliation.models.rd_statement_answer_mail"


@tagged("post_install", "-at_install")
class TestNoOrderLine(InvariantsMixin, PortalCommon):
    """Freight, an adjusted price and a stage are answered like any delivery, though
    no order line stands behind them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._bill(cls.statement)
        cls.theirs.action_cancel()
        cls.affiliate.rd_basis = "accepted"
        cls._agree_price(cls.parts[0], 10.55, date=DAY)
        cls.charge = cls._charge(400.0)
        cls.contract = cls._sign_contract()
        cls.october = cls._open_close(date(2026, 10, 1))
        cls.statement = cls._build(cls.october)
        cls.lines = cls.statement.line_ids.sorted("source_kind")
        cls.adjusted, cls.freight, cls.stage = cls.lines

    @classmethod
    def _bill(cls, statement):
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        statement.action_invoice()
        statement.action_post()

    @classmethod
    def _charge(cls, price):
        product = cls._create_part("FREIGHT", 0.0, type="service", is_storable=False)
        charge = cls.env["rd.statement.charge"].create(
            {
                "name": "Express freight",
                "kind": "freight",
                "partner_id": cls.affiliate.id,
                "date": DAY,
                "product_id": product.id,
                "price_unit": price,
                "reason": "ordered by phone",
            }
        )
        charge.action_confirm()
        return charge

    @classmethod
    def _sign_contract(cls):
        """Return a signed contract over 1,000, of which one stage is reached."""
        part = cls._create_part("EQ-1", 0.0, type="service", is_storable=False)
        contract = cls.env["rd.contract"].create(
            {
                "subject": "Welding line",
                "partner_id": cls.affiliate.id,
                "stage_ids": [
                    Command.create(
                        {
                            "sequence": number,
                            "name": name,
                            "due_percent": 50,
                            "due_trigger": trigger,
                            "invoice_percent": share,
                            "invoice_trigger": trigger,
                        }
                    )
                    for number, (name, trigger, share) in enumerate(
                        (("Deposit", "signature", 0), ("Acceptance", "handover", 100))
                    )
                ],
                "scan": "c2Nhbg==",
            }
        )
        order = cls._create_order([(part, 1, 1000.0)], rd_contract_id=contract.id)
        cls.sold = order.order_line
        contract.action_send()
        contract.action_sign_scan()
        cls.env["rd.contract.stage"]._trigger("handover", cls.sold, DAY)
        return contract

    def _marked(self, **marks):
        """Return the workbook with ``part=(quantity, price, reason)``."""

        def edit(sheet, rows, heads):
            for part, values in marks.items():
                names = ("Confirmed quantity", "Your price", "Reason")
                for head, value in zip(names, values, strict=True):
                    sheet.cell(rows[part.replace("_", "-")], heads[head]).value = value

        return self._mark(self._workbook(), edit)

    def _find(self, line):
        return line.match_id.difference_ids

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------
    def test_what_it_is_about(self):
        self.assertEqual(
            self.lines.mapped("source_kind"),
            [KIND_ADJUSTMENT, KIND_CHARGE, KIND_STAGE],
        )
        self.assertFalse(self.lines.sale_line_id)

    def test_marked_workbook(self):
        self.statement.action_send()
        data = self._marked(
            P_100=(10, None, None),
            FREIGHT=(1, 300, "as offered"),
            EQ_1=(None, None, "not yet"),
        )
        seen = self.statement.revision, self.statement.content_hash
        outcome = self.statement.with_user(self.finance)._portal_upload(
            "marked.xlsx", data, *seen
        )
        self.assertIn("1 lines confirmed, 2 disputed, 0 not answered", outcome)
        self.assertEqual(self._find(self.freight).code, "price")
        self.assertAlmostEqual(self._find(self.freight).theirs_amount, 339.0)

    def test_workbook_by_mail(self):
        self.statement.action_send()
        self._reply_by_mail(self._marked(FREIGHT=(1, 300, None), P_100=(8, None, None)))
        self.assertEqual(
            self.lines.mapped("verdict"), ["difference", "difference", "pending"]
        )

    def test_disputes_on_the_portal(self):
        self.statement.action_send()
        self.freight.invalidate_recordset()
        for line, values in (
            (self.freight, {"reason": "price", "price": 300}),
            (self.adjusted, {"reason": "quantity", "quantity": 8}),
            (self.stage, {"reason": "not_received"}),
        ):
            result = self.statement.with_user(self.finance)._portal_answer_line(
                line.id, self._seen(line=line, decision="disputed", **values)
            )
            self.assertEqual(result["verdict"], "difference")
        self.assertIn("8", self.adjusted._get_portal_said())
        page = self.statement._prepare_portal_page(1, "all", "", "", 0, False)
        self.assertEqual(page["counts"]["disputed"], 3)

    def test_their_price_is_taken(self):
        self.statement.action_send()
        self.statement.with_user(self.finance)._portal_answer_line(
            self.freight.id,
            self._seen(
                line=self.freight, decision="disputed", reason="price", price=300
            ),
        )
        item = self._find(self.freight)
        item.with_user(self.clerk).action_correct_price("as offered")
        item.with_user(self.supervisor).action_approve()
        self.assertEqual((item.state, self.freight.price_unit), ("agreed", 300.0))
        self.assertAlmostEqual(self.freight.amount_total, 339.0)

    def test_written_off_on_basis_accepted(self):
        """What is given up of a freight does not hold the statement for ever."""
        rows = [
            (line.date, line.note, line.part, line.quantity, line.amount_total)
            for line in self.adjusted | self.stage
        ]
        self._read_ledger(self.statement, rows)
        self.statement.action_match()
        item = self._find(self.freight)
        item.with_user(self.clerk).action_write_off("they never agreed to it")
        item.invalidate_recordset()
        if item.requested_by_id:
            item.with_user(self.supervisor).action_approve()
        self.assertEqual(self.freight.verdict, "short")
        self.statement.action_refresh()
        self._build(self.october)
        self.statement.action_agree()
        self.assertEqual(self.statement.state, "agreed")
        self.assertEqual(self.freight.amount_total, 0.0)

    # ------------------------------------------------------------------
    # A tax that comes later
    # ------------------------------------------------------------------
    def _build_without_tax(self):
        """State the stage of an order line that names no tax yet."""
        self.sold.tax_ids = [Command.clear()]
        self.statement.action_cancel()
        self.statement = self._build(self.october)
        stage = self.statement.line_ids.filtered(
            lambda line: line.source_kind == KIND_STAGE
        )
        self.assertEqual((stage.zero_reason, stage.verdict), ("no_tax", "no_price"))
        item = self.env["rd.difference"].search([("statement_line_id", "=", stage.id)])
        self.assertIn(self.sold.order_id.name, item.reason)
        self.assertEqual(item.user_id, self.sold.order_id.user_id)
        return stage, item

    def test_refresh_finds_the_tax(self):
        stage, item = self._build_without_tax()
        self.statement.action_refresh()
        self.assertEqual(stage.zero_reason, "no_tax", "there is none yet")
        self.sold.tax_ids = [Command.set(self.tax.ids)]
        self.statement.action_refresh()
        self.assertEqual((stage.zero_reason, stage.verdict), (False, "pending"))
        self.assertAlmostEqual(stage.amount_total, 1130.0)
        self.assertEqual(item.state, "agreed")

    def test_the_desk_takes_the_tax(self):
        stage, item = self._build_without_tax()
        with self.assertRaisesRegex(UserError, "set the tax on the order"):
            item.with_user(self.clerk).action_wait_price()
        self.sold.tax_ids = [Command.set(self.tax.ids)]
        item.with_user(self.clerk).action_wait_price()
        self.assertEqual((item.state, stage.tax_ids), ("agreed", self.tax))

    # ------------------------------------------------------------------
    # A mail is never lost
    # ------------------------------------------------------------------
    def test_a_fault_of_ours_loses_no_mail(self):
        """Fails when an error nobody foresaw takes the whole mail with it."""
        self.statement.action_send()
        self.statement.user_id = self.clerk

        def fail(statement, name, data, source):
            statement._lines()._as_internal().write({"verdict": "confirmed"})
            raise ValueError("Expected singleton: uom.uom()")

        with (
            patch.object(type(self.statement), "_take_spreadsheet", fail),
            mute_logger(MAILER),
        ):
            number = self._reply_by_mail(self._marked(FREIGHT=(1, None, None)))
        kept = self.statement.message_ids.filtered(lambda x: x.message_id == number)
        self.assertEqual(kept.attachment_ids.name, "back.xlsx")
        self.assertEqual(set(self.lines.mapped("verdict")), {"pending"})
        reply = self.statement.message_ids.filtered(
            lambda message: "could not be read" in (message.body or "")
        )
        self.assertIn(self.finance.partner_id, reply.partner_ids)
        self.assertNotIn("singleton", reply.body)
        self.assertEqual(self.statement.activity_ids.user_id, self.clerk)
