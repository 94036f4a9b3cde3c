# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
import zipfile
from datetime import datetime

import xlsxwriter

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.rd_property_import_words import kind_of
from .common import ROLES, CustodyCommon
from .test_rd_property_check import picture

HEADS = (
    *("编号", "客户", "名称", "规格/图号", "数量", "单位", "提供日期", "验证结果"),
    *("存放地点", "归还日期", "序列号", "类别", "照片", "备注"),
)
MOULD = [
    *("M-1", "Owner A", "左窗模具", "AB-1", 1, "Units", "2024-03-05", "合格/李"),
    *("A-03", "", "S-1", "模具", "m1.png", "旧台账"),
]
BOXES = [
    *("", "Owner A", "围板箱", "PK-1", 60, "", "2024-04-01", ""),
    *("C", "", "", "周转箱", "", ""),
]
GONE = [
    *("G-9", "owner b", "检具", "J-9", 2, "", "2023-01-02", "OK"),
    *("", "2024-02-03", "", "检具", "", ""),
]


def workbook(rows, heads=HEADS, above=()):
    """Return a register as somebody would keep it, as base64 bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(2025, 1, 1)})
    sheet = book.add_worksheet("台账")
    for number, row in enumerate([*above, heads, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return base64.b64encode(out.getvalue())


@tagged("post_install", "-at_install")
class TestRdPropertyImport(CustodyCommon):
    def _import(self, rows, user="clerk", heads=HEADS, **values):
        imports = self.env["rd.property.import"].with_user(self.users[user])
        record = imports.create(
            {"file": workbook(rows, heads), "filename": "台账.xlsx", **values}
        )
        record.action_check()
        return record

    def _photos(self, **files):
        papers = self.env["ir.attachment"].with_user(self.users["clerk"])
        return papers.create(
            [{"name": name, "raw": data} for name, data in files.items()]
        )

    def test_previews_then_makes_a_card_per_row(self):
        before = self.env["rd.property"].search_count([])
        record = self._import([MOULD, BOXES, GONE])
        self.assertEqual(record.line_ids.mapped("verdict"), ["ready"] * 3)
        self.assertIn("m1.png", record.line_ids[0].message)
        self.assertEqual(self.env["rd.property"].search_count([]), before)
        record.action_apply()
        mould, boxes, gauge = record.line_ids.property_id
        self.assertRecordValues(
            mould | boxes | gauge,
            [
                {
                    "name": "M-1",
                    "kind": "mould",
                    "quantity": 1,
                    "state": "held",
                    "condition": "good",
                    "place": "A-03",
                },
                {
                    "name": boxes.name,
                    "kind": "packaging",
                    "quantity": 60,
                    "state": "held",
                    "condition": "unchecked",
                    "place": "C",
                },
                {
                    "name": "G-9",
                    "kind": "gauge",
                    "quantity": 0,
                    "state": "returned",
                    "condition": "good",
                    "place": False,
                },
            ],
        )
        self.assertEqual(gauge.partner_id, self.other_owner)
        self.assertEqual(str(mould.received_on), "2024-03-05")
        self.assertEqual(str(gauge.returned_on), "2024-02-03")
        self.assertIn("row 2", mould.event_ids[0].note)
        self.assertFalse(mould.marked_on, "a register shows no photo of the mark")

    def test_duplicates_are_left_out(self):
        """Fails when a number, a serial or a looks-alike becomes a second card."""
        self._import([MOULD]).action_apply()
        twin = ["M-2", *MOULD[1:]]  # another number, the same serial
        number = ["M-1", *BOXES[1:]]
        twice = [[*BOXES], [*BOXES]]
        record = self._import([twin, number, *twice, GONE])
        self.assertEqual(
            record.line_ids.mapped("verdict"),
            ["known", "known", "ready", "known", "ready"],
        )
        self.assertIn("row 4", record.line_ids[3].message)
        record.action_apply()
        self.assertEqual(len(record.line_ids.property_id), 2)
        with self.assertRaisesRegex(UserError, "already"), self.env.cr.savepoint():
            self._import([twin, number, *twice, GONE])

    def test_open_rows_write_nothing(self):
        stranger = ["X-1", "Nobody Ltd", *BOXES[2:]]
        empty = [*BOXES[:2], "Other box", BOXES[3], 0, *BOXES[5:]]
        later = [*BOXES[:2], "Later", *BOXES[3:6], "2999-01-01", *BOXES[7:]]
        record = self._import([MOULD, stranger, empty, later])
        self.assertEqual(
            record.line_ids.mapped("verdict"),
            ["ready", "unknown", "refused", "refused"],
        )
        cards = self.env["rd.property"].search_count([])
        with self.assertRaisesRegex(UserError, "row 3"), self.env.cr.savepoint():
            record.action_apply()
        self.assertEqual(self.env["rd.property"].search_count([]), cards)
        record.line_ids[1].write({"partner_id": self.owner.id})
        record.line_ids[2].write({"quantity": 5})
        self.assertEqual(record.line_ids[1].verdict, "ready")
        record.line_ids[3].action_dismiss()
        record.action_apply()
        self.assertEqual(len(record.line_ids.property_id), 3)
        with self.assertRaises(UserError):
            record.line_ids[0].write({"quantity": 5})

    def test_nothing_is_half_written(self):
        record = self._import([MOULD, BOXES])
        cards = self.env["rd.property"].search_count([])
        # somebody opens a card of that number in between
        self._create_card(name="M-1", partner_id=self.other_owner.id)
        record.action_apply()
        self.assertEqual(
            record.line_ids.mapped("verdict"), ["known", "taken"], "judged once more"
        )
        self.assertEqual(self.env["rd.property"].search_count([]), cards + 2)

    def test_photos_by_name_of_files_and_of_a_zip(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("照片/M1.png", base64.b64decode(picture("blue")))
            archive.writestr("../evil.txt", "x")
        papers = self._photos(
            **{"p.zip": packed.getvalue(), "G-9.png": base64.b64decode(picture())}
        )
        record = self._import([MOULD, BOXES, GONE], photo_ids=papers.ids)
        self.assertEqual(record.line_ids.mapped("has_photo"), [True, False, True])
        record.action_apply()
        photos = record.line_ids.property_id.mapped("photo")
        self.assertEqual([bool(photo) for photo in photos], [True, False, True])

    def test_bad_files_are_refused_in_a_sentence(self):
        broken = self._photos(**{"p.zip": b"no zip at all"})
        with self.assertRaisesRegex(UserError, "zip file"), self.env.cr.savepoint():
            self._import([MOULD], photo_ids=broken.ids)
        for content in (b"\x00\x01", b"a,b\n1,2\n", b""):
            imports = self.env["rd.property.import"]
            with self.assertRaises(UserError), self.env.cr.savepoint():
                imports.create(
                    {
                        "file": base64.b64encode(content) or b"IA==",
                        "filename": "x.xlsx",
                    }
                ).action_check()

    def test_unit_is_ours_or_asked(self):
        """A unit that nobody knows does not become pieces by itself."""
        pieces = [*BOXES[:5], "只", *BOXES[6:]]
        bundles = [*BOXES[:2], "Tubes", "T-1", 4, "捆", *BOXES[6:]]
        record = self._import([pieces, bundles])
        piece = self.env.ref("uom.product_uom_unit")
        self.assertEqual(record.line_ids[0].uom_id, piece)
        self.assertEqual(record.line_ids.mapped("verdict"), ["ready", "refused"])
        self.assertIn("捆", record.line_ids[1].message)
        dozen = self.env.ref("uom.product_uom_dozen")
        record.line_ids[1].uom_id = dozen
        self.assertEqual(record.line_ids[1].verdict, "ready")
        record.action_apply()
        self.assertEqual(record.line_ids[1].property_id.uom_id, dozen)

    def test_what_no_field_keeps_stands_in_the_remarks(self):
        bad = [*GONE[:7], "不合格（刃口崩缺）", "B", "", "", "检具", "", "两件"]
        record = self._import([bad])
        record.action_apply()
        card = record.line_ids.property_id
        self.assertEqual(card.condition, "unchecked")
        self.assertIn("两件", card.note)
        self.assertIn("不合格（刃口崩缺）", card.note)

    def test_own_columns_and_no_owner(self):
        heads = ["Name", "Qty", "Place"]
        record = self.env["rd.property.import"].create(
            {
                "file": workbook([["Gauge", 2, "B"]], heads, [["Register 2025"]]),
                "filename": "x.xlsx",
                "partner_id": self.owner.id,
                "kind": "gauge",
            }
        )
        record.action_check()
        self.assertRecordValues(
            record.line_ids,
            [{"verdict": "ready", "partner_id": self.owner.id, "kind": "gauge"}],
        )

    def test_names_are_found_where_one_is_called_so(self):
        """Two of one name are nobody; who is not found stands in the remarks."""
        partners = self.env["res.partner"]
        partners.create([{"name": "Twin Ltd"}] * 2)
        known, other = ([*BOXES[:2], name, *BOXES[3:]] for name in ("Left", "Right"))
        twin = ["", "Twin Ltd", "Tray", *BOXES[3:]]
        later = ["", "Later Ltd", "Rack", *BOXES[3:]]
        record = self._import(
            [
                [*known, "custody_floor"],
                [*other, "Old Wang"],
                [*twin, ""],
                [*later, ""],
            ],
            heads=(*HEADS, "保管人"),
        )
        self.assertEqual(
            record.line_ids.mapped("verdict"), ["ready", "ready", "unknown", "unknown"]
        )
        self.assertIn("Twin Ltd", record.line_ids[2].message)
        self.assertRecordValues(
            record, [{"ready_count": 2, "open_count": 2, "known_count": 0}]
        )
        partners.create({"name": "Later Ltd"})
        record.action_recheck()
        self.assertEqual(record.line_ids[3].verdict, "ready")
        asked = record.line_ids[2].action_answer()
        line = self.env[asked["res_model"]].browse(asked["res_id"])
        line.with_user(self.users["clerk"]).partner_id = self.owner
        record.action_apply()
        left, right = record.line_ids[:2].property_id
        self.assertEqual(left.custodian_id, self.users["floor"])
        self.assertFalse(left.note)
        self.assertFalse(right.custodian_id)
        self.assertEqual(right.note, "Custodian: Old Wang")
        action = record.action_view_cards()
        shown = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(shown, record.line_ids.property_id)
        self.assertEqual(len(shown), 4)
        with self.assertRaises(UserError):
            record.filename = "other.xlsx"

    def test_what_cannot_be_is_said_in_its_row(self):
        strange = [*MOULD[:11], "Zauberkasten", *MOULD[12:]]
        early = [*GONE[:9], "2023-01-01", *GONE[10:]]
        record = self._import([strange, early])
        self.assertEqual(record.line_ids.mapped("verdict"), ["refused", "refused"])
        self.assertIn("what kind “Zauberkasten” is", record.line_ids[0].message)
        self.assertIn("gone back before it came", record.line_ids[1].message)
        record.line_ids[0].kind = "tool"
        record.line_ids[1].received_on = "2022-12-31"
        self.assertEqual(record.line_ids.mapped("verdict"), ["ready", "ready"])

    def test_a_paper_that_is_no_picture_is_no_photo(self):
        paper = self._photos(**{"M1.pdf": b"%PDF-1.4 list"})
        record = self._import([MOULD], photo_ids=paper.ids)
        self.assertEqual(record.line_ids.mapped("has_photo"), [False])
        record.action_apply()
        self.assertFalse(record.line_ids.property_id.photo)

    def test_kinds_are_read_in_both_languages(self):
        kinds = dict(self.env["rd.property"]._fields["kind"].selection)
        self.assertEqual([kind_of(kind) for kind in kinds], list(kinds))
        self.assertEqual(kind_of(" 周转箱 "), "packaging")
        self.assertIsNone(kind_of(""))

    def test_who_may(self):
        for role in ROLES:
            with self.subTest(role=role):
                if role in ("clerk", "supervisor"):
                    self._import([MOULD], user=role).action_cancel()
                else:
                    with self.assertRaises(AccessError):
                        self._import([MOULD], user=role)

    def test_constant_queries(self):
        def judged(count, turn):
            rows = [
                [f"Q{turn}-{number}", *BOXES[1:2], f"Box {turn} {number}", *BOXES[3:]]
                for number in range(count)
            ]
            record = self._import(rows)
            self.env.flush_all()
            self.env.invalidate_all()
            record.line_ids.mapped("verdict")
            before = self.env.cr.sql_log_count
            record.line_ids._judge()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        judged(3, 1)
        self.assertLess(abs(judged(60, 2) - judged(3, 3)), 5)
