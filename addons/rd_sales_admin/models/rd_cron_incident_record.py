# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class RdCronIncident(models.Model):
    """A scheduled action went through, but failed for some of its records.

    The incident ends when a later run has failed for none.
    """

    _name = "rd.cron.incident"
    _inherit = ["rd.cron.incident"]

    res_model = fields.Char(string="Model that failed", groups="base.group_system")
    res_id = fields.Many2oneReference(
        string="Record that failed",
        model_field="res_model",
        groups="base.group_system",
    )
    run_id = fields.Integer(string="Last run that failed", groups="base.group_system")
    record_name = fields.Char(
        string="Failed for",
        compute="_compute_record_name",
        help="The last one it failed for; what the server knows is in its log.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for incident in self:
            record = incident._get_record()
            incident.record_name = record.display_name if record else False

    def _get_record(self):
        """Return what it failed for, if the user may see it, else None."""
        # The incident is everybody's; the record has rules of its own.
        model, res_id = self.sudo().res_model, self.sudo().res_id
        if not model or model not in self.env:
            return None
        return self.env[model].browse(res_id).exists()._filtered_access("read")

    def action_open_record(self):
        """Open what it failed for."""
        self.ensure_one()
        self.check_access("read")
        record = self._get_record()
        return record.get_formview_action() if record else False

    @api.model
    def _note_record(self, record):
        """Note that the scheduled action which runs now failed for a record."""
        cron = self.env["ir.cron"].sudo().browse(self.env.context.get("cron_id"))
        if not cron:
            return
        try:
            with self.env.cr.savepoint():
                self.sudo()._as_internal()._keep_record(cron, record)
        except Exception:
            # Whatever keeps it from being told keeps no other record back.
            _logger.exception("The failure of %s could not be noted", cron.name)

    def _keep_record(self, cron, record):
        now = fields.Datetime.now()
        values = {
            "res_model": record._name,
            "res_id": record.id,
            "run_id": self.env.context.get("ir_cron_progress_id"),
        }
        known = self.search(
            [
                ("cron_id", "=", cron.id),
                ("kind", "=", "record"),
                ("ended_date", "=", False),
            ]
        )
        if known:
            known.write(values)
            return
        health = self.env["rd.cron.health"].browse(cron.id)
        self.create({**self._prepare_incident(health, "record", now), **values})._tell()

    def _get_run_well(self):
        """Return those whose scheduled action has run for all since."""
        well = self.browse()
        for incident in self.filtered(lambda one: one.kind == "record"):
            later = self.env["ir.cron.progress"].search(
                [
                    ("cron_id", "=", incident.cron_id.id),
                    ("id", ">", incident.run_id),
                    ("remaining", "=", 0),
                ],
                order="id desc",
                limit=1,
            )
            ended = incident.cron_id.lastcall
            # The end of a run is kept in whole seconds.
            if later and ended and later.create_date.replace(microsecond=0) <= ended:
                well |= incident
        return well
