# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.rd_sales_admin.tools.intake import (
    DATE,
    NUMBER,
    Column,
    KnownRow,
    MendRow,
)
from odoo.addons.rd_sales_admin.tools.intake_finder import IntakeFinder

COPIED = ("specification", "drawing_version", "serial")


class RdIntakeSample(models.AbstractModel):
    """The register of the sample room: every row becomes a card with its receipt."""

    _name = "rd.intake.sample"
    _description = "Samples"
    _inherit = ["rd.intake.kind"]

    _intake_model = "rd.property"
    _intake_sequence = 90

    @api.model
    def _get_label(self):
        return self.env._("Samples")

    @api.model
    def _get_text(self):
        return self.env._(
            "The sample room: sealed and limit samples and all others, with where they "
            "lie and until when they may serve as a reference."
        )

    @api.model
    def _get_columns(self):
        return {**self._get_columns_of_what(), **self._get_columns_of_whose()}

    def _get_columns_of_what(self):
        column = self._field_column
        return {
            "name": column(
                "rd.property",
                "name",
                "YP-0031",
                words="样品编号|样件编号|编号|編號|No.|样品号",
            ),
            "description": column(
                "rd.property",
                "description",
                "Housing cover",
                words="Name|Sample|样品名称|样件名称|名称|名稱|品名",
                required=True,
            ),
            "specification": column(
                "rd.property",
                "specification",
                "DWG-4711",
                words="图号|规格|规格型号|圖號",
            ),
            "drawing_version": column(
                "rd.property",
                "drawing_version",
                "C",
                words="版本|图纸版次|版次|圖面版本",
            ),
            "serial": column("rd.property", "serial", "", words="序号码|SN"),
            "sample_kind": column(
                "rd.property", "sample_kind", "", words="样品类型|类型|种类|样件类型"
            ),
        }

    def _get_columns_of_whose(self):
        column = self._field_column
        return {
            "owner": Column(
                self.env._("Owner"),
                self.env._("Whose it is; empty: our own."),
                "",
                words="Owner|所有方|所有者|归属|归属方|所有权",
            ),
            "sample_for": column(
                "rd.property",
                "sample_for_id",
                "Northern Works",
                words="客户|客戶|客户名称|所属客户|适用客户",
            ),
            "quantity": Column(
                self.env._("Quantity"),
                self.env._("How many pieces; empty: 1."),
                "1",
                NUMBER,
                words="Qty|数量|數量",
            ),
            "place": Column(
                self.env._("Place"),
                self.env._("Where it lies."),
                "Room 2, shelf 4",
                words="Shelf|存放地点|存放位置|位置|库位|货架",
            ),
            "received": Column(
                self.env._("Received on"),
                self.env._("Empty: today."),
                "2026-03-02",
                DATE,
                words="入库日期|接收日期|收到日期|收样日期|登记日期",
            ),
            "valid_until": column(
                "rd.property",
                "valid_until",
                "2027-03-02",
                words="有效期|有效期至|到期日|失效日期",
            ),
        }

    # ------------------------------------------------------------------
    # Looking up
    # ------------------------------------------------------------------
    @api.model
    def _look_up(self, company, rows):
        finder = IntakeFinder(company)
        names = ("owner", "sample_for")
        finder.read_partners([row._text(name) for row in rows for name in names])
        cards = self.env["rd.property"].with_context(active_test=False)
        found = cards.search_fetch(
            [
                ("company_id", "=", company.id),
                "|",
                ("name", "in", [row._text("name") for row in rows]),
                ("description", "in", [row._text("description") for row in rows]),
            ],
            ["name", "kind", "description", *COPIED, "partner_id"],
        )
        finder.cards = {}
        for card in found:
            for key in self._get_keys(card, card.partner_id.id):
                finder.cards.setdefault(key, card)
        return finder

    @api.model
    def _get_keys(self, thing, owner):
        """Return by what a card is the same as another."""
        number = thing["name"] or False
        looks = [thing[name] or False for name in ("description", *COPIED)]
        return [("number", number), ("looks", owner, *looks)]

    # ------------------------------------------------------------------
    # Verdicts
    # ------------------------------------------------------------------
    @api.model
    def _prepare_row(self, row, finder):
        card = self._prepare_card(row, finder)
        for key in self._get_keys(card, card["partner_id"]):
            if key == ("number", False) or key not in finder.cards:
                continue
            known = finder.cards[key]
            if key[0] == "number" and known.description != card["description"]:
                raise MendRow(
                    "name",
                    self.env._(
                        "this is the number of “%s”; correct the number or the name.",
                        known.description,
                    ),
                )
            if key[0] == "number" or not card["name"]:
                raise KnownRow(self.env._("This is card %s.", known.name), known)
        return {"card": card, "event": self._prepare_event(row, finder)}

    def _prepare_card(self, row, finder):
        company, owner, customer = finder.company, row._text("owner"), False
        partner = finder.partner("owner", owner) if owner else company.partner_id
        if row._text("sample_for"):
            customer = finder.partner("sample_for", row._text("sample_for")).id
        return {
            "company_id": company.id,
            "kind": "sample",
            "name": row._text("name") or False,
            "description": row._text("description"),
            "partner_id": partner.id,
            "sample_for_id": customer,
            "sample_kind": self._choice(row, "sample_kind", finder) or "plain",
            "valid_until": row._day("valid_until"),
            **{name: row._text(name) or False for name in COPIED},
        }

    def _prepare_event(self, row, finder):
        today = finder.company._rd_today()
        quantity, day = row._number("quantity"), row._day("received") or today
        if quantity is not None and quantity <= 0:
            raise MendRow("quantity", self.env._("write how many pieces there are."))
        if day > today:
            raise MendRow("received", self.env._("the day lies in the future."))
        return {
            "kind": "receive",
            "date": day,
            "quantity": float(1 if quantity is None else quantity),
            "place": row._text("place") or False,
            "note": self.env._(
                "From %(file)s, row %(row)s",
                file=row.intake_id.filename or "",
                row=row.row,
            ),
        }

    @api.model
    def _get_key(self, row, values):
        card = values["card"]
        return ("number", card["name"]) if card["name"] else ("row", row.id)

    @api.model
    def _make(self, company, ready):
        piece = self.env.ref("uom.product_uom_unit")
        cards = self.env["rd.property"].create(
            [
                {**self._without_empty_name(one.values["card"]), "uom_id": piece.id}
                for one in ready
            ]
        )
        self.env["rd.property.event"]._as_internal().create(
            [
                {**one.values["event"], "property_id": card.id}
                for one, card in zip(ready, cards, strict=True)
            ]
        )
        return cards

    @api.model
    def _without_empty_name(self, card):
        """Return the values of a card; without a number it gets the next one."""
        return {name: value for name, value in card.items() if name != "name" or value}

    @api.model
    def _get_made_domain(self, company):
        return [("company_id", "=", company.id), ("kind", "=", "sample")]
