# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from reportlab.graphics import renderSVG
from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import api, models


class RdDocumentPaper(models.AbstractModel):
    """Indexes and protocols of the register, once for the sheet and the workbook."""

    _name = "rd.document.paper"
    _description = "Index of the Register"
    _inherit = ["rd.paper"]

    @api.model
    def _prepare_index(self, record, title, documents, heads):
        """Return all that is printed of an index of papers."""
        company = record.company_id
        return {
            **self._prepare_sheet(record, title, company),
            "heads": [
                *heads,
                (self.env._("Papers"), str(len(documents))),
                (self.env._("Printed on"), company._rd_today().isoformat()),
            ],
            "columns": self._get_index_columns(),
            "rows": [
                {"line": number, **self._get_index_row(document)}
                for number, document in enumerate(documents, start=1)
            ],
        }

    @api.model
    def _prepare_sheet(self, record, title, company):
        return {
            "record": record,
            "title": title,
            "foot": "",
            "size": None,
            "landscape": True,
            "mark": "",
            "totals": [],
            "signs": [],
            "remarks": [],
            **self._get_common(company),
        }

    @api.model
    def _get_index_columns(self):
        column, env = self._column, self.env
        return [
            column("line", env._("No."), "number", 7),
            column("number", env._("Number"), "text", 20),
            column("kind", env._("Kind"), "text", 16),
            column("title", env._("Title"), "text", 40),
            column("partner", env._("Partner"), "text", 30),
            column("record", env._("Belongs to"), "text", 24),
            column("date", env._("Date"), "date", 16),
            column("version", env._("Version"), "unit", 11),
            column("place", env._("Place"), "text", 34),
            column("until", env._("Keep until"), "text", 18),
            column("state", env._("State"), "unit", 14),
        ]

    @api.model
    def _get_index_row(self, document):
        labels = {
            name: dict(document._fields[name]._description_selection(self.env))
            for name in ("kind", "state")
        }
        until = document.retain_until
        return {
            "number": document.name or "",
            "kind": labels["kind"].get(document.kind, ""),
            "title": document.title or "",
            "partner": document.partner_id.name or "",
            "record": document.res_name or "",
            "date": document.date,
            "version": document.version or "",
            "place": document.place_id.complete_name or self.env._("file only"),
            "until": until.isoformat() if until else self.env._("not decided"),
            "state": labels["state"].get(document.state, ""),
        }

    @api.model
    def _prepare_protocol(self, destruction):
        """Return all that is printed of a destruction list."""
        env, company = self.env, destruction.company_id
        methods = dict(destruction._fields["method"]._description_selection(env))
        done = destruction.done_date
        return {
            **self._prepare_sheet(
                destruction, env._("Protocol of destruction"), company
            ),
            "mark": "" if destruction.state == "done" else env._("DRAFT"),
            "heads": [
                (env._("List"), destruction.name),
                (env._("How"), methods.get(destruction.method, "")),
                (env._("Asked by"), destruction.asked_by_id.name or ""),
                (env._("Approved by"), destruction.approved_by_id.name or ""),
                (
                    env._("Destroyed on"),
                    company._rd_local_date(done).isoformat() if done else "",
                ),
                (env._("Witness"), destruction.witness or ""),
            ],
            "columns": self._get_protocol_columns(),
            "rows": [
                {"line": number, **row}
                for number, row in enumerate(destruction._get_protocol_rows(), start=1)
            ],
            "signs": [
                env._("Destroyed by"),
                env._("Witness"),
                env._("Approved by"),
                env._("Date"),
            ],
        }

    @api.model
    def _get_protocol_columns(self):
        column, env = self._column, self.env
        return [
            column("line", env._("No."), "number", 7),
            column("number", env._("Number"), "text", 20),
            column("kind", env._("Kind"), "text", 16),
            column("title", env._("Title"), "text", 40),
            column("paper_date", env._("Date"), "date", 16),
            column("kept_until", env._("Kept until"), "date", 16),
            column("place_name", env._("Place"), "text", 30),
            column("checksums", env._("Check sums"), "text", 60),
        ]

    @api.model
    def _get_qr(self, text):
        """Return a QR code of the text as an image that lies in the page itself."""
        drawing = createBarcodeDrawing("QR", value=text, width=300, height=300)
        svg = base64.b64encode(renderSVG.drawToString(drawing).encode())
        return f"data:image/svg+xml;base64,{svg.decode()}"
