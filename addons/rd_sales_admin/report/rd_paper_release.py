# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class RdPaper(models.AbstractModel):
    """The slip by which an order goes to a department."""

    _name = "rd.paper"
    _inherit = ["rd.paper"]

    @api.model
    def _prepare_release_slip(self, release):
        """Return all that is printed of a release slip; it bears no price."""
        lang = release.company_id.partner_id.lang
        self = self.with_context(lang=lang or self.env.lang)
        release = release.with_env(self.env)
        rows = [
            {
                "number": number,
                "part": line.part or "",
                "name": line.name,
                "uom": line.unit or "",
                "quantity": line.quantity,
                "remark": "",
            }
            for number, line in enumerate(release.line_ids, start=1)
        ]
        marks = {"draft": self.env._("DRAFT"), "cancelled": self.env._("CANCELLED")}
        return {
            "record": release,
            "title": self.env._("Order release"),
            "foot": release.name,
            "size": "A4",
            "landscape": False,
            "mark": marks.get(release.state, ""),
            "heads": self._get_release_heads(release),
            "columns": self._get_release_columns(),
            "rows": rows,
            "totals": [],
            "signs": [
                self.env._("Released by"),
                self.env._("Taken on by"),
                self.env._("Promised on"),
                self.env._("Date"),
            ],
            "remarks": self._get_release_remarks(release),
            **self._get_common(release.company_id),
        }

    @api.model
    def _get_release_heads(self, release):
        company = release.company_id
        released = release.released_date
        return [
            (self.env._("Slip no."), release.name),
            (
                self.env._("Released on"),
                company._rd_local_date(released).isoformat() if released else "",
            ),
            (self.env._("Department"), release.department_id.name or ""),
            (self.env._("Order"), release.order_name or ""),
            (self.env._("Customer"), release.partner_id.name or ""),
            (
                self.env._("Wanted on"),
                release.wanted_date.isoformat() if release.wanted_date else "",
            ),
            (
                self.env._("Promised on"),
                release.promised_date.isoformat() if release.promised_date else "",
            ),
            (self.env._("Released by"), release.released_by_id.sudo().name or ""),
        ]

    @api.model
    def _get_release_columns(self):
        column, env = self._column, self.env
        return [
            column("number", env._("No."), "number", 8),
            column("part", env._("Part number"), "text", 34),
            column("name", env._("Name and specification"), "text", 70),
            column("uom", env._("Unit"), "unit", 12),
            column("quantity", env._("Quantity"), "quantity", 20),
            column("remark", env._("Remarks"), "text", 46),
        ]

    @api.model
    def _get_release_remarks(self, release):
        drawings = ", ".join(release.drawing_ids.mapped("name"))
        texts = [self.env._("Drawings: %s", drawings)] if drawings else []
        return texts + (release.note or "").splitlines()
