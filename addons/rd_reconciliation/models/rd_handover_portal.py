# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

HANDOVER_FILTERS = {
    "open": fields.Domain("state", "in", ("sent", "disputed")),
    "done": fields.Domain("state", "=", "accepted"),
    "all": fields.Domain.TRUE,
}


class RdHandover(models.Model):
    """The handovers an affiliate sees on the portal, and accepts class by class.

    Portal users have no access to handovers; what they see here is looked up for
    them, within their own affiliate, and only what was sent.
    """

    _name = "rd.handover"
    _inherit = ["rd.handover"]

    @api.model
    def _get_handover_domain(self, filterby=None, search=""):
        """Return the domain of what was sent to this user's affiliate.

        Nothing for anybody without a role on the portal.
        """
        user = self.env.user
        ours = user.commercial_partner_id.id
        if not self.env["rd.statement"]._get_portal_role():
            return fields.Domain.FALSE
        domain = fields.Domain(
            [
                ("partner_id.commercial_partner_id", "=", ours),
                ("state", "in", ("sent", "disputed", "accepted")),
                ("company_id", "in", user.company_ids.ids),
            ]
        )
        domain &= HANDOVER_FILTERS.get(filterby, HANDOVER_FILTERS["all"])
        for word in (search or "").split()[:5]:
            names = ("name", "order_id.client_order_ref", "line_ids.number")
            domain &= fields.Domain.OR(
                [fields.Domain(name, "ilike", word) for name in names]
            )
        return domain

    @api.model
    def _find_handovers(self, domain, **kwargs):
        """Return handovers by a domain of ``_get_handover_domain``, as the system."""
        return self.sudo().search(domain, order="date_due desc, id desc", **kwargs)

    @api.model
    def _count_handovers(self, domain):
        return 0 if domain.is_false() else self.sudo().search_count(domain)

    @api.model
    def _find_handover(self, handover_id):
        """Return one handover of this user's affiliate as the system, or none."""
        domain = self._get_handover_domain()
        return self._find_handovers(domain & fields.Domain("id", "=", handover_id))

    @api.model
    def _get_handover_filters(self):
        return {
            "open": {"label": self.env._("To accept")},
            "done": {"label": self.env._("Accepted")},
            "all": {"label": self.env._("All")},
        }

    # ------------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------------
    @api.model
    def _portal_answer(self, handover_id, decision, values, ip_address=None):
        """Take what a signed-in person of the affiliate says to a handover.

        :param decision: accept, scan, dispute or withdraw
        :param dict values: revision and content_hash of what was seen; for accept
            ``kind`` (a class, or nothing for all), for scan ``file`` (base64) and
            ``file_name`` of the stamped list, else ``line`` and ``reason``
        :raise AccessError: for a handover that is not there or not theirs
        """
        handover = self._find_handover(handover_id)
        if not handover:
            raise AccessError(self.env._("This handover is not yours to answer."))
        user = self.env.user
        source = handover._prepare_source(
            "portal",
            user.name,
            values.get("revision"),
            values.get("content_hash"),
            user_id=user.id,
            ip_address=(ip_address or "")[:64] or False,
        )
        if decision == "accept":
            kind = values.get("kind")
            handover._take_acceptance(source, [kind] if kind else None)
        elif decision == "scan":
            handover._take_scan(source, values.get("file_name"), values.get("file"))
        elif decision == "dispute":
            line = handover._find_portal_line(values.get("line"))
            handover._take_dispute(source, line, values.get("reason"))
        elif decision == "withdraw":
            line = handover._find_portal_line(values.get("line"))
            handover._take_withdrawal(source, line)
        else:
            raise UserError(self.env._("Accept, or say what is wrong."))
        return handover

    def _take_scan(self, source, name, text):
        """Accept everything by a stamped scan that the other side hands in itself.

        :param name: name of the file
        :param text: its content, base64
        :raise UserError: for what is no photo or PDF, or when something is missing
        """
        self.ensure_one()
        name = str(name or "scan")[:200]
        data = self.env["rd.statement"]._decode_file(text)
        self.env["rd.handover.line"]._check_photo(name, data)
        paper = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {"name": name, "raw": data, "res_model": self._name, "res_id": self.id}
            )
        )
        self._take_acceptance(
            {**source, "channel": "scan", "attachment_ids": paper.ids}
        )

    def _find_portal_line(self, line_id):
        line = self.line_ids.filtered(lambda one: one.id == line_id)
        if not line:
            raise UserError(
                self.env._("This line is not on %(handover)s.", handover=self.name)
            )
        return line

    def _prepare_portal_classes(self):
        """Return the classes of the page: (status, lines), in their order."""
        self.ensure_one()
        return [
            (
                status,
                self.line_ids.filtered(
                    lambda line, status=status: line.handover_class == status["code"]
                ),
            )
            for status in self._get_class_status()
        ]

    def _render_handover(self, kind):
        """Return the bytes of a paper, made as the system: ``list.pdf`` and others."""
        self.ensure_one()
        names = {
            "list.pdf": "report_handover",
            "list.xlsx": "handover_xlsx",
            "certificate.pdf": "report_handover_certificate",
            "certificate.xlsx": "handover_certificate_xlsx",
        }
        reports = self.with_user(SUPERUSER_ID).env["ir.actions.report"]
        return reports._render(f"rd_sales_admin.{names[kind]}", self.ids)[0]
