# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A small desk for the tests on a real server: eight affiliates, three past months.

Runs inside Odoo (``desk.odoo_run.run_in_odoo``). Everything is named, so that two
databases made by it can be compared without their numbers.
"""

import base64
from datetime import datetime

from dateutil.relativedelta import relativedelta

AFFILIATES = 8
PARTS = (("P-100", 10.0), ("P-200", 25.5), ("P-300", 0.34))
SENT_ONLY = (7, 8)  # affiliates that need no confirmation
SHORT = 3  # the affiliate whose ledgers have one piece less than we delivered
CLERKS = 8
MONTHS = 3


def main(env, affiliates=AFFILIATES):
    """Make the desk; the caller commits."""
    company = env.company
    months = past_months(company)
    settings = {
        f"rd_auto_{act}_{kind}": True
        for act in ("agree", "invoice", "post")
        for kind in ("affiliate", "outside")
    }
    company.write({"rd_start_date": months[0], "rd_tz": "Asia/Shanghai", **settings})
    make_users(env, company)
    parts = make_parts(env, company)
    for number in range(1, affiliates + 1):
        partner = make_affiliate(env, number)
        order = make_order(env, partner, parts, 200, f"PO-{number}")
        for note, month in enumerate(months, start=1):
            day = month.replace(day=4 + (number - 1) % 20)
            quantities = {part: 10 * note + (number - 1) % 20 + 1 for part in parts}
            picking = deliver(env, order, quantities, f"DN-{number}-{note}", day)
            if number % 3 == 0:
                day = month.replace(day=25)
                returned(env, picking, {parts[0]: 2}, f"RT-{number}-{note}", day)
    print("WORLD", *months)


def fifty(env):
    """Make the desk with fifty affiliates."""
    main(env, 50)


def past_months(company):
    """Return the first days of the three months before this one, oldest first."""
    this = company._rd_today().replace(day=1)
    return [this - relativedelta(months=back) for back in range(MONTHS, 0, -1)]


def open_months(env):
    """Open the months without running anything."""
    env["rd.close"]._open_months(env.company)


def make_users(env, company):
    """Make the desk's people; each one's password is his login."""
    roles = [f"clerk{number}" for number in range(1, CLERKS + 1)] + ["supervisor"]
    for login in roles:
        group = env.ref(
            f"rd_sales_admin.rd_sales_admin_group_{login.rstrip('12345678')}"
        )
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": login,
                "login": login,
                "password": login,
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
                "group_ids": [(6, 0, group.ids)],
            }
        )


def make_parts(env, company):
    """Return the parts, each taxed with 13 %."""
    tax = env["account.tax"].create(
        {
            "name": "13% sale",
            "amount": 13.0,
            "amount_type": "percent",
            "type_tax_use": "sale",
            "company_id": company.id,
        }
    )
    return env["product.product"].create(
        [
            {
                "name": f"Part {number}",
                "default_code": number,
                "type": "consu",
                "is_storable": True,
                "lst_price": price,
                "taxes_id": [(6, 0, tax.ids)],
                "invoice_policy": "delivery",
            }
            for number, price in PARTS
        ]
    )


def make_affiliate(env, number):
    """Return affiliate ``number``."""
    return env["res.partner"].create(
        {
            "name": f"Affiliate {number}",
            "is_company": True,
            "rd_partner_class": "affiliate",
            "rd_settlement_mode": (
                "statement_sent" if number in SENT_ONLY else "statement_confirm"
            ),
        }
    )


def make_order(env, partner, parts, quantity, reference):
    """Return a confirmed order of each part."""
    order = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "client_order_ref": reference,
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": part.id,
                        "product_uom_qty": quantity,
                        "price_unit": part.lst_price,
                        "tax_ids": [(6, 0, part.taxes_id.ids)],
                    },
                )
                for part in parts
            ],
        }
    )
    order.action_confirm()
    return order


def deliver(env, order, quantities, note, day):
    """Ship ``{part: quantity}`` under one note; return the transfer."""
    picking = open_delivery(order)
    fill(picking, quantities)
    picking.rd_note = note
    picking._action_done()
    picking.date_done = datetime(day.year, day.month, day.day, 4)
    return picking


def open_delivery(order):
    """Return the transfer that is to be shipped next."""
    return order.picking_ids.filtered(
        lambda item: (
            item.state not in ("done", "cancel")
            and item.picking_type_code == "outgoing"
        )
    )[:1]


def fill(picking, quantities):
    """Enter what is shipped."""
    for move in picking.move_ids:
        move.quantity = quantities.get(move.product_id, 0.0)
        move.picked = bool(move.quantity)


def returned(env, picking, quantities, note, day):
    """Take ``{part: quantity}`` of a delivery back, quantities updated."""
    back = prepare_return(env, picking, quantities, note)
    back._action_done()
    back.date_done = datetime(day.year, day.month, day.day, 4)
    return back


def prepare_return(env, picking, quantities, note):
    """Return a transfer that takes ``{part: quantity}`` back, to be validated."""
    wizard = (
        env["stock.return.picking"]
        .with_context(active_id=picking.id, active_model="stock.picking")
        .create({})
    )
    for line in wizard.product_return_moves:
        line.quantity = quantities.get(line.product_id, 0.0)
        line.to_refund = True
    back = wizard._create_return()
    for move in back.move_ids:
        move.quantity = move.product_uom_qty
        move.picked = True
    back.rd_note = note
    return back


def hand_in_ledgers(env):
    """Hand in the ledger of every affiliate's oldest statement that waits for one.

    They agree with what we delivered, but for one piece of one affiliate.

    :return: how many were handed in
    """
    waiting = env["rd.statement"].search(
        [
            ("state", "=", "draft"),
            ("ledger_ids", "=", False),
            ("partner_id.rd_settlement_mode", "=", "statement_confirm"),
        ],
        order="partner_id, date_to, id",
    )
    served = env["res.partner"]
    for statement in waiting:
        if statement.partner_id in served:
            continue
        served |= statement.partner_id
        env["rd.ledger"].create(
            {
                "statement_id": statement.id,
                "file": base64.b64encode(ledger_text(statement).encode()),
                "filename": f"{statement.partner_id.name}.csv",
            }
        )
    return len(served)


def hand_in_and_say(env):
    """Hand in what can be handed in, and say how many that were."""
    print("HANDED IN", hand_in_ledgers(env))


def ledger_text(statement):
    """Return what the affiliate's own system says about a statement, as CSV."""
    short = statement.partner_id.name == f"Affiliate {SHORT}"
    rows = []
    for line in statement._lines().sorted(lambda item: (item.note, item.part)):
        quantity = line.quantity - (1 if short and not rows else 0)
        total = round(line.amount_total / line.quantity * quantity, 2)
        rows.append((line.date, line.note, line.part, quantity, total))
    lines = [",".join(str(cell) for cell in row) for row in rows]
    return "\n".join(["送货日期,送货单号,料号,数量,价税合计", *lines])
