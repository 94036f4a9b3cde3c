# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Projects that are being handed over: one accepted, one that lacks a drawing."""

from datetime import timedelta

from odoo import Command

_LINES = (
    ("tooling", "MJ-2201", "注塑模具本体", 1),
    ("document", "DWG-2201-A", "模具结构图 2D", 2),
    ("document", "DWG-2201-B", "模具结构图 3D 电子版", 1),
    ("accessory", "FJ-01", "吊环、定位圈", 4),
    ("material", "CL-07", "试模剩余材料", 25),
    ("gauge", "JJ-2201", "总成检具", 1),
)
_MISSING = "DWG-2201-B"
# (affiliate, their order, name of the project, contract price)
_PROJECTS = (
    ("A01", "PO-XM-2201", "前保险杠模具项目", 186000.0),
    ("A02", "PO-XM-2202", "仪表板夹具项目", 94000.0),
    ("A03", "PO-XM-2203", "座椅骨架专用设备", 258000.0),
)


def hand_over(desk):
    """Make three projects: accepted, waiting for a drawing, and just begun."""
    service = make_service(desk)
    handovers = [make(desk, service, *row) for row in _PROJECTS]
    accepted, waiting, begun = handovers
    for handover in (accepted, waiting):
        handover.action_start()
        lines = handover.line_ids
        if handover == waiting:
            lines = lines.filtered(lambda line: line.number != _MISSING)
        lines.action_receive()
        handover.action_send()
    desk.model("rd.handover.accept").create(
        {
            "handover_id": accepted.id,
            "channel": "phone",
            "who": "王工",
            "note": "电话确认，已收齐并试模合格",
        }
    ).action_accept()
    begun.action_start()
    fill_sheet(desk, accepted)
    desk.env.cr.commit()


def make_service(desk):
    """Return the service whose order lines are invoiced by handover."""
    taxes = desk.model("sale.order.line").search([("tax_ids", "!=", False)], limit=1)
    return (
        desk.env["product.product"]
        .with_context(lang="zh_CN")
        .create(
            {
                "name": "项目开发与移交",
                "default_code": "XM-01",
                "type": "service",
                "service_policy": "delivered_milestones",
                "service_tracking": "project_only",
                "taxes_id": [Command.set(taxes.tax_ids.ids)],
            }
        )
    )


def make(desk, service, affiliate, reference, name, price):
    """Return the handover of one project, made from its confirmed order."""
    partner = desk.masters.partners[affiliate]
    order = desk.env["sale.order"].create(
        {
            "partner_id": partner.id,
            "company_id": desk.company.id,
            "client_order_ref": reference,
            "rd_order_kind": "project",
            "order_line": [
                Command.create(
                    {
                        "product_id": service.id,
                        "product_uom_qty": 1,
                        "price_unit": price,
                    }
                )
            ],
        }
    )
    order.action_confirm()
    order.order_line.project_id.name = name
    return desk.model("rd.handover").create(
        {
            "company_id": desk.company.id,
            "order_id": order.id,
            "department": "工装部",
            "receiver": "王工",
            "date_due": desk.company._rd_today() + timedelta(days=2),
            "line_ids": [
                Command.create(
                    {
                        "handover_class": kind,
                        "number": number,
                        "name": text,
                        "qty_due": quantity,
                    }
                )
                for kind, number, text, quantity in _LINES
            ],
        }
    )


def fill_sheet(desk, handover):
    """Let sales say what it knows of one project."""
    price = handover.sale_line_id.price_unit
    handover.project_id.with_user(desk.masters.users["clerk"].id).write(
        {
            "rd_programme": "B-SUV 2027",
            "rd_yearly_qty": 120000,
            "rd_sop_date": desk.company._rd_today() + timedelta(days=200),
            "rd_quoted_price": 48.5,
            "rd_target_price": 45.0,
            "rd_contract_price": 46.2,
            "rd_tooling_price": price,
            "rd_salesperson_id": desk.masters.users["clerk"].id,
            "rd_stage_ids": [
                Command.create(
                    {
                        "stage": stage,
                        "planned_date": desk.company._rd_today() + timedelta(days=days),
                        "actual_date": desk.company._rd_today() + timedelta(days=days)
                        if days < 0
                        else False,
                    }
                )
                for stage, days in (("design", -90), ("trial", -20), ("pilot", 60))
            ],
        }
    )
