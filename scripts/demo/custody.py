# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What belongs to customers: cards, an incident, counts, and material kept as stock."""

import base64
import io
from datetime import timedelta

import xlsxwriter
from PIL import Image, ImageDraw

from odoo import Command

from .kept import CARDS, HEADS, KEPT, LETTERS, OWNED, RELEASED, UPKEEP


def _photo(card):
    """Return a picture of a name plate with what is written on it."""
    image = Image.new("RGB", (480, 200), (214, 216, 219))
    draw = ImageDraw.Draw(image)
    draw.rectangle((12, 12, 468, 188), outline=(60, 60, 60), width=4)
    draw.text((40, 60), card.name, fill=(30, 30, 30), font_size=40)
    draw.text((40, 120), card.specification or "", fill=(30, 30, 30), font_size=32)
    out = io.BytesIO()
    image.save(out, "PNG")
    return base64.b64encode(out.getvalue())


class Custody:
    """The register of two months, one incident that waits, one count to sign off."""

    def __init__(self, desk):
        self.desk = desk
        self.today = desk.company._rd_today()
        self.cards = {}

    def keep(self):
        """Let all of it happen, each by the one whose work it is."""
        for index, row in enumerate(CARDS):
            self.receive(index, *row)
        self.tell_owner()
        self.count()
        self.receive_material()
        self.release_material()
        self.plan()
        self.take_over()
        self.ask_owners()
        self.desk.env.cr.commit()

    def receive(self, index, code, kind, description, drawing, mark, pieces, place):
        """A card is opened when its thing comes, and most of them are marked."""
        day = self.today - timedelta(days=70 - 5 * index)
        card = self.desk.model("rd.property").create(
            {
                "partner_id": self.desk.masters.partners[code].id,
                "kind": kind,
                "description": description,
                "specification": drawing,
                "mark": mark,
                "value": 1000.0 * (index + 2),
            }
        )
        self._register(
            card,
            "receive",
            day,
            quantity=pieces,
            place=place,
            document=f"YS-{index:03}",
        )
        for check in card.check_ids:
            check.write({"result": "good", "photo": check.needs_photo and _photo(card)})
        self._register(card, "verify", day, condition="good", note="外观与附件齐全")
        if mark:
            self._register(
                card,
                "mark",
                day + timedelta(days=1),
                note="已拍照",
                photo=_photo(card),
            )
        if kind in UPKEEP:
            what, months = UPKEEP[kind]
            card.write({"upkeep": what, "upkeep_months": months})
        self.cards[drawing] = card

    def _register(self, card, kind, day, **values):
        values = {"property_id": card.id, "kind": kind, "date": day, **values}
        return self.desk.model("rd.property.event").create(values)

    def tell_owner(self):
        """The gauge fell; its owner was told within the day and has not answered."""
        incident = self.desk.model("rd.property.incident").create(
            {
                "property_id": self.cards["XL-2043-J"].id,
                "kind": "damage",
                "quantity": 1.0,
                "discovered_by": "计量室 何师傅",
                "description": "转运时滑落，定位销弯曲，检具暂停使用。",
                "containment": "已隔离并挂牌，改用三坐标测量。",
            }
        )
        incident.action_report()

    def count(self):
        """The clerk has counted A06's things, one box is missing; it waits."""
        count = self.desk.model("rd.property.count").create(
            {
                "name": "霁云财产季度盘点",
                "partner_id": self.desk.masters.partners["A06"].id,
                "date_due": self.today + timedelta(days=3),
            }
        )
        count.action_start()
        boxes = self.cards["JY-PK-01"]
        for line in count.line_ids:
            if line.property_id == boxes:
                line.write({"counted_quantity": 59.0, "note": "缺 1 只，待查"})
            else:
                line.action_all_there()
        count.action_submit()

    def receive_material(self):
        """The owner's blanks come in and lie in the warehouse as his stock."""
        code, quantity = OWNED
        env = self.desk.env
        owner = self.desk.masters.partners[code]
        product = env["product.product"].create(
            {
                "name": "客供滑轨毛坯 JY-118-M",
                "default_code": "JY-118-M",
                "type": "consu",
                "is_storable": True,
                "sale_ok": False,
            }
        )
        kind = next(iter(self.desk.masters.warehouses.values())).in_type_id
        picking = env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "partner_id": owner.id,
                "owner_id": owner.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": kind.default_location_src_id.id
                            or env.ref("stock.stock_location_suppliers").id,
                            "location_dest_id": kind.default_location_dest_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking.move_line_ids.owner_id = owner
        picking.button_validate()

    def take_over(self):
        """The clerk takes over the old register; what nobody knows is left out."""
        partners = self.desk.masters.partners
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        sheet = book.add_worksheet("客户财产台账")
        sheet.write_row(0, 0, HEADS)
        for number, (card, owner, *rest) in enumerate(KEPT, start=1):
            name = partners[owner].name if owner in partners else owner
            sheet.write_row(number, 0, (card, name, *rest))
        book.close()
        taken = self.desk.model("rd.property.import").create(
            {
                "file": base64.b64encode(out.getvalue()),
                "filename": "客户财产台账（旧）.xlsx",
            }
        )
        taken.action_check()
        taken.line_ids.filtered(lambda row: row.verdict == "unknown").action_dismiss()
        taken.action_apply()

    def ask_owners(self):
        """Two owners are asked to confirm; one has answered, the other's is open."""
        for code, state in LETTERS.items():
            owner = self.desk.masters.partners[code]
            owner.rd_property_rhythm = "quarter"
            owner.rd_property_letter_next = self.today + timedelta(days=90)
            letter = self.desk.model("rd.property.confirmation").create(
                {"partner_id": owner.id, "day": self.today}
            )
            letter.action_send()
            if state == "confirmed":
                letter.action_record_answer({}, "徐经理", "scan", "盖章回传")

    def release_material(self):
        """The owner wants some of his blanks back; the warehouse may send them."""
        card = self.desk.model("rd.property").search(
            [("product_id.default_code", "=", "JY-118-M")]
        )
        release = self.desk.model("rd.property.release").create(
            {
                "property_id": card.id,
                "kind": "return",
                "quantity": RELEASED,
                "reason": "霁云 梁思敏 邮件：退回复检",
            }
        )
        release.action_release()

    def plan(self):
        """Gauges are counted every quarter."""
        self.desk.model("rd.property.count.plan").create(
            {
                "name": "检具季度盘点",
                "kind": "gauge",
                "rhythm": "quarter",
                "next_date": self.today + timedelta(days=14),
            }
        )
