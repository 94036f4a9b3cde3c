# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the cockpit shows beside the months: a pause, and that everything runs."""

PAUSED = "A10"


def pause_one(desk):
    """The clerk halts the automatic close of one affiliate and says why."""
    close = desk.model("rd.close").search([("state", "=", "open")], order="month")[:1]
    partner = close.step_ids.partner_id.filtered(lambda one: one.ref == PAUSED)
    close.action_pause("对方正在年中盘点，月底前不收对账单。", partner.id)
    desk.env["rd.cron.incident"]._cron_look()
