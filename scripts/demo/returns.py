# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What comes back from customers, and the sample room: each waits for somebody."""

from datetime import timedelta

from odoo import Command

# (affiliate, reason, what happens, pieces, what was found)
RETURNS = (
    ("A03", "size", "credit", 2, "孔径 φ10.2，超出上偏差 0.1"),
    ("A05", "defect", "replace", 3, "表面划伤，客户同意换货"),
)
ASKED = ("A02", "a02-purchasing", "transport", 1, "外箱破损，边角磕碰")
# (kind, description, drawing, version, for whom, days it stays valid, shelf)
SAMPLES = (
    ("plain", "减速器壳体样件", "LZ-660", "V3", "A01", 180, "样件室 1-1"),
    ("sealed", "转向节封样件", "XL-2043", "B", "A02", 400, "样件室 2-1"),
    ("limit", "前盖外观限度样件", "QW-071", "A", "A03", -12, "样件室 2-2"),
)


class Returns:
    """Two returns that were decided, one just asked for; four samples, two loans."""

    def __init__(self, desk):
        self.desk = desk
        self.company = desk.company
        self.today = desk.company._rd_today()
        self.samples = {}

    def happen(self):
        """Let all of it happen, each by the one whose work it is."""
        for row in RETURNS:
            self.take_back(*row)
        self.ask(*ASKED)
        for row in SAMPLES:
            self.keep(*row)
        self.lend()
        self.desk.env.cr.commit()

    # --- returns -----------------------------------------------------------------

    def delivered(self, code, pieces):
        """The newest delivered line of an affiliate of which so much is left."""
        partner = self.desk.masters.partners[code]
        moves = self.desk.model("stock.move")._rd_search_delivered(
            self.company, partner
        )
        room = moves._rd_get_return_room()
        return next(move for move, left in room.items() if left >= pieces)

    def take_back(self, code, reason, disposition, pieces, found):
        """Asked for by phone, inspected by the warehouse, decided by the clerk."""
        move = self.delivered(code, pieces)
        record = self.desk.model("rd.return").create(
            {
                "company_id": self.company.id,
                "partner_id": self.desk.masters.partners[code].id,
                "reason_id": self.reason(reason).id,
                "requested_by": "质量部 周工",
                "description": found,
                "line_ids": [
                    Command.create({"move_id": move.id, "quantity": float(pieces)})
                ],
            }
        )
        record.action_accept()
        inspected = self.desk.model("rd.return", "warehouse").browse(record.id)
        inspected.inspection = found
        inspected.action_inspect()
        record.line_ids.disposition = disposition
        record.action_settle()
        if disposition == "credit":
            record.action_close()

    def ask(self, code, login, reason, pieces, words):
        """A buyer asks on the portal; nobody has answered yet."""
        user = self.desk.env["res.users"].search([("login", "=", login)])
        move = self.delivered(code, pieces)
        self.desk.env["rd.return"].with_user(user.id)._portal_request(
            {move.id: str(pieces)}, self.reason(reason).id, words
        )

    def reason(self, name):
        return self.desk.env.ref(f"rd_custody.rd_return_reason_{name}")

    # --- sample room -------------------------------------------------------------

    def keep(self, kind, description, drawing, version, code, days, shelf):
        """One of our own samples comes to its shelf."""
        card = self.desk.model("rd.property").create(
            {
                "kind": "sample",
                "partner_id": self.company.partner_id.id,
                "sample_for_id": self.desk.masters.partners[code].id,
                "sample_kind": kind,
                "description": description,
                "specification": drawing,
                "drawing_version": version,
                "valid_until": self.today + timedelta(days=days),
            }
        )
        self.desk.model("rd.property.event").create(
            {
                "property_id": card.id,
                "kind": "receive",
                "date": self.today - timedelta(days=40),
                "quantity": 1.0,
                "place": shelf,
            }
        )
        self.samples[kind] = card

    def lend(self):
        """One sample is out and overdue; the sealed one waits for the supervisor."""
        floor = self.desk.masters.users["floor"]
        loans = self.desk.model("rd.loan")
        out = loans.create(
            {
                "borrower_id": floor.partner_id.id,
                "purpose": "压铸线首件比对",
                "date_due": self.today,
                "line_ids": [Command.create({"property_id": self.samples["plain"].id})],
            }
        )
        out.action_lend()
        out.date_due = self.today - timedelta(days=4)
        loans.create(
            {
                "borrower_id": floor.partner_id.id,
                "purpose": "客户审核展示",
                "date_due": self.today + timedelta(days=5),
                "line_ids": [
                    Command.create({"property_id": self.samples["sealed"].id})
                ],
            }
        ).action_lend()
