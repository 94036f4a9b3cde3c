# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdHandoverLine(models.Model):
    """A row of the papers."""

    _name = "rd.handover.line"
    _inherit = ["rd.handover.line"]

    def _prepare_row(self, labels):
        self.ensure_one()
        when = self.received_date
        day = str(self.company_id._rd_local_date(when)) if when else ""
        return {
            "kind": labels["handover_class"][self.handover_class],
            "number": self.number or "",
            "name": self.name,
            "version": self.version or "",
            "quantity": self.qty_due,
            "received": self.qty_received,
            "uom": self.uom_id.name or "",
            "condition": labels["condition"].get(self.condition, ""),
            "ownership": labels["ownership"][self.ownership],
            "place": self.place or "",
            "priced": "✓" if self.priced else "",
            "verdict": labels["verdict"][self.verdict],
            "receiver": " ".join(filter(None, (self.received_by, day))),
            "remark": " ".join(filter(None, (self.note, self.dispute_reason))),
        }
