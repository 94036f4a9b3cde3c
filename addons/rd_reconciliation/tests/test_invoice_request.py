# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from datetime import date

import openpyxl

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from .invoicing import InvoicingCase


@tagged("post_install", "-at_install")
class TestInvoiceRequest(InvoicingCase):
    """The desk asks, finance answers, and only then the invoice is posted."""

    def test_lines_are_summed_by_part_price_and_tax(self):
        self.p100.categ_id = self.env["product.category"].create(
            {"name": "Brackets", "rd_tax_code": "1090511030000000000"}
        )
        order = self._create_order([(self.p100, 10, 0.33), (self.p200, 2, 25.5)])
        order.order_line[0].discount = 5
        for note, quantity in (("DN-1", 3), ("DN-2", 4)):
            self._deliver(order, {self.p100: quantity}, note, date(2026, 9, 10))
        self._deliver(order, {self.p200: 2}, "DN-3", date(2026, 9, 11))
        request = self._request(self._agree_what_is_there())
        first, second = request.line_ids
        self.assertRecordValues(
            first,
            [
                {
                    "quantity": 7.0,
                    "amount_untaxed": 2.19,
                    "tax_code": "1090511030000000000",
                    "specification": "P-100",
                    "tax_rate": 13.0,
                    "note": False,
                }
            ],
        )
        self.assertAlmostEqual(first.quantity * first.price_unit, 2.19, delta=0.005)
        self.assertEqual(first.price_text, "0.313")
        self.assertEqual(second.price_text, "25.50")
        self.assertAlmostEqual(
            sum(request.line_ids.mapped("amount_total")), request.amount_total
        )
        self.assertEqual(request.amount_total, request.sudo().move_id.amount_total)

    def test_an_adjustment_names_its_part(self):
        """Fails when what is asked for afterwards has no tax classification code, or
        is a printed line for each delivery where the limit counts one."""
        self.p100.product_tmpl_id.rd_tax_code = "1090511030000000000"
        order = self._create_order([(self.p100, 100, 10.0)])
        for note, quantity in (("DN-1", 40), ("DN-2", 20)):
            self._deliver(order, {self.p100: quantity}, note, date(2026, 9, 10))
        self._accept(self._agree_what_is_there())
        self._agree_price(self.p100, 10.55)
        self._set_rules(max_lines=1)
        late = self._agree_what_is_there(self._open_close(date(2026, 10, 1)))
        request = self._request(late)
        self.assertEqual(len(late.line_ids), 2)
        self.assertFalse(request.sudo().move_id.invoice_line_ids.product_id)
        self.assertRecordValues(
            request.line_ids,
            [
                {
                    "product_id": self.p100.id,
                    "tax_code": "1090511030000000000",
                    "specification": "P-100",
                    "quantity": 60.0,
                    "price_text": "0.55",
                    "amount_untaxed": 33.0,
                }
            ],
        )

    def test_finance_is_warned_of_what_is_odd_about_a_line(self):
        """What comes back in an invoice, and cents of tax agreed line by line."""
        self.company.tax_calculation_rounding_method = "round_per_line"
        self.p200.product_tmpl_id.rd_tax_code = "1090511030000000000"
        picking = self._deliver(
            self._create_order([(self.p200, 5, 25.5)]),
            {self.p200: 5},
            "DN-0",
            date(2026, 9, 2),
        )
        self._invoice(self._agree_what_is_there()).with_user(self.finance).action_post()
        self._return(picking, {self.p200: 1}, "RT-1", date(2026, 10, 6))
        order = self._create_order([(self.p100, 1, 0.33)] * 40 + [(self.p300, 9, 9.0)])
        move_quantities = {self.p100: 1, self.p300: 9}
        self._deliver(order, move_quantities, "DN-1", date(2026, 10, 10))
        october = self._open_close(date(2026, 10, 1))
        request = self._request(self._agree_what_is_there(october))
        notes = {line.product_id: line.note or "" for line in request.line_ids}
        self.assertIn("negative: enter it as a discount line", notes[self.p200])
        self.assertIn("the tax is not amount × rate", notes[self.p100])
        self.assertFalse(notes[self.p300])
        self.assertIn("2 lines have no tax classification code", request.warning)

    def test_finance_is_warned_of_nothing_where_all_is_there(self):
        self.p100.product_tmpl_id.rd_tax_code = "1090511030000000000"
        request = self._request(self._agree([(self.p100, 60, 10.0)]))
        self.assertFalse(request.warning)

    def test_tax_code_is_inherited(self):
        parent = self.env["product.category"].create(
            {"name": "Parts", "rd_tax_code": "1" * 19}
        )
        child = self.env["product.category"].create(
            {"name": "Castings", "parent_id": parent.id}
        )
        product = self.p100.product_tmpl_id
        product.categ_id = child
        self.assertEqual(product._rd_get_tax_code(), "1" * 19)
        product.rd_tax_code = "2" * 19
        self.assertEqual(product._rd_get_tax_code(), "2" * 19)
        for record in (parent, product):
            with self.assertRaisesRegex(ValidationError, "has 19 digits"):
                record.rd_tax_code = "109"

    def test_what_came_and_went_is_not_printed(self):
        order = self._create_order([(self.p100, 10, 10.0), (self.p200, 2, 25.5)])
        picking = self._deliver(
            order, {self.p100: 10, self.p200: 2}, "DN-1", date(2026, 9, 10)
        )
        self._return(picking, {self.p100: 10}, "RT-1", date(2026, 9, 12))
        request = self._request(self._agree_what_is_there())
        self.assertEqual(request.line_ids.mapped("specification"), ["P-200"])
        request.with_user(self.finance).action_accept()
        self.assertEqual(request.sudo().move_id.state, "posted")

    def test_accepting_posts_and_opens_the_tax_invoice(self):
        statement = self._agree([(self.p100, 60, 10.0)])
        request = self._request(statement)
        self.assertEqual(request.state, "requested")
        self.assertEqual(request.requested_by_id, self.clerk)
        self.assertEqual(request.sudo().move_id.state, "draft")
        request.with_user(self.finance).action_accept()
        self.assertEqual(request.sudo().move_id.state, "posted")
        self.assertRecordValues(
            request.fapiao_ids,
            [
                {
                    "state": "requested",
                    "amount_total": 678.0,
                    "kind": "digital_special",
                    "number": False,
                }
            ],
        )
        self.assertEqual(request.accepted_by_id, self.finance)
        request.with_user(self.finance).action_accept()
        self.assertEqual(len(request.fapiao_ids), 1)

    def test_returned_with_a_reason_and_asked_again(self):
        statement = self._agree([(self.p100, 60, 10.0)])
        request = self._request(statement)
        with self.assertRaisesRegex(UserError, "Say why"):
            request.with_user(self.finance).action_return("  ")
        request.with_user(self.finance).action_return("Wrong tax number")
        self.assertEqual(request.state, "returned")
        self.assertEqual(request.sudo().move_id.state, "draft")
        activity = request.activity_ids
        self.assertEqual(activity.user_id, self.clerk)
        self.assertIn("Wrong tax number", activity.summary)
        request.with_user(self.clerk).buyer_vat = "91310000MA1FL0XX0B"
        request.with_user(self.clerk).action_request()
        self.assertFalse(request.activity_ids)
        self.assertEqual(request.state, "requested")
        with self.assertRaisesRegex(UserError, "closed and cannot"):
            request.with_user(self.clerk).buyer_vat = "x"

    def test_finance_accepts_what_is_asked_for_only(self):
        request = self._request(self._agree([(self.p100, 60, 10.0)]))
        request.with_user(self.finance).action_return("Wrong tax number")
        with self.assertRaisesRegex(UserError, "Returned.* cannot become .*Accepted"):
            request.with_user(self.finance).action_accept()
        self.assertEqual(request.sudo().move_id.state, "draft")

    def test_the_buyer_is_read_again_as_long_as_the_desk_has_it(self):
        request = self._request(self._agree([(self.p100, 60, 10.0)]))
        self.affiliate.vat = "91310000MA1FL0XX0C"
        with self.assertRaisesRegex(UserError, "is with finance"):
            request.with_user(self.clerk).action_refresh_buyer()
        self.assertEqual(request.buyer_vat, "91310000MA1FL0XX0A")
        request.with_user(self.finance).action_return("Wrong tax number")
        request.with_user(self.clerk).action_refresh_buyer()
        self.assertEqual(request.buyer_vat, "91310000MA1FL0XX0C")
        self.assertEqual(
            request._get_report_base_filename(), request.name.replace("/", "-")
        )

    def test_asking_twice_asks_once(self):
        statement = self._agree([(self.p100, 60, 10.0)])
        request = self._request(statement)
        statement.action_request_invoices()
        self.assertEqual(statement.request_ids, request)
        self.assertFalse(statement.to_request)

    def test_accepted_is_not_asked_for_again(self):
        """Fails when a click in the list takes back what finance has accepted."""
        request = self._request(self._agree([(self.p100, 60, 10.0)]))
        request.with_user(self.clerk).action_request()
        request.with_user(self.finance).action_accept()
        with self.assertRaisesRegex(UserError, "Accepted by finance"):
            request.with_user(self.clerk).action_request()
        self.assertEqual(request.state, "accepted")
        self.assertEqual(request.accepted_by_id, self.finance)

    def test_nothing_to_ask_for(self):
        statement = self._agree([(self.p100, 60, 10.0)])
        with self.assertRaisesRegex(UserError, "make the invoices first"):
            statement.action_request_invoices()

    def test_who_may(self):
        request = self._request(self._agree([(self.p100, 60, 10.0)]))
        for user in (self.clerk, self.supervisor):
            for name in ("action_accept", "action_return"):
                text = self._assert_refused(
                    request, self._rpc, user, request._name, name, request.ids
                )
                self.assertIn("Only finance", text)
        self._assert_refused(
            request,
            self._rpc,
            self.finance,
            request._name,
            "action_request",
            request.ids,
        )
        self._assert_refused(
            request,
            self._rpc,
            self.auditor,
            request._name,
            "action_return",
            request.ids,
            "because",
        )

    def test_guarded_in_each_state(self):
        request = self._request(self._agree([(self.p100, 60, 10.0)]))
        line = request.line_ids
        users = (self.clerk, self.finance)
        self._assert_guarded(request, request._get_guarded_fields(), users)
        request.with_user(self.finance).action_return("because")
        self._assert_guarded(request, request._get_guarded_fields(), users)
        request.with_user(self.clerk).action_request()
        request.with_user(self.finance).action_accept()
        self._assert_guarded(request, request._get_guarded_fields(), users)
        for name in sorted(line._get_guarded_fields()):
            self._assert_refused(
                line,
                self._rpc,
                self.clerk,
                line._name,
                "write",
                line.ids,
                {name: self._other_value(line, name)},
                exact=None,
            )
        self._assert_refused(
            request,
            self._rpc,
            self.finance,
            request._name,
            "unlink",
            request.ids,
            exact=None,
        )
        self._assert_refused(
            request,
            self._rpc,
            self.clerk,
            request._name,
            "create",
            [{"buyer_name": "x"}],
            exact=None,
        )

    def test_an_edited_draft_is_not_accepted(self):
        """The invoice was changed after the request: neither is posted."""
        request = self._request(self._agree([(self.p100, 60, 10.0)]))
        move = request.sudo().move_id
        move.with_user(self.finance).invoice_line_ids.quantity = 50
        with self.assertRaisesRegex(UserError, "no longer come to the amounts"):
            request.with_user(self.finance).action_accept()
        self.assertEqual(move.state, "draft")

    def test_posting_on_any_path_accepts(self):
        """Finance may post the invoice itself; the request does not stay behind."""
        request = self._request(self._agree([(self.p100, 60, 10.0)]))
        request.statement_id.with_user(self.finance).action_post()
        self.assertEqual(request.state, "accepted")
        self.assertEqual(request.accepted_by_id, self.finance)

    def test_the_desk_does_not_pass_finance_by(self):
        """Fails when the clerk posts what finance has not seen, or gave back."""
        statement = self._agree([(self.p100, 60, 10.0)])
        self._invoice(statement)
        desk = statement.with_user(self.clerk)
        self.assertFalse(desk.may_post)
        self.assertTrue(statement.with_user(self.finance).may_post)
        for user in (self.clerk, self.supervisor):
            with self.assertRaisesRegex(UserError, "Finance posts the invoices of"):
                statement.with_user(user).action_post()
        request = self._request(statement)
        with self.assertRaisesRegex(UserError, "Finance posts the invoices of"):
            desk.action_post()
        request.with_user(self.finance).action_return("Wrong buyer")
        for call in (
            statement.with_user(self.finance).action_post,
            statement.sudo().action_post,
            statement.sudo().invoice_ids.with_user(self.finance).action_post,
        ):
            with self.assertRaisesRegex(UserError, "returned by finance: Wrong buyer"):
                with self.env.cr.savepoint():
                    call()
        self.assertEqual(request.state, "returned")
        self.assertEqual(statement.sudo().invoice_ids.state, "draft")
        request.with_user(self.clerk).action_request()
        request.with_user(self.finance).action_accept()
        self.assertEqual(statement.sudo().invoice_ids.state, "posted")

    def test_the_desk_posts_where_nobody_is_asked(self):
        self.company.rd_tax_invoices = False
        statement = self._agree([(self.p100, 60, 10.0)])
        self._invoice(statement)
        self.assertTrue(statement.with_user(self.clerk).may_post)
        statement.with_user(self.clerk).action_post()
        self.assertEqual(statement.sudo().invoice_ids.state, "posted")
        self.assertFalse(statement.to_request)

    def test_what_was_posted_before_asking_is_asked_for(self):
        """Fails when an invoice that finance posted has no way to its tax invoice."""
        statement = self._agree([(self.p100, 60, 10.0)])
        move = self._invoice(statement)
        move.with_user(self.finance).action_post()
        self.assertTrue(statement.to_request)
        statement.with_user(self.clerk).action_request_invoices()
        request = statement.request_ids
        self.assertEqual((request.state, request.sudo().move_id), ("requested", move))
        request.with_user(self.finance).action_accept()
        self.assertEqual(request.fapiao_ids.state, "requested")
        self.assertFalse(statement.to_request)
        statement.with_user(self.clerk).action_request_invoices()
        self.assertEqual(statement.request_ids, request)

    def test_reset_and_cancel_take_the_request_along(self):
        statement = self._agree([(self.p100, 60, 10.0)])
        fapiao = self._accept(statement)
        request = fapiao.request_id
        move = request.sudo().move_id
        move.with_user(self.finance).button_draft()
        self.assertEqual(request.state, "requested")
        self.assertEqual(fapiao.state, "cancelled")
        request.with_user(self.finance).action_accept()
        self.assertEqual(len(request.fapiao_ids), 2)
        move.with_user(self.finance).button_draft()
        move.with_user(self.finance).button_cancel()
        self.assertEqual(request.state, "cancelled")
        self.assertEqual(set(request.fapiao_ids.mapped("state")), {"cancelled"})
        self.assertEqual(statement.state, "agreed")
        again = self._request(statement) - request
        self.assertEqual(again.state, "requested")

    def test_deleted_draft_takes_the_request_along(self):
        statement = self._agree([(self.p100, 60, 10.0)])
        request = self._request(statement)
        request.sudo().move_id.with_user(self.finance).unlink()
        self.assertEqual(request.state, "cancelled")
        self.assertEqual(statement.state, "agreed")

    # ------------------------------------------------------------------
    # The accounting month
    # ------------------------------------------------------------------
    def test_a_locked_month_is_shown_and_accepted(self):
        statement = self._agree([(self.p100, 60, 10.0)])
        statement.invoice_date = date(2026, 9, 30)
        request = self._request(statement)
        self.assertFalse(request.needs_month)
        self.company.sudo().sale_lock_date = date(2026, 9, 30)
        request.invalidate_recordset()
        self.assertTrue(request.needs_month)
        self.assertIn("2026-09 is locked", request.accounting_note)
        with self.assertRaisesRegex(UserError, "Finance accepts the month first"):
            request.with_user(self.finance).action_accept()
        with self.assertRaisesRegex(UserError, "Finance accepts the month first"):
            statement.with_user(self.finance).action_post()
        with self.assertRaisesRegex(UserError, "Only finance"):
            request.with_user(self.clerk).action_accept_month()
        request.with_user(self.finance).action_accept_month()
        move = request.sudo().move_id
        accepted = move.rd_month_accepted
        self.assertEqual(move.rd_month_accepted_by_id, self.finance)
        request.with_user(self.finance).action_accept()
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.date.replace(day=1), accepted.replace(day=1))
        self.assertEqual(move.invoice_date, date(2026, 9, 30))

    def test_b8_each_lock_is_shown_and_an_exception_opens_it(self):
        """Whatever closes the month, nothing moves without a word (B8)."""
        statement = self._agree([(self.p100, 60, 10.0)])
        statement.invoice_date = date(2026, 9, 30)
        request = self._request(statement)
        move = request.sudo().move_id
        company = self.company.sudo()
        with self.assertRaisesRegex(RedirectWarning, "draft entries"):
            # For good no month is locked over a draft: Odoo says so itself.
            company.hard_lock_date = date(2026, 9, 30)
        for name in ("fiscalyear_lock_date", "tax_lock_date", "sale_lock_date"):
            with self.subTest(lock=name), self.env.cr.savepoint() as savepoint:
                company[name] = date(2026, 9, 30)
                self.env.invalidate_all()
                self.assertIn("2026-09 is locked", request.accounting_note)
                for call in (
                    request.with_user(self.finance).action_accept,
                    move.with_user(self.finance).action_post,
                ):
                    with self.assertRaisesRegex(UserError, "accepts the month first"):
                        with self.env.cr.savepoint():
                            call()
                self.assertEqual(move.state, "draft")
                savepoint.rollback()
            self.env.invalidate_all()
        company.purchase_lock_date = date(2026, 9, 30)
        self.env.invalidate_all()
        self.assertFalse(request.needs_month, "a lock of purchases is none of ours")
        company.fiscalyear_lock_date = date(2026, 9, 30)
        self.env["account.lock_exception"].sudo().create(
            {
                "company_id": company.id,
                "user_id": self.finance.id,
                "fiscalyear_lock_date": date(2026, 8, 31),
                "end_datetime": False,
            }
        )
        self.env.invalidate_all()
        request.with_user(self.finance).action_accept()
        self.assertEqual((move.state, move.date), ("posted", date(2026, 9, 30)))

    def test_the_month_is_accepted_by_its_button_only(self):
        move = self._invoice(self._agree([(self.p100, 60, 10.0)]))
        for user in (self.clerk, self.finance):
            self._assert_refused(
                move,
                self._rpc,
                user,
                "account.move",
                "write",
                move.ids,
                {"rd_month_accepted": "2026-10-31"},
            )

    # ------------------------------------------------------------------
    # Paper and workbook
    # ------------------------------------------------------------------
    def test_print_data_and_pdf(self):
        request = self._request(self._agree([(self.p100, 60, 10.0)]))
        data = request._prepare_print_data()
        self.assertEqual(data["rows"][0][1], "Part P-100")
        self.assertEqual(data["sums"][2], "678.00")
        report = self.env["ir.actions.report"].with_user(self.finance)
        html = report._render_qweb_html(
            "rd_reconciliation.report_invoice_request", request.ids
        )[0].decode()
        self.assertIn("91310000MA1FL0XX0A", html)
        self.assertIn(request.name, html)

    def test_workbook_in_the_sites_layout(self):
        request = self._request(self._agree([(self.p100, 3, 0.33)]))
        rows = self._read_workbook(request)
        self.assertEqual(rows[0][:3], ("发票流水号", "发票类型", "购买方名称"))
        self.assertEqual(len(rows), 2)
        columns = (
            self.env["rd.invoice.export.column"]
            .with_user(self.finance)
            .search([("company_id", "=", self.company.id)])
        )
        columns.unlink()
        columns.create(
            [
                {"name": "Goods", "content": "name", "sequence": 2},
                {"name": "Price", "content": "price", "sequence": 3},
                {"name": "Sum", "content": "untaxed", "sequence": 1},
            ]
        )
        rows = self._read_workbook(request)
        self.assertEqual(rows[0], ("Sum", "Goods", "Price"))
        self.assertEqual(rows[1][:2], (0.99, "Part P-100"))
        self.assertAlmostEqual(3 * rows[1][2], 0.99, delta=0.005)

    def _read_workbook(self, request):
        report = self.env["ir.actions.report"].with_user(self.finance)
        data = report._render_xlsx(
            "rd_reconciliation.invoice_request_xlsx",
            request.ids,
            {"context": {"active_model": request._name}},
        )[0]
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        return [tuple(row) for row in sheet.iter_rows(values_only=True)]

    # ------------------------------------------------------------------
    # The month
    # ------------------------------------------------------------------
    def _run_month(self):
        self.close.with_user(self.clerk).action_run()
        steps = self.close.step_ids.filtered(
            lambda step: step.partner_id == self.affiliate
        )
        return {step.code: step for step in steps}

    def test_the_month_asks_finance_and_waits_by_name(self):
        statement = self._agree([(self.p100, 60, 10.0)])
        self._invoice(statement)
        post = self._run_month()["post"]
        self.assertEqual((post.state, post.role), ("waiting", "finance"))
        self.assertEqual(statement.request_ids.state, "requested")
        self.assertIn(statement.request_ids.name, post.message)
        statement.request_ids.with_user(self.finance).action_return("No address")
        post = self._run_month()["post"]
        self.assertEqual(post.role, "clerk")
        self.assertIn("No address", post.message)

    def test_the_month_waits_where_a_person_invoices_and_posts(self):
        self.company.write({"rd_tax_invoices": False, "rd_auto_post_affiliate": False})
        statement = self._agree([(self.p100, 60, 10.0)])
        self.company.rd_auto_invoice_affiliate = False
        step = self._run_month()["invoice"]
        self.assertEqual((step.state, step.role), ("waiting", "clerk"))
        self.assertIn(f"{statement.name} is agreed and waits", step.message)
        self.assertFalse(statement.sudo().invoice_ids)
        self._invoice(statement)
        step = self._run_month()["post"]
        self.assertEqual((step.state, step.role), ("waiting", "finance"))
        self.assertIn(f"{statement.name} waits to be posted", step.message)

    def test_the_month_accepts_by_itself_where_wanted(self):
        self.company.rd_auto_post_affiliate = True
        statement = self._agree([(self.p100, 60, 10.0)])
        self._invoice(statement)
        steps = self._run_month()
        self.assertEqual(steps["post"].state, "done")
        self.assertEqual(statement.request_ids.state, "accepted")
        self.assertEqual(
            (steps["fapiao"].state, steps["fapiao"].role), ("waiting", "finance")
        )
        fapiao = self._issue(statement.request_ids.fapiao_ids)
        fapiao_step = self._run_month()["fapiao"]
        self.assertEqual(fapiao_step.role, "clerk")
        self.assertIn(fapiao.number, fapiao_step.message)
        self._receive(fapiao)
        self.assertEqual(self._run_month()["fapiao"].state, "done")

    def test_the_month_never_moves_the_accounting_month(self):
        self.company.rd_auto_post_affiliate = True
        statement = self._agree([(self.p100, 60, 10.0)])
        statement.invoice_date = date(2026, 9, 30)
        self._invoice(statement)
        self.company.sudo().sale_lock_date = date(2026, 9, 30)
        post = self._run_month()["post"]
        self.assertEqual((post.state, post.role), ("waiting", "finance"))
        self.assertIn("2026-09 is locked", post.message)

    def test_no_tax_invoices_no_step(self):
        self.company.rd_tax_invoices = False
        close = self._open_close(date(2026, 10, 1))
        self.assertNotIn("fapiao", close.step_ids.mapped("code"))
        self.assertIn("fapiao", self.close.step_ids.mapped("code"))
        statement = self._agree([(self.p100, 60, 10.0)])
        self._invoice(statement).with_user(self.finance).action_post()
        self.assertEqual(self._run_month()["fapiao"].state, "done")

    def test_on_by_itself_in_china(self):
        company = self.env["res.company"].create(
            {"name": "Far house", "country_id": self.env.ref("base.cn").id}
        )
        self.assertTrue(company.rd_tax_invoices)
        other = self.env["res.company"].create(
            {"name": "Near house", "country_id": self.env.ref("base.be").id}
        )
        self.assertFalse(other.rd_tax_invoices)
