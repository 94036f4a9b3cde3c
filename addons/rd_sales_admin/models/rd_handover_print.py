# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdHandover(models.Model):
    """The handover list and the acceptance certificate, for sheet and workbook."""

    _name = "rd.handover"
    _inherit = ["rd.handover"]

    def _rd_prepare_paper(self):
        """Return all that is printed of the handover list, see ``rd.paper``."""
        return self._prepare_paper(certificate=False)

    def _rd_prepare_certificate(self):
        """Return all that is printed of the acceptance certificate."""
        return self._prepare_paper(certificate=True)

    def _prepare_paper(self, certificate):
        self.ensure_one()
        lang = self.partner_id.lang or self.company_id.partner_id.lang
        self = self.with_context(lang=lang or self.env.lang)
        env, paper = self.env, self.env["rd.paper"]
        done = self.state == "accepted"
        return {
            "record": self,
            "title": env._("Acceptance Certificate")
            if certificate
            else env._("Handover List"),
            "foot": self.name,
            "size": "A4 landscape",
            "landscape": True,
            "mark": "" if done or not certificate else env._("NOT ACCEPTED"),
            "heads": self._get_paper_heads(),
            "columns": self._get_paper_columns(certificate),
            "rows": self._get_paper_rows(),
            "totals": [],
            "signs": [
                env._("Handed over by (seal)"),
                env._("Received by (seal)"),
                env._("Department"),
                env._("Date"),
            ],
            "remarks": self._get_certificate_remarks() if certificate else [],
            **paper._get_common(self.company_id),
        }

    def _get_paper_heads(self):
        env, order, company = self.env, self.order_id, self.company_id
        accepted = self.confirmed_date
        return [
            (env._("Number"), self.name),
            (env._("Date"), str(self.date_due)),
            (env._("Received by"), self.partner_id.name),
            (env._("Handed over by"), company.name),
            (env._("Order"), order.name),
            (env._("Their order"), order.client_order_ref or ""),
            (env._("Project"), self.project_id.sudo().name or ""),
            (env._("Place"), self.place or ""),
            (env._("Department / person"), self._get_receiver()),
            (
                env._("Accepted on"),
                str(company._rd_local_date(accepted)) if accepted else "",
            ),
        ]

    def _get_receiver(self):
        return " / ".join(filter(None, (self.department, self.receiver)))

    def _get_paper_columns(self, certificate):
        column, env = self.env["rd.paper"]._column, self.env
        columns = [
            column("no", env._("No."), "number", 8),
            column("kind", env._("Class"), "text", 16),
            column("number", env._("Number / drawing"), "text", 24),
            column("name", env._("Name and specification"), "text", 46),
            column("version", env._("Version"), "text", 12),
            column("quantity", env._("To be handed over"), "quantity", 12),
            column("received", env._("Received"), "quantity", 12),
            column("uom", env._("Unit"), "unit", 10),
            column("condition", env._("Condition"), "text", 16),
            column("ownership", env._("Ownership"), "text", 14),
            column("place", env._("Stored at"), "text", 18),
            column("priced", env._("Priced"), "unit", 10),
        ]
        if certificate:
            return [*columns, column("verdict", env._("Acceptance"), "text", 16)]
        return [
            *columns,
            column("receiver", env._("Received by"), "text", 20),
            column("remark", env._("Remarks"), "text", 22),
        ]

    def _get_paper_rows(self):
        """Return the rows, class by class in the order of the classes."""
        names = ("handover_class", "condition", "ownership", "verdict")
        line_fields = self.env["rd.handover.line"]._fields
        labels = {
            name: dict(line_fields[name]._description_selection(self.env))
            for name in names
        }
        order = list(labels["handover_class"])
        lines = self.line_ids.sorted(
            lambda line: (order.index(line.handover_class), line.sequence, line.id)
        )
        return [
            {"no": number, **line._prepare_row(labels)}
            for number, line in enumerate(lines, start=1)
        ]

    def _get_certificate_remarks(self):
        if self.state != "accepted":
            return []
        labels = dict(
            self._fields["confirmation_channel"]._description_selection(self.env)
        )
        return [
            self.env._(
                "%(partner)s, %(who)s, accepted all classes on %(day)s (%(how)s); "
                "revision %(revision)s, %(hash)s.",
                partner=self.partner_id.name,
                who=self.confirmed_by,
                day=self.company_id._rd_local_date(self.confirmed_date),
                how=labels[self.confirmation_channel],
                revision=self.revision,
                hash=(self.content_hash or "")[:16],
            )
        ]
