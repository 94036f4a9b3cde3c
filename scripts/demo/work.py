# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The clerk's month: routines and tasks, reports handed in, what customers think."""

import base64
from datetime import timedelta

# task, working day of the month, weight, what shows it
ROUTINES = (
    ("核对上月发货清单并下发对账单", 3, 3.0, "系统中对账单已发送"),
    ("开票资料汇总交财务", 8, 2.0, "开票申请已提交"),
    ("客户财产台账抽查", 31, 1.0, "抽查记录"),
    ("合同与资料归档，更新目录", 31, 1.0, "归档目录"),
)
# report, kind, to whom, every so many months, working day, way
REPORTS = (
    ("销售统计月报", "statistics", "销售中心 何主任", "1", 31, "mail"),
    ("成本归集表", "cost", "财务部 周会计", "1", 31, "system"),
    ("对账情况汇总", "statements", "研究院 分管领导", "1", 31, "paper"),
    ("客户财产季报", "other", "质量部", "3", 10, "paper"),
)
ASKED_BETWEEN = ("整理 A06 未回签送货单，交林经理", "补打 2 号柜标签")
# login, stars for reconciliation, remark
OPINIONS = (("a06-finance", "2", "差异说明来得太晚，希望月底前给到"),)
CONTENT = ("a06-purchasing", "5", "对账清楚，回复及时")


def plan_work(desk):
    """The month's plan: made by itself, approved, partly done, one task scored."""
    today = desk.company._rd_today()
    clerk = desk.masters.users["clerk"]
    desk.model("rd.work.template", "supervisor").create(
        [
            {
                "name": name,
                "company_id": desk.company.id,
                "user_id": clerk.id,
                "working_day": day,
                "weight": weight,
                "evidence_hint": evidence,
                "date_from": today.replace(day=1),
            }
            for name, day, weight, evidence in ROUTINES
        ]
    ).action_make()
    items = desk.model("rd.work.item", "supervisor")
    items.search([("state", "=", "proposed")]).action_approve()
    items.create(
        [
            {
                "name": name,
                "company_id": desk.company.id,
                "user_id": clerk.id,
                "date_due": today + timedelta(days=number),
            }
            for number, name in enumerate(ASKED_BETWEEN)
        ]
    )
    done = desk.model("rd.work.item").search(
        [("name", "in", (ROUTINES[2][0], ROUTINES[3][0], ASKED_BETWEEN[0]))]
    )
    done.action_done()
    done[0].with_user(desk.masters.users["supervisor"].id).action_met()
    done[1].with_user(desk.masters.users["supervisor"].id).action_partly()


def hand_in_reports(desk):
    """Last month's reports: one in time, one corrected, the others still due."""
    month = desk.story.months[1]
    desk.model("rd.report.calendar", "supervisor").create(
        [
            {
                "name": name,
                "company_id": desk.company.id,
                "kind": kind,
                "recipient": recipient,
                "rhythm": rhythm,
                "working_day": day,
                "way": way,
                "user_id": desk.masters.users["clerk"].id,
                "date_from": month.replace(day=1),
            }
            for name, kind, recipient, rhythm, day, way in REPORTS
        ]
    ).action_make()
    first = [("date_from", "=", month.replace(day=1))]
    statements = desk.model("rd.report.due").search(
        [*first, ("kind", "=", "statements")]
    )
    summary = desk.model("rd.sales.summary").create({"month": month})
    small = summary.action_hand_in_report()
    desk.model(small["res_model"]).browse(small["res_id"]).action_hand_in()
    statements.action_hand_in(_paper("对账情况汇总"))
    statements.action_hand_in(_paper("对账情况汇总（更正）"), "漏列 A03 的质量扣款")


def _paper(text):
    data = base64.b64encode(f"{text}\n".encode()).decode()
    return [{"name": f"{text}.txt", "data": data}]


def ask_opinions(desk):
    """The affiliates' people are asked; one is not content and gets an answer."""
    reviews = desk.env["rd.customer.review"].with_context(lang="zh_CN")
    reviews._ask(desk.company)
    for login, stars, remark in (*OPINIONS, CONTENT):
        person = desk.masters.users[login]
        review = reviews.sudo().search([("contact_id", "=", person.partner_id.id)])
        values = {"mark_reconciliation": stars, "remark_reconciliation": remark}
        for one in review:
            one.with_user(person.id)._portal_answer(values)


def run_own_step(desk):
    """The clerk runs the desk's own step of the open months, as he does each day."""
    closes = desk.model("rd.close").search([("state", "=", "open")])
    closes._add_steps()
    closes.step_ids.filtered(lambda step: step.code == "figures").action_run()
