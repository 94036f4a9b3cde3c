# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The papers of the desk: shelf, boxes, contracts, a procedure, what is missing,
and what is old enough to be destroyed."""

from dateutil.relativedelta import relativedelta

from odoo import Command

PAGE = b"%PDF-1.4\n% demo paper: "
BOXES = (("合同盒 1", "HT-1"), ("台账盒 1", "TZ-1"))
PAPERS = (
    # kind, title, place, whether it belongs to an order
    ("contract", "年度供货框架合同", 0, True),
    ("contract", "工装开发合同", 0, True),
    ("ledger", "销售台账", 1, False),
    ("statistics", "上年度销售统计", 1, False),
)
# Kept for ten years from the end of theirs: (kind, title, age in years).
OLD = (("order", "客户订单合订本", 13), ("receipt", "签收单合订本", 12))


def file_papers(desk):
    """File some papers, put a procedure in force, and look at what is missing."""
    model, company = desk.model, desk.company
    places = model("rd.document.place")
    shelf = places.create({"name": "资料室 A 架", "kind": "shelf"})
    boxes = [
        places.create({"name": name, "code": code, "parent_id": shelf.id})
        for name, code in BOXES
    ]
    orders = model("sale.order").search([("state", "=", "sale")], order="id", limit=2)
    documents = model("rd.document")
    waiting = list(orders)
    for kind, title, place, of_order in PAPERS:
        record = waiting.pop() if of_order and waiting else None
        documents._file(
            kind,
            title,
            [(f"{title}.pdf", PAGE + title.encode())],
            record,
            place_id=boxes[place].id,
        )
    write_procedure(desk, boxes[1])
    list_of_destruction(desk, boxes[1], *OLD[0])
    approve_destruction(desk)
    list_of_destruction(desk, boxes[1], *OLD[1])
    dues = model("rd.document.due")
    dues._refresh(company)
    dues.env["rd.document.check"]._open_sessions(company)
    desk.env.cr.commit()


def write_procedure(desk, place):
    """The clerk writes it, the supervisor judges it; the clerk's deputy has to read."""
    users = desk.masters.users
    paper = desk.model("rd.document")._file(
        "procedure",
        "月度对账工作程序",
        [("月度对账工作程序.pdf", PAGE + b"procedure")],
        place_id=place.id,
        reader_ids=[Command.set((users["sales"] | users["supervisor"]).ids)],
    )
    judged = paper.version_ids.with_user(users["supervisor"])
    judged.action_review()
    judged.action_approve()
    paper.version_ids.action_put_in_force()


def list_of_destruction(desk, place, kind, title, years):
    """A paper found in an old box is filed, and may go at once: the clerk asks."""
    day = desk.company._rd_today() - relativedelta(years=years)
    title = f"{title} {day.year}"
    desk.model("rd.document")._file(
        kind,
        title,
        [(f"{title}.pdf", PAGE + title.encode())],
        date=day,
        place_id=place.id,
    )
    papers = desk.model("rd.document.destruction").create(
        {"company_id": desk.company.id, "witness": "档案员 康宁"}
    )
    papers.action_collect()
    papers.action_ask("超过保管期限，已核对无在办事项")


def approve_destruction(desk):
    """The supervisor approves what waits."""
    desk.model("rd.approval", "supervisor").search(
        [("kind", "=", "destroy"), ("state", "=", "waiting")]
    ).action_approve("同意销毁")
