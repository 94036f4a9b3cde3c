# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date, timedelta
from io import BytesIO

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .guards import FORGED, GuardMixin
from .handover_common import HandoverCommon

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestHandover(HandoverCommon, GuardMixin):
    """The list, receiving, acceptance, and the gate behind them."""

    def test_accepted_handover_reaches_its_milestone(self):
        """Complete, accepted class by class: only then the line can be invoiced."""
        handover = self._make_handover()
        self.assertEqual(self.service_line.qty_to_invoice, 0.0)
        self._receive_all(handover)
        handover.action_send()
        self._accept(handover, ["tooling"])
        self.assertEqual(handover.state, "sent")
        self.assertFalse(handover.milestone_id.is_reached)
        self.assertEqual(self.service_line.qty_delivered, 0.0)
        self._accept(handover)
        self.assertRecordValues(
            handover,
            [{"state": "accepted", "confirmed_by": "Ms Lin", "accepted_qty": 1.0}],
        )
        self.assertTrue(handover.milestone_id.is_reached)
        self.assertEqual(self.service_line.qty_delivered, 1.0)
        self.assertEqual(self.service_line.qty_to_invoice, 1.0)
        self.assertEqual(self.service_line.rd_settlement_class, "project")

    def test_missing_drawing_blocks(self):
        """A drawing that is not there blocks its class and is asked for."""
        handover = self._make_handover()
        handover.action_start()
        drawing = handover.line_ids.filtered(lambda line: line.number == "D-7")
        (handover.line_ids - drawing).with_user(self.warehouse_user).action_receive()
        handover.action_send()
        self.assertEqual(drawing.request_user_id, handover.user_id)
        self.assertTrue(drawing.activity_ids)
        with self._refused("D-7"):
            self._accept(handover)
        self.assertEqual(set(handover.line_ids.mapped("verdict")), {"waiting"})
        self.assertFalse(handover.answer_ids)
        revision = handover.revision
        drawing.with_user(self.floor_user).action_receive()
        self.assertFalse(drawing.activity_ids)
        self.assertGreater(handover.revision, revision)
        self._accept(handover)
        self.assertEqual(handover.state, "accepted")

    def test_older_content_is_refused(self):
        handover = self._make_handover()
        handover.action_send()
        seen = (handover.revision, handover.content_hash)
        handover.line_ids.action_receive()
        source = handover._prepare_source("portal", "Ms Lin", *seen)
        with self._refused("has changed"):
            handover._take_acceptance(source)

    def test_milestone_has_no_other_way(self):
        """By hand, by RPC, by share, by another line, by deletion: refused."""
        handover = self._make_handover()
        milestone = handover.milestone_id
        manager = self._project_manager()
        ways = [
            ("project.milestone", "write", [milestone.ids, {"is_reached": True}]),
            ("project.milestone", "toggle_is_reached", [milestone.ids, True]),
            ("project.milestone", "write", [milestone.ids, {"quantity_percentage": 9}]),
            ("project.milestone", "write", [milestone.ids, {"product_uom_qty": 0.1}]),
            ("project.milestone", "write", [milestone.ids, {"sale_line_id": False}]),
            ("project.milestone", "unlink", [milestone.ids]),
            (
                "project.milestone",
                "create",
                [
                    {
                        "name": "x",
                        "project_id": handover.project_id.id,
                        "sale_line_id": self.service_line.id,
                        "is_reached": True,
                    }
                ],
            ),
            ("sale.order.line", "write", [self.service_line.ids, {"qty_delivered": 1}]),
            (
                "sale.order.line",
                "write",
                [self.service_line.ids, {"rd_settlement_way": "none"}],
            ),
            (
                "sale.order.line",
                "write",
                [self.service_line.ids, {"qty_delivered_method": "manual"}],
            ),
            ("rd.handover", "write", [handover.ids, {"state": "accepted"}]),
            ("rd.handover", "write", [handover.ids, {"accepted_qty": 1}]),
            (
                "rd.handover.line",
                "write",
                [handover.line_ids.ids, {"verdict": "accepted"}],
            ),
        ]
        for model, method, arguments in ways:
            for context in FORGED:
                with self.assertRaises(UserError, msg=(model, method)):
                    self._rpc(manager, model, method, *arguments, context=context)
        self.assertFalse(milestone.is_reached)
        self.assertEqual(self.service_line.qty_delivered, 0.0)

    def test_no_line_is_born_delivered(self):
        """Whatever a client sends, a new line waits for its handover."""
        for values in ({"qty_delivered": 1}, {"qty_delivered_method": "manual"}):
            values = {
                "order_id": self.order.id,
                "product_id": self.service.id,
                "product_uom_qty": 1,
                **values,
            }
            try:
                made = self._rpc(self.supervisor, "sale.order.line", "create", values)
            except UserError:
                continue
            self.env.flush_all()
            self.env.invalidate_all()
            line = self.env["sale.order.line"].browse(made)
            self.assertTrue(line.rd_needs_handover, values)
            self.assertFalse(line.qty_delivered, values)
            self.assertFalse(line.qty_to_invoice, values)

    def test_reached_stays_reached(self):
        handover = self._accepted()
        milestone, manager = handover.milestone_id, self._project_manager()
        ways = [
            ("project.milestone", "write", [milestone.ids, {"is_reached": False}]),
            ("project.milestone", "unlink", [milestone.ids]),
            ("project.milestone", "write", [milestone.ids, {"sale_line_id": False}]),
            ("project.project", "unlink", [handover.project_id.ids]),
            ("rd.handover", "unlink", [handover.ids]),
            ("rd.handover", "action_cancel", [handover.ids]),
            ("rd.handover", "write", [handover.ids, {"share": 50}]),
            (
                "sale.order.line",
                "write",
                [self.service_line.ids, {"product_uom_qty": 2}],
            ),
            ("sale.order", "action_cancel", [self.order.ids]),
        ]
        for model, method, arguments in ways:
            with self.assertRaises(UserError, msg=(model, method)):
                self._rpc(manager, model, method, *arguments)
        self.assertEqual(self.service_line.qty_delivered, 1.0)

    def test_shares_come_to_the_whole(self):
        """Two handovers of a line: 60 + 60 is refused, 60 alone reaches nothing."""
        handover = self._make_handover(share=60.0)
        with self._refused("100 %"):
            self._make_handover(share=60.0)
        self._receive_all(handover)
        handover.action_send()
        with self._refused("100 %"):
            self._accept(handover)
        second = self._make_handover()
        self.assertEqual(second.share, 40.0)
        self._accept(handover)
        self.assertAlmostEqual(self.service_line.qty_delivered, 0.6)
        with self._refused("100 %"):
            second.action_cancel()
        self._receive_all(second)
        second.action_send()
        self._accept(second)
        self.assertAlmostEqual(self.service_line.qty_delivered, 1.0)

    def test_wrong_party(self):
        """Handed over, and accepted, only to and by who ordered it."""
        with self._refused("not a party"):
            self._make_handover(partner_id=self.partner_a.id)
        handover = self._make_handover()
        self._receive_all(handover)
        handover.action_send()
        form = self._accept_form(handover, contact_id=self.partner_a.id)
        with self._refused("not a person of"):
            form.action_accept()
        self.assertEqual(handover.state, "sent")

    # ------------------------------------------------------------------
    # The draft
    # ------------------------------------------------------------------
    def test_a_draft_follows_its_order(self):
        """Share, day and order change: milestone, line and receiver go along."""
        order = self._create_order([(self.service, 1.0, 5.0), (self.service, 1.0, 7.0)])
        second = order.order_line[1]
        handover = self._make_handover(order, sale_line_id=second.id)
        handover.write({"share": 50.0, "date_due": "2026-12-24"})
        milestone = handover.milestone_id
        self.assertEqual(milestone.quantity_percentage, 0.5)
        self.assertEqual(milestone.deadline, date(2026, 12, 24))
        handover.write({"order_id": order.id})
        self.assertEqual(handover.sale_line_id, second, "a line of the order stays")
        handover.write({"order_id": self.order.id})
        self.assertRecordValues(
            handover,
            [
                {
                    "sale_line_id": self.service_line.id,
                    "partner_id": self.affiliate.id,
                    "share": 100.0,
                }
            ],
        )
        self.assertFalse(milestone.exists())
        self.assertEqual(handover.milestone_id.sale_line_id, self.service_line)

    def test_goods_of_another_order_are_not_handed_over(self):
        other = self._create_order([(self.parts[0], 3.0, 10.0)])
        handover = self._make_handover()
        with self._refused("is not handed over; choose a service"):
            handover.sale_line_id = other.order_line
        foreign = {"name": "x", "delivery_line_id": other.order_line.id}
        with self._refused("x is delivered with another order than"):
            handover.write({"line_ids": [Command.create(foreign)]})
        goods = {"product_id": self.parts[0].id, "product_uom_qty": 3}
        self.order.write({"order_line": [Command.create(goods)]})
        handover.action_fill()
        order, line = self._service_order(self.affiliate)
        with self._refused("P-100 Part P-100 is delivered with another order than"):
            handover.order_id = order
        handover.line_ids.filtered("delivery_line_id").unlink()
        handover.order_id = order
        self.assertEqual(handover.sale_line_id, line)

    def test_an_empty_list_is_neither_begun_nor_sent(self):
        handover = self._make_handover(template_id=False)
        with self._refused("has no lines; choose a template"):
            handover.action_start()
        handover.template_id = self.template
        handover.action_fill()
        handover.action_start()
        handover.line_ids.unlink()
        with self._refused("has no lines to accept"):
            handover.action_send()
        self.assertEqual(handover.state, "open")

    def test_a_copy_takes_what_is_left_of_the_line(self):
        handover = self._make_handover(share=60.0)
        again = handover.copy()
        self.assertRecordValues(
            again,
            [
                {
                    "share": 40.0,
                    "state": "draft",
                    "sale_line_id": handover.sale_line_id.id,
                }
            ],
        )
        self.assertEqual(
            again.line_ids.mapped("name"), handover.line_ids.mapped("name")
        )
        with self._refused("come to 100 % already"):
            handover.copy()

    def test_a_line_without_project_gets_one(self):
        self.service.service_tracking = "no"
        order, line = self._service_order(self.affiliate)
        self.assertFalse(order.project_ids)
        handover = self._make_handover(order)
        self.assertEqual(line.project_id, handover.project_id)
        self.assertRecordValues(
            handover.project_id.sudo(),
            [
                {
                    "partner_id": self.affiliate.id,
                    "company_id": self.company.id,
                    "allow_milestones": True,
                }
            ],
        )
        self._receive_all(handover)
        handover.action_send()
        self._accept(handover)
        self.assertEqual(line.qty_delivered, 1.0)

    def test_dispute_and_reply(self):
        handover = self._make_handover()
        self._receive_all(handover)
        handover.action_send()
        line = handover.line_ids[0]
        with self._refused("Say what is wrong"):
            handover._take_dispute(self._source(handover), line, " ")
        handover._take_dispute(self._source(handover), line, "scratched")
        self.assertEqual(handover.state, "disputed")
        with self._refused("scratched"):
            self._accept(handover)
        with self._refused("Say what was done about"):
            line.action_reply(" ")
        line.action_reply("polished")
        self.assertEqual(handover.state, "sent")
        self._accept(handover)
        self.assertEqual(handover.state, "accepted")
        self.assertIn("disputed", handover.answer_ids.mapped("decision"))

    def test_an_accepted_line_is_neither_disputed_nor_changed(self):
        handover = self._make_handover()
        self._receive_all(handover)
        handover.action_send()
        self._accept(handover, ["tooling"])
        line = handover.line_ids.filtered(lambda one: one.name == "Mould")
        answers = handover.answer_ids
        with self._refused("Mould was accepted already"):
            handover._take_dispute(self._source(handover), line, "scratched")
        with self._refused("Mould was accepted by Northern Works"):
            line.with_user(self.clerk).note = "scratched"
        with self._refused("Mould was accepted by Northern Works"):
            line.with_user(self.floor_user).action_receive()
        # what is not disputed is not taken back either
        handover._take_withdrawal(self._source(handover), handover.line_ids[1])
        self.assertEqual(handover.answer_ids, answers)
        self.assertEqual(handover.state, "sent")

    def test_a_line_does_not_move_to_a_list_that_is_out(self):
        order, _line = self._service_order(self.affiliate)
        out, draft = self._make_handover(), self._make_handover(order)
        out.action_send()
        with self._refused(f"stands on {out.name}, which the other side has"):
            draft.line_ids[0].handover_id = out
        self.assertEqual(len(out.line_ids), 3)

    # ------------------------------------------------------------------
    # Receiving
    # ------------------------------------------------------------------
    def _photos_of(self, line):
        return self.env["ir.attachment"].search(
            [("res_model", "=", line._name), ("res_id", "=", line.id)]
        )

    def test_photos_taken_on_the_phone(self):
        handover = self._make_handover()
        handover.action_start()
        line = handover.line_ids[0].with_user(self.floor_user)
        page = base64.b64encode(b"<html>").decode()
        for files, sentence in (
            ("one.png", "At most 5 photos"),
            ([{"name": "a.png", "data": PNG}] * 6, "At most 5 photos"),
            ([{"name": "a.png"}], "not arrived whole"),
            ([{"name": "a.png", "data": "%%"}], "not arrived whole"),
            ([{"name": "a.png", "data": ""}], "“a.png” is empty or too large"),
            ([{"name": "a.htm", "data": page}], "“a.htm” is neither a photo"),
        ):
            with self.subTest(files=str(files)[:60]), self._refused(sentence):
                line.action_receive(files)
        self.env.invalidate_all()
        self.assertFalse(line.qty_received or self._photos_of(line))
        line.action_receive([{"name": "mould.png", "data": PNG}])
        self.assertEqual(line.photo_ids.mapped("name"), ["mould.png"])
        self.assertEqual(line.qty_received, 1)

    def test_the_form_of_one_line(self):
        handover = self._make_handover()
        handover.action_start()
        line = handover.line_ids[0].with_user(self.warehouse_user)
        action = line.action_receive_part()
        form = Form(self.env["rd.handover.receive"].with_context(**action["context"]))
        self.assertEqual((form.quantity, form.condition), (1.0, "good"))
        files = self.env["ir.attachment"]
        theirs = files.create(
            {
                "name": "theirs.png",
                "raw": base64.b64decode(PNG),
                "res_model": handover._name,
                "res_id": handover.id,
            }
        )
        own = files.with_user(self.warehouse_user).create(
            {"name": "own.png", "raw": base64.b64decode(PNG)}
        )
        form = (
            self.env["rd.handover.receive"]
            .with_user(self.warehouse_user)
            .create(
                {
                    "line_id": line.id,
                    "quantity": 1.0,
                    "condition": "damaged",
                    "place": "Hall 2",
                    "received_by": "Mr Wu",
                    "attachment_ids": [Command.set((own | theirs).ids)],
                }
            )
        )
        with self._refused("“theirs.png” is not a file you have uploaded"):
            form.action_receive()
        self.env.invalidate_all()
        self.assertFalse(line.qty_received or self._photos_of(line))
        form.attachment_ids = own
        form.action_receive()
        self.assertRecordValues(
            line,
            [{"qty_received": 1.0, "condition": "damaged", "received_by": "Mr Wu"}],
        )
        self.assertEqual(line.photo_ids, own)

    def test_no_more_is_received_than_is_due(self):
        handover = self._make_handover()
        line = handover.line_ids.filtered(lambda one: one.name == "Keys")
        line.qty_due = 5
        received = line.with_user(self.floor_user)
        with self._refused("cannot be received now"):
            received.action_receive()
        handover.action_start()
        for quantity in (6, -1):
            with self._refused("5 of Keys are due; what is received lies between"):
                received._receive(quantity, "good")
        received._receive(2, "good")
        keys = next(one for one in handover.class_status if one["code"] == "accessory")
        self.assertEqual(keys["blocked"], "Keys: 3 missing")

    def test_what_a_template_and_the_goods_propose(self):
        handover = self._make_handover()
        handover.line_ids.unlink()
        # what is on the list is not proposed again
        for _press in range(2):
            handover.action_fill()
            self.assertEqual(
                sorted(handover.line_ids.mapped("name")), ["Drawing", "Keys", "Mould"]
            )
        self.assertEqual(handover.action_view_order()["res_id"], self.order.id)
        action = self.order.with_user(self.clerk).action_rd_handovers()
        self.assertEqual(action["res_id"], handover.id)

    def test_recorded_acceptance_needs_evidence(self):
        handover = self._make_handover()
        self._receive_all(handover)
        handover.action_send()
        for values, sentence in (
            ({"channel": "phone", "note": False}, "proved"),
            ({"channel": "scan"}, "scan or photo"),
            ({"channel": "phone", "date": "2090-01-01 00:00:00"}, "lies between"),
            ({"channel": "phone", "who": " "}, "Say who"),
        ):
            with self._refused(sentence):
                self._accept_form(handover, **values).action_accept()
        self._accept_form(handover).action_accept()
        self.assertRecordValues(
            handover,
            [{"state": "accepted", "confirmation_channel": "phone"}],
        )
        answer = handover.answer_ids[0]
        with self.assertRaises(UserError):
            answer.who = "somebody"
        with self._refused("stays as given"):
            answer.sudo().unlink()

    def test_what_proves_an_acceptance_is_ones_own_upload(self):
        handover = self._make_handover()
        self._receive_all(handover)
        handover.action_send()
        contact = self.env["res.partner"].create(
            {"name": "Mr Zhao", "parent_id": self.affiliate.id}
        )
        forms = self.env["rd.handover.accept"].with_user(self.clerk)
        form = Form(forms.with_context(default_handover_id=handover.id))
        form.channel = "scan"
        form.contact_id = contact
        self.assertEqual(form.who, "Mr Zhao")
        accept = form.save()
        papers = self.env["ir.attachment"]
        scan = {"name": "stamped.png", "raw": base64.b64decode(PNG)}
        secret = papers.create({**scan, "name": "secret.png"})
        accept.sudo().attachment_ids = secret
        with self._refused("“secret.png” is not a file you have uploaded"):
            accept.with_user(self.clerk).action_accept()
        self.assertEqual(handover.state, "sent")
        self.assertFalse(secret.res_id)
        own = papers.with_user(self.clerk).create(scan)
        accept.attachment_ids = own
        accept.action_accept()
        self.assertEqual(handover.state, "accepted")
        self.assertEqual((own.res_model, own.res_id), (handover._name, handover.id))

    def test_several_handovers_of_an_order_open_as_a_list(self):
        handovers = self._bulk(2)
        action = handovers.order_id.with_user(self.clerk).action_rd_handovers()
        self.assertFalse(action.get("res_id"))
        found = handovers.search(action["domain"])
        self.assertEqual(found, handovers)

    def test_goods_ride_on_deliveries(self):
        """What Odoo's transfers deliver flows into the list, and nothing else does."""
        part = self.parts[0]
        self.order.write(
            {
                "order_line": [
                    Command.create({"product_id": part.id, "product_uom_qty": 3})
                ]
            }
        )
        handover = self._make_handover()
        line = handover.line_ids.filtered("delivery_line_id")
        self.assertRecordValues(line, [{"qty_due": 3.0, "qty_received": 0.0}])
        handover.action_start()
        with self._refused("rides on the delivery"):
            line.action_receive()
        today = self.company._rd_today()
        picking = self._deliver(self.order, {part: 3}, "N-1", today)
        self.assertEqual(line.qty_received, 3.0)
        self.assertTrue(line.is_complete)
        (handover.line_ids - line).action_receive()
        handover.action_send()
        self._accept(handover)
        self._return(picking, {part: 1}, "R-1", today)
        self.assertEqual(line.delivery_line_id.qty_delivered, 2.0)
        self.assertEqual(line.qty_received, 3.0, "as it was accepted")

    def test_goods_chosen_for_a_line_describe_it(self):
        self.order.write(
            {
                "order_line": [
                    Command.create(
                        {"product_id": self.parts[0].id, "product_uom_qty": 3}
                    )
                ]
            }
        )
        goods = self.order.order_line - self.service_line
        handover = self._make_handover()
        handover.line_ids.filtered("delivery_line_id").unlink()
        form = Form(handover.line_ids[0].with_user(self.clerk))
        form.delivery_line_id = goods
        form.delivery_line_id = goods.browse()
        self.assertEqual(form.number, "P-100", "what was typed or taken stays")
        form.delivery_line_id = goods
        line = form.save()
        self.assertRecordValues(
            line,
            [{"number": "P-100", "name": "Part P-100", "qty_due": 3.0}],
        )

    def test_roles(self):
        """Warehouse and floor receive and accept nothing; auditors only look."""
        handover = self._make_handover()
        handover.action_start()
        line = handover.line_ids[0]
        for user in (self.warehouse_user, self.floor_user):
            self._rpc(user, "rd.handover.line", "action_receive", line.ids)
            for method in ("action_send", "action_record", "action_cancel"):
                with self.assertRaises(AccessError):
                    self._rpc(user, "rd.handover", method, handover.ids)
            with self.assertRaises(AccessError):
                self._rpc(
                    user,
                    "rd.handover.accept",
                    "create",
                    {"handover_id": handover.id, "who": "me"},
                )
            with self.assertRaises(AccessError):
                self._rpc(user, "rd.handover.line", "write", line.ids, {"name": "x"})
        self.assertEqual(line.recorded_by_id, self.floor_user)
        name = {"fields": {"display_name": {}}}
        links = ("order_id", "sale_line_id", "partner_id", "project_id", "user_id")
        self._rpc(
            self.floor_user,
            "rd.handover",
            "web_read",
            handover.ids,
            {"name": {}, "class_status": {}, **dict.fromkeys(links, name)},
        )
        auditor = self._create_user("auditor")
        with self.assertRaises(AccessError):
            self._rpc(auditor, "rd.handover.line", "action_receive", line.ids)

    def test_outside_customer_is_invoiced_by_the_order(self):
        """Never before the acceptance, and then by Odoo's own invoice."""
        outside = self.env["res.partner"].create(
            {"name": "Lake Motors", "is_company": True, "rd_partner_class": "outside"}
        )
        order, line = self._service_order(outside)
        line.product_id.invoice_policy = "order"
        with self.assertRaises(UserError):
            order._create_invoices()
        handover = self._make_handover(order)
        self._receive_all(handover)
        handover.action_send()
        self._accept(handover)
        self.assertEqual(order._create_invoices().amount_untaxed, 5000.0)

    def test_affiliate_is_never_invoiced_by_the_order(self):
        self._accepted()
        with self._refused("monthly statement"):
            self.order._create_invoices()

    def test_list_is_fixed_while_it_is_out(self):
        handover = self._make_handover()
        handover.action_send()
        line = handover.line_ids[0]
        for act in (
            lambda: line.write({"qty_due": 7}),
            lambda: line.unlink(),
            lambda: handover.write({"line_ids": [Command.create({"name": "x"})]}),
            lambda: handover.write({"partner_id": self.partner_a.id}),
        ):
            with self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    act()
        handover.action_correct()
        line.qty_due = 2

    def test_open_issue_needs_day_and_person(self):
        handover = self._make_handover()
        handover.write(
            {
                "line_ids": [
                    Command.create({"name": "burr at gate", "handover_class": "issue"})
                ]
            }
        )
        issue = handover.line_ids.filtered(lambda one: one.handover_class == "issue")
        handover.action_start()
        (handover.line_ids - issue).action_receive()
        handover.action_send()
        with self._refused("without day and person"):
            self._accept(handover)
        issue.write({"issue_date": "2026-12-01", "issue_owner": "Mr Wu"})
        self._accept(handover)
        self.assertEqual(handover.state, "accepted")

    def test_reminders(self):
        """An overdue paper is reminded once a day, and later told upwards."""
        handover = self._make_handover()
        handover.action_send()
        line = handover.line_ids.filtered(lambda one: one.number == "D-7")
        today = self.company._rd_today()
        line._as_internal().write({"request_date": today - timedelta(days=1)})
        self._run_parted("rd.handover.line", "_cron_remind")
        self.assertEqual(line.reminded_date, today)
        self.assertFalse(line.escalated_date, "there are two days of patience")
        notes = handover.message_ids.filtered(lambda one: "D-7" in (one.body or ""))
        # as where another run was quicker
        line._remind(today)
        self.assertEqual(len(handover.message_ids & notes), 1)
        line._as_internal().write(
            {"request_date": "2026-01-05", "reminded_date": False}
        )
        self._run_parted("rd.handover.line", "_cron_remind")
        self._run_parted("rd.handover.line", "_cron_remind")
        notes = handover.message_ids.filtered(lambda one: "D-7" in (one.body or ""))
        self.assertEqual(len(notes), 2)
        self.assertTrue(line.escalated_date)

    def test_query_counts(self):
        """A list of handovers costs as many queries for 1,000 as for 10."""
        fields = {
            name: {}
            for name in ("name", "share", "state", "progress", "late", "class_status")
        }
        counts = []
        for number in (10, 1000):
            handovers = self._bulk(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            handovers.with_user(self.clerk).web_read(fields)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_company_of_others(self):
        other = self.env["res.company"].create({"name": "Other house"})
        user = self._create_user("finance")
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        handover = self._make_handover()
        with self.assertRaises(AccessError):
            self._rpc(user, "rd.handover", "read", handover.ids, ["name"])

    def test_papers(self):
        """List and certificate, as sheet and as workbook, say the same."""
        handover = self._accepted()
        handover.line_ids[0].sudo()._as_internal().write({"place": "Rack 3"})
        reports = self.env["ir.actions.report"]
        for name in ("report_handover", "report_handover_certificate"):
            html = reports._render_qweb_html(f"rd_sales_admin.{name}", handover.ids)[0]
            for word in (handover.name, "D-7", "Rack 3", "Northern Works"):
                self.assertIn(word, html.decode())
        for name in ("handover_xlsx", "handover_certificate_xlsx"):
            data = reports._render_xlsx(f"rd_sales_admin.{name}", handover.ids, {})[0]
            sheet = load_workbook(BytesIO(data)).active
            cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
            self.assertIn("D-7", cells)
        html = reports._render_qweb_html(
            "rd_sales_admin.report_handover_certificate", self._make_again().ids
        )[0]
        self.assertIn("NOT ACCEPTED", html.decode())

    def _make_again(self):
        order, _line = self._service_order(self.affiliate)
        return self._make_handover(order)
