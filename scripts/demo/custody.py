# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What belongs to customers: cards, an incident, counts, and material kept as stock."""

import base64
import io
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo import Command

# (owner, kind, description, drawing, their mark, pieces, place)
CARDS = (
    ("A02", "mould", "转向节锻模", "XL-2043-B", "岫岭资产 0417", 1, "模具库 A-03"),
    ("A02", "gauge", "转向节综合检具", "XL-2043-J", "岫岭资产 0418", 1, "计量室 2 柜"),
    (
        "A06",
        "fixture",
        "座椅骨架焊接夹具",
        "JY-118-F",
        "霁云 F-118",
        2,
        "焊接车间 3 区",
    ),
    ("A06", "packaging", "可折叠围板箱", "JY-PK-01", False, 60, "成品库 C 区"),
    (
        "A01",
        "drawing",
        "减速器壳体图纸 V3",
        "LZ-660-V3",
        "澜渚受控",
        1,
        "资料室 5 号柜",
    ),
    ("A03", "sample", "前盖外观封样件", "QW-071-S", False, 3, "样件室 1-2"),
)
_OWNED = ("A06", 40.0)


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
        self.plan()
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
        code, quantity = _OWNED
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
