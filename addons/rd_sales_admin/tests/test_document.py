# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
from datetime import date

from freezegun import freeze_time
from python_calamine import CalamineWorkbook

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_document_retention import PAPER, DocumentCommon

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAA"
    "AABJRU5ErkJggg=="
)
LIST = "出货单号,料号,数量,日期\nDN-1,P-100,5,2026-09-10\n"


@tagged("post_install", "-at_install")
class TestDocument(DocumentCommon):
    """Filing, finding, printing, checking."""

    # ------------------------------------------------------------------
    # Filing
    # ------------------------------------------------------------------
    def test_numbers_count_by_kind_and_year(self):
        first = self._file_paper("contract", "One", date=date(2025, 5, 1))
        second = self._file_paper("contract", "Two", date=date(2026, 5, 1))
        third = self._file_paper("contract", "Three", date=date(2026, 6, 1))
        order = self._file_paper("order", "Four", date=date(2026, 6, 1))
        self.assertEqual(
            (first | second | third | order).mapped("name"),
            ["CT/2025/0001", "CT/2026/0001", "CT/2026/0002", "SO/2026/0001"],
        )

    def test_a_new_version_replaces_the_one_before(self):
        paper = self._file_paper()
        first = paper.version_id
        paper.with_user(self.clerk).action_add_version(self._files(b"%PDF- second"))
        self.assertEqual(paper.version, "V2")
        self.assertEqual(first.state, "replaced")
        self.assertEqual(first.attachment_ids.raw, PAPER)
        # the very same file once more is no new version
        paper.with_user(self.clerk).action_add_version(self._files(b"%PDF- second"))
        self.assertEqual(len(paper.version_ids), 2)

    def test_what_is_no_paper_is_refused_and_nothing_is_left(self):
        paper = self._file_paper()
        for files in (
            None,
            [],
            "x",
            [{"name": "a"}],
            [{"name": "a.pdf", "data": "!!"}],
            [{"name": "a.html", "data": base64.b64encode(b"<html><script>").decode()}],
            self._files() * 21,
        ):
            with self.subTest(files=str(files)[:40]):
                self._assert_refused(
                    paper.version_ids,
                    self._rpc,
                    self.clerk,
                    "rd.document",
                    "action_add_version",
                    paper.ids,
                    files,
                )

    def test_no_context_adds_a_version_to_what_is_no_longer_valid(self):
        paper = self._file_paper("contract", "Old")
        paper._as_internal().write({"state": "superseded"})
        versions = self.env["rd.document.version"].with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "no longer valid"):
            versions.with_context(default_document_id=paper.id).create({})
        self.assertEqual(len(paper.version_ids), 1)

    def test_one_takes_the_place_of_another(self):
        old = self._file_paper("procedure", "Old", date=date(2026, 1, 1))
        old.version_ids._as_internal().write({"state": "approved"})
        old.version_ids.with_user(self.clerk).action_put_in_force()
        new = (
            self.env["rd.document"]
            .with_user(self.clerk)
            .create({"title": "New", "kind": "other", "supersedes_id": old.id})
        )
        new.action_add_version(self._files(b"%PDF- new"))
        self.assertEqual(old.state, "superseded")
        self.assertEqual(old.superseded_by_id, new)
        self.assertTrue(old.retain_until)
        self._assert_refused(
            old,
            self._rpc,
            self.clerk,
            "rd.document",
            "action_add_version",
            old.ids,
            self._files(b"%PDF- late"),
        )

    def test_none_takes_its_own_place(self):
        first, second = self._file_paper(title="One"), self._file_paper(title="Two")
        (first | second)._as_internal().write({"state": "draft"})
        second.supersedes_id = first
        with (
            self.assertRaisesRegex(UserError, "cannot take its own place"),
            self.env.cr.savepoint(),
        ):
            first.with_user(self.clerk).supersedes_id = second
        self.env.invalidate_all()
        self.assertFalse(first.supersedes_id)

    def test_a_filed_paper_keeps_its_kind(self):
        paper = self._file_paper()
        write = ("rd.document", "write", paper.ids, {"kind": "contract"})
        refusal = self._assert_refused(paper, self._rpc, self.clerk, *write)
        self.assertIn("is filed; its kind", refusal)

    def test_a_version_without_a_file_does_not_hold(self):
        paper = self._file_paper()
        versions = self.env["rd.document.version"].with_user(self.clerk)
        empty = versions.create({"document_id": paper.id})
        empty.note = "Prices of October"
        hold = ("rd.document.version", "action_put_in_force", empty.ids)
        refusal = self._assert_refused(paper.version_ids, self._rpc, self.clerk, *hold)
        self.assertIn("has no file yet", refusal)
        self.assertEqual(empty.note, "Prices of October")

    def test_the_file_of_a_draft_goes_by_its_version_only(self):
        _paper, version = self._write_procedure()
        files = self.env["ir.attachment"].with_user(self.clerk)
        loose = files.create(
            {
                "name": "loose.pdf",
                "raw": PAPER,
                "res_model": version._name,
                "res_id": version.id,
            }
        )
        loose.unlink()
        self.assertFalse(loose.exists())
        kept = version.attachment_ids
        unlink = ("ir.attachment", "unlink", kept.ids)
        refusal = self._assert_refused(version, self._rpc, self.clerk, *unlink)
        self.assertIn("changed on the version itself", refusal)
        self.assertEqual(kept.raw, PAPER)

    def test_it_opens_what_it_belongs_to(self):
        order = self._create_order([(self.parts[0], 5, 10.0)])
        paper = self._file_paper(record=order)
        action = paper.with_user(self.clerk).action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (order._name, order.id)
        )

    def test_the_form_files_for_a_record(self):
        order = self._create_order([(self.parts[0], 5, 10.0)])
        uploads = self.env["rd.document.upload"].with_user(self.clerk)
        form = uploads.with_context(
            rd_paper_model="sale.order", rd_paper_id=order.id
        ).create(
            {
                "kind": "contract",
                "title": "Supply contract",
                "file": base64.b64encode(PAPER),
                "filename": "contract.pdf",
                "place_id": self.box.id,
            }
        )
        paper = self.env["rd.document"].browse(form.action_file()["res_id"])
        self.assertEqual(form.res_name, order.display_name)
        self.assertEqual(paper.res_name, f"{order.name} PO-1")
        self.assertEqual(paper.partner_id, self.affiliate)
        self.assertEqual(paper.state, "filed")

    def test_a_paper_may_belong_to_a_partner_alone_but_to_no_mere_list(self):
        values = {
            "title": "Price list",
            "file": base64.b64encode(PAPER),
            "filename": "prices.pdf",
        }
        uploads = self.env["rd.document.upload"].with_user(self.clerk)
        form = uploads.create({**values, "partner_id": self.affiliate.id})
        self.assertFalse(form.res_name)
        paper = self.env["rd.document"].browse(form.action_file()["res_id"])
        self.assertEqual(paper.partner_id, self.affiliate)
        self.assertFalse(paper.res_model)
        form = uploads.create({**values, "res_model": "res.currency", "res_id": 1})
        self._assert_refused(
            paper, self._rpc, self.clerk, form._name, "action_file", form.ids
        )

    def test_nobody_files_for_a_record_he_may_not_open(self):
        other = self.env["res.company"].create({"name": "Other house"})
        order = self.env["sale.order"].create(
            {"partner_id": self.affiliate.id, "company_id": other.id}
        )
        uploads = self.env["rd.document.upload"].with_user(self.clerk)
        with self.assertRaises(AccessError):
            uploads.create(
                {
                    "title": "x",
                    "file": base64.b64encode(PAPER),
                    "filename": "x.pdf",
                    "res_model": "sale.order",
                    "res_id": order.id,
                }
            ).action_file()

    # ------------------------------------------------------------------
    # By themselves
    # ------------------------------------------------------------------
    def test_the_quotation_that_went_out_is_filed_when_confirmed(self):
        order = self.env["sale.order"].create({"partner_id": self.affiliate.id})
        self._send(order, "old.pdf", b"%PDF-1 old")
        self._send(order, "S1.pdf", b"%PDF-1 sent")
        self._send(order, "po.pdf", b"%PDF-1 theirs", author_id=self.affiliate.id)
        order.action_confirm()
        paper = self._papers_of(order)
        self.assertEqual(paper.kind, "quotation")
        self.assertEqual(paper.attachment_ids.raw, b"%PDF-1 sent")

    def test_nothing_sent_nothing_filed(self):
        self.assertFalse(self._papers_of(self._create_order([(self.parts[0], 1, 1.0)])))

    def test_the_signed_order_is_the_next_version(self):
        order = self.env["sale.order"].create({"partner_id": self.affiliate.id})
        self._send(order, "S1.pdf", b"%PDF-1 sent")
        order.action_confirm()
        order.signature = base64.b64encode(PIXEL)
        self._send(order, f"{order.name}.pdf", b"%PDF-1 signed")
        paper = self._papers_of(order)
        self.assertEqual(paper.version, "V2")
        self.assertEqual(paper.attachment_ids.raw, b"%PDF-1 signed")

    def test_only_the_confirmed_order_itself_is_filed_as_signed(self):
        order = self.env["sale.order"].create({"partner_id": self.affiliate.id})
        order.signature = base64.b64encode(PIXEL)
        self._send(order, f"{order.name}.pdf", b"%PDF-1 signed")
        self.assertFalse(self._papers_of(order))
        order.action_confirm()
        self._send(order, "drawing.pdf", b"%PDF-1 something else")
        paper = self._papers_of(order)
        self.assertEqual(paper.version, "V1")
        self.assertEqual(paper.attachment_ids.raw, b"%PDF-1 signed")

    def test_a_shipping_list_is_filed_as_it_came(self):
        warehouse_user = self._create_user("warehouse")
        shipped = (
            self.env["rd.shipping.list"]
            .with_user(warehouse_user)
            .create(
                {
                    "warehouse_id": self.warehouse.id,
                    "date_from": date(2026, 9, 1),
                    "date_to": date(2026, 9, 30),
                    "file": base64.b64encode(LIST.encode()),
                    "filename": "list.csv",
                }
            )
        )
        shipped.action_check()
        paper = self._papers_of(shipped)
        self.assertEqual(paper.kind, "shipping")
        self.assertEqual(paper.date, date(2026, 9, 30))
        self.assertEqual(paper.attachment_ids.raw.decode(), LIST)

    def test_a_signed_note_is_filed(self):
        order = self._create_order([(self.parts[0], 5, 10.0)])
        picking = self._deliver(order, {self.parts[0]: 5}, "DN-1", date(2026, 9, 10))
        picking.with_user(self._create_user("warehouse")).action_rd_sign_all(
            self._files(PIXEL, "note.png")
        )
        paper = self._papers_of(picking)
        self.assertEqual(paper.kind, "receipt")
        self.assertIn("DN-1", paper.res_name)

    def _send(self, order, name, raw, **values):
        order.message_post(
            body="Here it is",
            message_type="comment",
            attachments=[(name, raw)],
            **values,
        )

    def _papers_of(self, record):
        return self.env["rd.document"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    # ------------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------------
    def test_one_box_finds_by_number_partner_order_words_and_place(self):
        order = self._create_order([(self.parts[0], 5, 10.0)])
        self.affiliate.ref = "A07"
        paper = self._file_paper(
            "contract", "Supply contract gearbox", record=order, keywords="gauge 77"
        )
        self._file_paper("contract", "Something else", b"%PDF- else")
        documents = self.env["rd.document"].with_user(self._create_user("auditor"))
        for text in (
            paper.name,
            "gearbox supply",
            "northern gearbox",
            "A07",
            "PO-1",
            order.name,
            "gauge 77",
            "box 1 gearbox",
        ):
            with self.subTest(text=text):
                self.assertEqual(documents.search([("find", "ilike", text)]), paper)
        self.assertFalse(documents.search([("find", "ilike", "gearbox nothing")]))

    def test_the_words_of_a_paper_are_read_and_excluded(self):
        crane, belt = self._file_paper(title="Crane"), self._file_paper(title="Belt")
        self.assertIn(f"{crane.name} Crane", crane.with_user(self.clerk).find)
        others = self.env["rd.document"].with_user(self.clerk)
        others = others.search([("find", "not ilike", "Crane")])
        self.assertIn(belt, others)
        self.assertNotIn(crane, others)

    def test_finding_asks_as_often_for_ten_as_for_a_thousand(self):
        counts = []
        for number in (10, 990):
            self.env["rd.document"]._as_internal().create(
                [
                    {
                        "kind": "other",
                        "title": f"Paper {index}",
                        "partner_id": self.affiliate.id,
                        "place_id": self.box.id,
                        "company_id": self.company.id,
                    }
                    for index in range(number)
                ]
            )
            self._search_page()
            before = self.env.cr.sql_log_count
            self._search_page()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def _search_page(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.env["rd.document"].with_user(self.clerk).web_search_read(
            [("find", "ilike", "paper northern")],
            {
                "name": {},
                "title": {},
                "partner_id": {"fields": {"display_name": {}}},
                "place_id": {"fields": {"display_name": {}}},
                "version": {},
                "free": {},
                "state": {},
            },
            limit=2000,
        )

    # ------------------------------------------------------------------
    # Places
    # ------------------------------------------------------------------
    def test_places_are_a_tree_and_hold_papers(self):
        self._file_paper()
        self.assertEqual(self.box.complete_name, "Shelf A / Box 1")
        self.assertEqual(self.shelf.document_count, 1)
        self._assert_refused(
            self.box,
            self._rpc,
            self.clerk,
            "rd.document.place",
            "write",
            self.shelf.ids,
            {"parent_id": self.box.id},
            exact=None,
        )
        self._assert_refused(
            self.box,
            self._rpc,
            self.clerk,
            "rd.document.place",
            "write",
            self.shelf.ids,
            {"active": False},
        )
        self._assert_refused(
            self.box,
            self._rpc,
            self.clerk,
            "rd.document.place",
            "unlink",
            self.box.ids,
            exact=None,
        )

    def test_a_place_stands_neither_in_itself_nor_in_another_company(self):
        second = self.env["res.company"].create({"name": "Second"})
        for vals, words in (
            ({"parent_id": self.box.id}, "cannot stand in itself"),
            ({"parent_id": self.shelf.id}, "cannot stand in itself"),
            ({"company_id": second.id}, "stays with its company"),
        ):
            with self.subTest(vals=vals):
                write = ("rd.document.place", "write", self.shelf.ids, vals)
                refusal = self._assert_refused(
                    self.shelf, self._rpc, self.clerk, *write
                )
                self.assertIn(words, refusal)
        same = {"company_id": self.company.id, "name": "Shelf B"}
        self.shelf.with_user(self.clerk).write(same)
        self.assertEqual(self.box.complete_name, "Shelf B / Box 1")

    # ------------------------------------------------------------------
    # Procedures
    # ------------------------------------------------------------------
    def _write_procedure(self):
        paper = self._file_paper("procedure", "How a month is closed")
        return paper, paper.version_ids

    def test_a_procedure_is_judged_by_others_than_its_author(self):
        paper, version = self._write_procedure()
        self.assertEqual((paper.state, version.state), ("draft", "draft"))
        refused = (
            (self.clerk, "action_put_in_force"),
            (self.clerk, "action_review"),
            (self.clerk, "action_approve"),
            (self.other_clerk, "action_review"),
        )
        for user, method in refused:
            with self.subTest(method=method, user=user.login):
                self._assert_refused(
                    version, self._rpc, user, "rd.document.version", method, version.ids
                )
        second = new_test_user(
            self.env,
            login="rd_second_clerk",
            groups="rd_sales_admin.rd_sales_admin_group_clerk",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        version.with_user(second).action_review()
        self._assert_refused(
            version,
            self._rpc,
            second,
            "rd.document.version",
            "action_approve",
            version.ids,
        )
        self._assert_refused(
            version,
            self._rpc,
            self.clerk,
            "rd.document.version",
            "action_set_files",
            version.ids,
            self._files(b"%PDF- smuggled"),
        )
        version.with_user(self.supervisor).action_approve()
        version.with_user(self.clerk).action_put_in_force()
        self.assertEqual((paper.state, version.state), ("filed", "in_force"))
        self.assertEqual(version.reviewed_by_id, second)

    def test_what_is_being_judged_is_not_deleted(self):
        _paper, version = self._write_procedure()
        version.with_user(self.supervisor).action_review()
        self.assertIn(
            "take it back to draft first",
            self._assert_refused(
                version,
                self._rpc,
                self.clerk,
                "rd.document.version",
                "unlink",
                version.ids,
            ),
        )
        version.with_user(self.clerk).action_back_to_draft()
        files = version.attachment_ids
        self._rpc(self.clerk, "rd.document.version", "unlink", version.ids)
        self.assertFalse(version.exists() or files.exists())

    def test_a_supervisor_does_not_approve_his_own(self):
        paper = (
            self.env["rd.document"]
            .with_user(self.supervisor)
            .create({"title": "Mine", "kind": "procedure"})
        )
        paper.action_add_version(self._files())
        version = paper.version_ids
        version.with_user(self.clerk).action_review()
        with self.assertRaisesRegex(UserError, "somebody else"):
            version.with_user(self.supervisor).action_approve()
        # who changes the files of a draft is its author from then on
        version.with_user(self.clerk).action_back_to_draft()
        version.with_user(self.clerk).action_set_files(self._files(b"%PDF- changed"))
        version.with_user(self.supervisor).action_review()
        version.with_user(self.supervisor).action_approve()
        self.assertEqual(version.state, "approved")

    def _put_in_force(self, version):
        version.with_user(self.supervisor).action_review()
        version.with_user(self.supervisor).action_approve()
        version.with_user(self.clerk).action_put_in_force()

    def test_each_reader_says_so_himself(self):
        auditor = self._create_user("auditor")
        paper, version = self._write_procedure()
        paper.with_user(self.clerk).reader_ids = auditor | self.other_clerk
        self._put_in_force(version)
        self.assertEqual(paper.read_text, "0/2")
        self.assertTrue(paper.with_user(auditor).to_read)
        documents = self.env["rd.document"].with_user(auditor)
        self.assertEqual(documents.search([("to_read", "=", True)]), paper)
        self._assert_refused(
            version.reading_ids,
            self._rpc,
            self.clerk,
            "rd.document",
            "action_acknowledge",
            paper.ids,
        )
        self._rpc(auditor, "rd.document", "action_acknowledge", paper.ids)
        self.assertEqual(paper.read_text, "1/2")
        self._assert_guarded(
            version.reading_ids[0], ("read_date", "user_id"), (self.clerk,)
        )
        # a new version is read anew
        paper.with_user(self.clerk).action_add_version(self._files(b"%PDF- two"))
        second = paper.version_ids.filtered(lambda one: one.state == "draft")
        self._put_in_force(second)
        self.assertEqual(version.state, "replaced")
        self.assertEqual(paper.read_text, "0/2")

    def test_nobody_is_asked_to_read_what_he_may_not_open(self):
        paper, _version = self._write_procedure()
        with self.assertRaisesRegex(UserError, "may not open"):
            paper.with_user(self.clerk).reader_ids = self._create_user("floor")

    def test_only_a_procedure_asks_its_readers(self):
        order, (procedure, version) = self._file_paper(), self._write_procedure()
        (order | procedure).with_user(self.clerk).reader_ids = self.other_clerk
        self._put_in_force(version)
        self.assertFalse(order.version_id.reading_ids)
        documents = self.env["rd.document"].with_user(self.other_clerk)
        self.assertEqual(documents.search([("to_read", "=", True)]), procedure)
        rest = documents.search([("to_read", "=", False)])
        self.assertIn(order, rest)
        self.assertNotIn(procedure, rest)
        both = documents.search([("to_read", "in", [True, False])])
        self.assertEqual(both & (order | procedure), order | procedure)

    def test_the_next_review_is_reminded_once_and_put_off(self):
        with freeze_time("2026-09-10"):
            paper, version = self._write_procedure()
            self._put_in_force(version)
        self.assertEqual(paper.review_date, date(2027, 9, 10))
        documents = self.env["rd.document"]
        with freeze_time("2027-09-09"):
            self.assertFalse(documents._remind_reviews(self.company))
        with freeze_time("2027-09-11"):
            self.assertEqual(documents._remind_reviews(self.company), paper)
            self.assertFalse(documents._remind_reviews(self.company))
            self.assertEqual(len(paper.activity_ids), 1)
            paper.with_user(self.clerk).action_still_valid()
        self.assertFalse(paper.activity_ids)
        self.assertEqual(paper.review_date, date(2028, 9, 11))

    def test_only_a_procedure_in_force_is_reviewed(self):
        draft, _version = self._write_procedure()
        for paper in (draft, self._file_paper(title="An order")):
            with self.subTest(paper=paper.title):
                refusal = self._assert_refused(
                    paper,
                    self._rpc,
                    self.clerk,
                    "rd.document",
                    "action_still_valid",
                    paper.ids,
                )
                self.assertIn("is no procedure in force", refusal)
                self.assertFalse(paper.review_date)

    # ------------------------------------------------------------------
    # The quarterly check
    # ------------------------------------------------------------------
    def test_a_check_opens_by_itself_and_differences_become_tasks(self):
        found = self._file_paper(title="Found")
        missing = self._file_paper(title="Missing", raw=b"%PDF- 2")
        misplaced = self._file_paper(title="Misplaced", raw=b"%PDF- 3")
        binder = self.env["rd.document.place"].create(
            {"name": "Binder", "kind": "binder", "parent_id": self.box.id}
        )
        found.place_id = binder
        checks = self.env["rd.document.check"]
        with freeze_time("2026-11-20"):
            check = checks._open_sessions(self.company)
            self.assertFalse(checks._open_sessions(self.company))
        self.assertEqual(check.place_id, self.box)
        self.assertEqual(check.quarter_date, date(2026, 10, 1))
        self.assertEqual(check.user_id, self.clerk)
        by_paper = {line.document_id: line for line in check.line_ids}
        self.assertEqual(set(by_paper), {found, missing, misplaced})
        mine = check.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "3 papers"):
            mine.action_done()
        by_paper[missing].with_user(self.clerk).action_missing()
        by_paper[misplaced].with_user(self.clerk).action_misplaced()
        mine.action_all_found()
        mine.action_done()
        self.assertEqual(check.fault_count, 2)
        self.assertEqual(found.located, "found")
        self.assertEqual(missing.located, "missing")
        self.assertIn("Box 1", missing.activity_ids.summary)
        missing.with_user(self.clerk).action_located()
        self.assertEqual(missing.located, "found")
        self.assertEqual(misplaced.activity_ids.user_id, self.clerk)
        self._assert_refused(
            check.line_ids,
            self._rpc,
            self.clerk,
            "rd.document.check.line",
            "action_found",
            by_paper[missing].ids,
        )
        with freeze_time("2027-01-02"):
            self.assertEqual(checks._open_sessions(self.company).place_id, self.box)

    def test_what_belongs_elsewhere_is_brought_back(self):
        self._file_paper()
        drawer, stray = (
            self.box.copy({"name": "Box 2"}),
            self._file_paper(title="Stray"),
        )
        stray.place_id = drawer
        check = self.env["rd.document.check"]._open_sessions(self.company)
        check = check.filtered(lambda one: one.place_id == self.box)
        mine = check.with_user(self.clerk)
        moved = ("rd.document.check", "write", check.ids, {"place_id": drawer.id})
        refusal = self._assert_refused(check, self._rpc, self.clerk, *moved)
        self.assertIn("keeps its box and quarter", refusal)
        mine.extra_ids = stray
        mine.action_all_found()
        mine.action_done()
        self.assertEqual(stray.located, "misplaced")
        task = stray.activity_ids
        self.assertEqual(task.user_id, self.clerk)
        self.assertIn("to Shelf A / Box 2; it was in Shelf A / Box 1", task.summary)
        with self.assertRaisesRegex(UserError, "stays as it was found"):
            check.line_ids.sudo().unlink()

    def test_a_paper_is_found_in_a_place_of_its_own_company_only(self):
        self._file_paper()
        second = self.env["res.company"].create({"name": "Second"})
        self.clerk.company_ids += second
        places = self.env["rd.document.place"].with_user(self.clerk)
        far = places.create({"name": "Far", "company_id": second.id})
        line = self.env["rd.document.check"]._open_sessions(self.company).line_ids[0]
        both = {"allowed_company_ids": (self.company | second).ids}
        vals = {"found_place_id": far.id, "result": "misplaced"}
        write = ("rd.document.check.line", "write", line.ids, vals)
        refusal = self._assert_refused(
            line, self._rpc, self.clerk, *write, context=both
        )
        self.assertIn("Far belongs to another company", refusal)

    # ------------------------------------------------------------------
    # Paper
    # ------------------------------------------------------------------
    def test_the_master_index_shows_what_was_asked_for(self):
        boxed = self._file_paper("contract", "In the box")
        loose = self._file_paper("contract", "Loose", b"%PDF- 5")
        loose.place_id = False
        order = self._file_paper("order", "An order", b"%PDF- 6")
        old = self._file_paper("order", "Before that", b"%PDF- 7")
        old._as_internal().write({"state": "superseded"})
        for values, papers in (
            ({}, boxed | loose | order),
            ({"kind": "contract"}, boxed | loose),
            ({"place_id": self.shelf.id}, boxed | order),
            ({"kind": "order", "with_superseded": True}, order | old),
        ):
            with self.subTest(values):
                index = self.env["rd.document.print"].with_user(self.clerk)
                rows = index.create(values)._rd_prepare_paper()["rows"]
                titles = [row["title"] for row in rows]
                self.assertCountEqual(titles, papers.mapped("title"))

    def test_master_index_box_index_label_and_protocol(self):
        paper = self._file_paper(title="Supply contract")
        elsewhere = self._file_paper(title="Elsewhere", raw=b"%PDF- 4")
        elsewhere.place_id = False
        index = self.env["rd.document.print"].with_user(self.clerk).create({})
        for name, record, texts in (
            ("index", index, (paper.name, "Supply contract", "Elsewhere", "file only")),
            ("place", self.box, (paper.name, "Supply contract", "Shelf A / Box 1")),
        ):
            with self.subTest(name=name):
                report = self.env.ref(f"rd_sales_admin.action_report_document_{name}")
                html = report._render_qweb_html(report.report_name, record.ids)[0]
                for text in texts:
                    self.assertIn(text, html.decode())
                report = self.env.ref(
                    f"rd_sales_admin.action_report_document_{name}_xlsx"
                )
                book = report._render_xlsx(report.report_name, record.ids, {})[0]
                sheet = CalamineWorkbook.from_filelike(io.BytesIO(book))
                rows = sheet.get_sheet_by_index(0).to_python()
                self.assertIn(paper.name, [cell for row in rows for cell in row])
        html = self.box._rd_prepare_paper()["rows"]
        self.assertEqual([row["title"] for row in html], ["Supply contract"])
        label = self.env.ref("rd_sales_admin.action_report_document_label")
        html = label._render_qweb_html(label.report_name, self.box.ids)[0].decode()
        self.assertIn("data:image/svg+xml;base64", html)
        self.assertIn("A-1", html)
