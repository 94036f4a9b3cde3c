# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
from datetime import date

from freezegun import freeze_time
from python_calamine import CalamineWorkbook

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DeskCommon
from .guards import GuardMixin

PAPER = b"%PDF-1.4 signed contract"


class DocumentCommon(GuardMixin, DeskCommon):
    """A company with one shelf and one box, and files to put there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        places = cls.env["rd.document.place"].with_user(cls.clerk)
        cls.shelf = places.create({"name": "Shelf A", "kind": "shelf"})
        cls.box = places.create(
            {"name": "Box 1", "code": "A-1", "parent_id": cls.shelf.id}
        )
        cls.other_clerk = cls._create_user("salesperson")

    @classmethod
    def _files(cls, raw=PAPER, name="paper.pdf"):
        return [{"name": name, "data": base64.b64encode(raw).decode()}]

    @classmethod
    def _file_paper(cls, kind="order", title="Framework order", raw=PAPER, **values):
        documents = cls.env["rd.document"].with_user(cls.clerk)
        return documents._file(
            kind,
            title,
            [("paper.pdf", raw)],
            values.pop("record", None),
            place_id=cls.box.id,
            company_id=cls.company.id,
            **values,
        )


@tagged("post_install", "-at_install")
class TestDocumentRetention(DocumentCommon):
    """Until its last day no paper and no file of it can go, whatever the way in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-09-10"):
            cls.order = cls._create_order([(cls.parts[0], 5, 10.0)])
            cls.paper = cls._file_paper(record=cls.order, date=date(2026, 9, 10))
        cls.file = cls.paper.version_id.attachment_ids

    def _assert_kept(self, word="kept until 2036-12-31"):
        document, file = self.paper, self.file
        version = document.version_id
        root = self.env.ref("base.user_admin")
        for user in (self.clerk, self.supervisor, root):
            for model, method, ids, *args in (
                ("rd.document", "unlink", document.ids),
                ("rd.document.version", "unlink", version.ids),
                ("ir.attachment", "unlink", file.ids),
                ("ir.attachment", "write", file.ids, {"datas": "Zm9yZ2Vk"}),
                ("ir.attachment", "write", file.ids, {"raw": "forged"}),
                ("ir.attachment", "write", file.ids, {"res_id": 1}),
                ("ir.attachment", "write", file.ids, {"res_model": "res.partner"}),
                ("ir.attachment", "write", file.ids, {"name": "other.pdf"}),
            ):
                with self.subTest(user=user.login, model=model, method=method):
                    text = self._assert_refused(
                        document, self._rpc, user, model, method, ids, *args, exact=None
                    )
                    if user != root and method == "unlink":
                        self.assertIn(word, text)
        self.assertEqual(file.raw, PAPER)

    def test_ten_years_from_the_end_of_the_year(self):
        self.assertEqual(self.paper.name, "SO/2026/0001")
        self.assertEqual(self.paper.retain_until, date(2036, 12, 31))
        with freeze_time("2036-12-31 10:00:00"):
            self.assertFalse(self.paper.free)
            self._assert_kept()

    def test_after_eleven_years_only_an_approved_list_destroys(self):
        with freeze_time("2037-09-10"):
            self.env.invalidate_all()
            self.assertTrue(self.paper.free)
            self._assert_kept("was kept until 2036-12-31")
            lists = self.env["rd.document.destruction"].with_user(self.clerk)
            destruction = lists.create({})
            destruction.action_collect()
            self.assertEqual(destruction.line_ids.document_id, self.paper)
            destruction.action_ask("time is over")
            approval = self.env["rd.approval"].search([("kind", "=", "destroy")])
            self._assert_refused(
                approval, approval.with_user(self.clerk).action_approve
            )
            self.assertTrue(self.file.exists())
            approval.with_user(self.supervisor).action_approve()
        self.assertEqual(destruction.state, "done")
        self.assertEqual(self.paper.state, "destroyed")
        self.assertFalse(self.file.exists())
        line = destruction.line_ids
        self.assertEqual(line.number, "SO/2026/0001")
        self.assertEqual(line.kept_until, date(2036, 12, 31))
        self.assertIn(self.paper.version_ids.checksums, line.checksums)
        self._assert_guarded(line, ("number", "checksums"), (self.clerk,))
        write = ("rd.document", "write", self.paper.ids, {"title": "Never kept"})
        refusal = self._assert_refused(self.paper, self._rpc, self.clerk, *write)
        self.assertIn("has been destroyed; its entry stays", refusal)
        self._assert_refused(
            self.paper, self._rpc, self.clerk, "rd.document", "unlink", self.paper.ids
        )

    def test_the_protocol_says_what_is_destroyed_and_what_was(self):
        with freeze_time("2037-09-10"):
            lists = self.env["rd.document.destruction"].with_user(self.clerk)
            destruction = lists.create({"witness": "Ms Lin"})
            destruction.action_collect()
            report = self.env.ref("rd_sales_admin.action_report_document_destruction")
            book = self.env.ref(f"{report.get_external_id()[report.id]}_xlsx")
            data = book._render_xlsx(book.report_name, destruction.ids, {})[0]
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(data))
            rows = sheet.get_sheet_by_index(0).to_python()
            self.assertIn("Protocol of destruction (DRAFT)", rows[0][0])
            self.assertIn("SO/2026/0001", [cell for row in rows for cell in row])
            sums = self.paper.version_ids.checksums
            destruction.action_ask("time is over")
            approval = self.env["rd.approval"].search([("kind", "=", "destroy")])
            approval.with_user(self.supervisor).action_approve()
            html = report._render_qweb_html(report.report_name, destruction.ids)[0]
        html = html.decode()
        self.assertNotIn("DRAFT", html)
        for text in (
            *("Protocol of destruction", "SO/2026/0001", "2036-12-31", "Ms Lin"),
            *("2037-09-10", self.clerk.name, self.supervisor.name, sums),
        ):
            self.assertIn(text, html)

    def test_who_asked_does_not_approve(self):
        with freeze_time("2037-09-10"):
            lists = self.env["rd.document.destruction"].with_user(self.supervisor)
            destruction = lists.create({})
            destruction.action_collect()
            destruction.action_ask()
            approval = self.env["rd.approval"].search([("kind", "=", "destroy")])
            self._assert_refused(
                approval, approval.with_user(self.supervisor).action_approve
            )
        self.assertEqual(self.paper.state, "filed")

    def test_a_kept_paper_gets_on_no_list(self):
        with freeze_time("2036-06-01"):
            lists = self.env["rd.document.destruction"].with_user(self.clerk)
            destruction = lists.create({})
            destruction.action_collect()
            self.assertFalse(destruction.line_ids)
            destruction.line_ids = [Command.create({"document_id": self.paper.id})]
            with self.assertRaisesRegex(UserError, "kept until 2036-12-31"):
                destruction.action_ask()

    def test_what_was_not_approved_is_a_draft_again(self):
        with freeze_time("2037-09-10"):
            lists = self.env["rd.document.destruction"].with_user(self.clerk)
            destruction = lists.create({})
            with self.assertRaisesRegex(UserError, "names no paper yet"):
                destruction.action_ask()
            destruction.action_collect()
            destruction.action_ask()
            line = destruction.line_ids
            unlink = (line._name, "unlink", line.ids)
            refusal = self._assert_refused(line, self._rpc, self.clerk, *unlink)
            self.assertIn("has been handed on", refusal)
            paper = destruction._rd_prepare_paper()
            self.assertEqual(paper["mark"], "DRAFT")
            row = paper["rows"][0]
            self.assertEqual((row["line"], row["number"]), (1, "SO/2026/0001"))
            approval = self.env["rd.approval"].search([("kind", "=", "destroy")])
            approval.with_user(self.supervisor).action_refuse("Still in dispute")
            self.assertEqual(destruction.state, "draft")
            line.unlink()
            self.assertFalse(destruction.line_ids)
        self.assertEqual(self.paper.state, "filed")
        self.assertTrue(self.file.exists())

    def test_no_list_destroys_what_is_to_be_kept(self):
        with freeze_time("2036-06-01"):
            lists = self.env["rd.document.destruction"].with_user(self.clerk)
            with self.assertRaisesRegex(UserError, "kept until 2036-12-31"):
                self.paper._destroy(lists.create({}))
        self.assertEqual(self.paper.state, "filed")
        self.assertTrue(self.file.exists())

    def test_a_list_takes_papers_of_its_own_company_only(self):
        second = self.env["res.company"].create({"name": "Second"})
        self.clerk.company_ids += second
        documents = self.env["rd.document"].with_user(self.clerk)
        far = documents.create(
            {"title": "Far", "kind": "other", "company_id": second.id}
        )
        destruction = self.env["rd.document.destruction"].with_user(self.clerk)
        destruction = destruction.create({})
        add = {"line_ids": [Command.create({"document_id": far.id})]}
        refusal = self._assert_refused(
            destruction,
            self._rpc,
            self.clerk,
            destruction._name,
            "write",
            destruction.ids,
            add,
            context={"allowed_company_ids": (self.company | second).ids},
        )
        self.assertIn("belongs to another company", refusal)
        self.assertFalse(destruction.line_ids)

    def test_a_period_made_longer_meanwhile_stops_the_destruction(self):
        with freeze_time("2037-09-10"):
            lists = self.env["rd.document.destruction"].with_user(self.clerk)
            destruction = lists.create({})
            destruction.action_collect()
            destruction.action_ask()
            rule = self.env.ref("rd_sales_admin.rd_document_retention_order")
            rule.with_user(self.supervisor).years = 15
            approval = self.env["rd.approval"].search([("kind", "=", "destroy")])
            with self.assertRaisesRegex(UserError, "2041-12-31"):
                approval.with_user(self.supervisor).action_approve()
        self.assertTrue(self.file.exists())

    def test_what_it_belongs_to_cannot_disappear(self):
        self.order.with_context(disable_cancel_warning=True).action_cancel()
        with self.assertRaisesRegex(UserError, "belongs to it"):
            self.order.unlink()
        self.assertTrue(self.paper.exists())
        self.assertTrue(self.file.exists())

    def test_merging_contacts_takes_papers_along(self):
        twin = self.env["res.partner"].create({"name": "Northern Works (old)"})
        note = self._file_paper("other", "Profile", b"%PDF- profile", record=twin)
        note.partner_id = twin
        file = note.version_id.attachment_ids
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin | self.affiliate).ids, self.affiliate)
        self.env.invalidate_all()
        self.assertFalse(twin.exists())
        self.assertEqual(note.partner_id, self.affiliate)
        self.assertEqual(note.res_id, self.affiliate.id)
        self.assertTrue(file.exists())

    def test_a_shorter_rule_shortens_nothing(self):
        rule = self.env.ref("rd_sales_admin.rd_document_retention_order")
        rule.with_user(self.supervisor).years = 1
        self.paper.with_user(self.clerk).date = date(2010, 1, 1)
        self.assertEqual(self.paper.retain_until, date(2036, 12, 31))

    def test_a_rule_made_to_last_for_ever_keeps_what_was_to_go(self):
        rule = self.env.ref("rd_sales_admin.rd_document_retention_order")
        rule.with_user(self.supervisor).basis = "forever"
        self.assertFalse(self.paper.retain_until)
        with freeze_time("2099-01-01"):
            self.env.invalidate_all()
            self.assertFalse(self.paper.free)

    def test_what_is_free_is_found_and_what_is_not(self):
        kept = self._file_paper("contract", "Supply contract")
        documents = self.env["rd.document"].with_user(self.clerk)
        with freeze_time("2037-09-10"):
            for value, found in (
                (("=", True), self.paper),
                (("=", False), kept),
                (("in", [True, False]), self.paper | kept),
            ):
                with self.subTest(value=value):
                    domain = [("free", *value), ("id", "in", (self.paper | kept).ids)]
                    self.assertEqual(documents.search(domain), found)

    def test_without_a_known_end_it_is_kept(self):
        contract = self._file_paper(
            "contract", "Supply contract", date=date(2026, 9, 1)
        )
        self.assertFalse(contract.retain_until)
        with freeze_time("2099-01-01"):
            self.assertFalse(contract.free)
            with self.assertRaisesRegex(UserError, "not known"):
                contract.with_user(self.supervisor).unlink()
        with freeze_time("2027-03-01"):
            contract.with_user(self.clerk).ended_date = date(2027, 2, 1)
        self.assertEqual(contract.retain_until, date(2037, 12, 31))

    def test_it_cannot_have_ended_in_the_future(self):
        with freeze_time("2026-10-01"), self.assertRaises(UserError):
            self.paper.with_user(self.clerk).ended_date = date(2030, 1, 1)

    def test_a_company_has_its_own_rule_first(self):
        rules = self.env["rd.document.retention"].with_user(self.supervisor)
        rules.create(
            {
                "kind": "order",
                "years": 20,
                "basis": "date",
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self.paper.retain_until, date(2046, 9, 10))

    def test_a_rule_of_a_company_goes_but_stays_what_it_is(self):
        rules = self.env["rd.document.retention"].with_user(self.supervisor)
        own = rules.create(
            {"kind": "order", "years": 20, "company_id": self.company.id}
        )
        until = self.paper.retain_until
        write = (own._name, "write", own.ids, {"kind": "contract"})
        refusal = self._assert_refused(own, self._rpc, self.supervisor, *write)
        self.assertIn("keeps its kind and company", refusal)
        own.unlink()
        self.assertFalse(own.exists())
        self.assertEqual(self.paper.retain_until, until)

    def test_only_the_supervisor_writes_rules_and_the_common_one_stays(self):
        rule = self.env.ref("rd_sales_admin.rd_document_retention_order")
        self._assert_refused(
            rule,
            self._rpc,
            self.clerk,
            "rd.document.retention",
            "write",
            rule.ids,
            {"years": 1},
            exact=None,
        )
        self._assert_refused(
            rule,
            self._rpc,
            self.supervisor,
            "rd.document.retention",
            "unlink",
            rule.ids,
        )

    def test_guarded_fields(self):
        names = self.env["rd.document"]._get_guarded_fields() - {"find_text"}
        self._assert_guarded(self.paper, names, (self.clerk, self.supervisor))
        version = self.paper.version_id
        names = self.env["rd.document.version"]._get_guarded_fields() | {
            "label",
            "note",
            "document_id",
        }
        self._assert_guarded(version, names, (self.clerk, self.supervisor))

    def test_a_copy_brings_neither_files_nor_number(self):
        copy = self.paper.with_user(self.clerk).copy()
        self.assertEqual(copy.state, "draft")
        self.assertNotEqual(copy.name, self.paper.name)
        self.assertFalse(copy.version_ids)
        copy.unlink()
        self.assertFalse(copy.exists())

    def test_moving_the_file_store_changes_no_byte(self):
        """Odoo's own move of files between disk and database still works."""
        self.file.write({"raw": PAPER, "mimetype": self.file.mimetype})
        self.assertEqual(self.file.raw, PAPER)

    def test_isolation_and_roles(self):
        self._assert_isolated("rd.document", self._create_other_clerk())
        for role in ("auditor", "finance"):
            user = self._create_user(role)
            self.assertEqual(
                self._rpc(
                    user, "rd.document", "search_count", [["id", "=", self.paper.id]]
                ),
                1,
            )
            self._assert_refused(
                self.paper,
                self._rpc,
                user,
                "rd.document",
                "write",
                self.paper.ids,
                {"title": "x"},
                exact=None,
            )
            self.assertEqual(self.file.with_user(user).raw, PAPER)
        for role in ("floor", "warehouse"):
            user = self._create_user(role)
            for model in ("rd.document", "rd.document.version", "rd.document.due"):
                with self.assertRaises(UserError):
                    self._rpc(user, model, "search_count", [])
            with self.assertRaises(UserError):
                self.file.with_user(user).read(["datas"])
