# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two affiliates' people on the portal, and a statement that one of them disputes."""

import base64

from odoo import Command

from .catalogue import PASSWORD

# (login, affiliate, name, role)
PEOPLE = (
    ("a02-finance", "A02", "岫岭财务 贺青", "finance"),
    ("a02-purchasing", "A02", "岫岭采购 柳原", "purchasing"),
    ("a06-finance", "A06", "霁云财务 乔禾", "finance"),
    ("a06-purchasing", "A06", "霁云采购 季川", "purchasing_amounts"),
)
ANSWERED, UNANSWERED = "A02", "A06"
_PHOTO = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489000000"
        "0d49444154789c6360000002000001e221bc330000000049454e44ae426082"
    )
).decode()


def make_people(masters):
    """Make the contacts and their portal users."""
    group = masters.env.ref("base.group_portal")
    for login, code, name, role in PEOPLE:
        contact = masters.env["res.partner"].create(
            {
                "name": name,
                "parent_id": masters.partners[code].id,
                "email": f"{login}@example.com",
                "lang": "zh_CN",
                "rd_portal_role": role,
            }
        )
        masters.users[login] = masters.env["res.users"].create(
            {
                "login": login,
                "password": PASSWORD,
                "partner_id": contact.id,
                "company_id": masters.company.id,
                "company_ids": [Command.set(masters.company.ids)],
                "group_ids": [Command.set(group.ids)],
            }
        )


def answer(desk):
    """The clerk mails two statements; one affiliate agrees to some and disputes one."""
    partners = [desk.masters.partners[code].id for code in (ANSWERED, UNANSWERED)]
    sent = desk.statements(1, "draft").filtered(
        lambda item: item.partner_id.id in partners
    )
    sent.action_send_mail()
    # There is no mail server here: what it was given counts as gone.
    sent.sudo().sending_ids.mail_id.write({"state": "sent"})
    for statement in sent.filtered(
        lambda item: item.partner_id == desk.masters.partners[ANSWERED]
    ):
        dispute(desk, statement)
    desk.env.cr.commit()


def dispute(desk, statement):
    """Finance gives the reason and a photo for the first line that differs."""
    lines = statement.line_ids.filtered(lambda line: line.verdict == "difference")
    line = lines.sorted("id")[:1]
    if not line:
        return
    user = desk.masters.users["a02-finance"]
    statement.with_user(user.id)._portal_answer_line(
        line.id,
        {
            "revision": statement.revision,
            "content_hash": statement.content_hash,
            "stamp": line._get_stamp(),
            "decision": "disputed",
            "reason": "other",
            "note": "收货记录与送货单不符，见照片",
            "file_name": "收货照片.png",
            "file": _PHOTO,
        },
        "192.0.2.10",
    )
