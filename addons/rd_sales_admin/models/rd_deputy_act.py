# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdDeputyAct(models.Model):
    """One thing a deputy did for the clerk: who, for whom, when, on which record.

    The system writes these by itself and nobody changes them. On the record itself
    ``create_uid`` and ``write_uid`` stay the deputy.
    """

    _name = "rd.deputy.act"
    _description = "Done by a Deputy"
    _inherit = ["rd.guarded.mixin"]
    _order = "date desc, id desc"
    _rec_name = "name"

    handover_id = fields.Many2one(
        "rd.deputy", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    user_id = fields.Many2one("res.users", string="By", required=True, index=True)
    for_user_id = fields.Many2one("res.users", string="For", required=True, index=True)
    date = fields.Datetime(required=True)
    name = fields.Char(string="Record")
    what = fields.Char(required=True)
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)

    _record_idx = models.Index("(res_model, res_id)")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        raise UserError(self.env._("What a deputy did is not deleted."))

    @api.model
    def _log(self, records, what):
        """Write down that the present user did ``what`` to records, if he is a deputy.

        :param str what: what a person reads
        """
        # A deputy has no right to write here; the row says what he did.
        self.sudo()._as_internal().create(
            [
                {
                    "handover_id": item.id,
                    "company_id": item.company_id.id,
                    "user_id": self.env.uid,
                    "for_user_id": item.user_id.id,
                    "date": fields.Datetime.now(),
                    "name": record.sudo().display_name,
                    "what": what,
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for item in self.env.user._rd_get_handovers()
                for record in records
            ]
        )

    @api.model
    def _get_actors(self, record):
        """Return the deputies who had a hand in a record."""
        acts = self.sudo().search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        )
        return acts.user_id.sudo(False)

    def action_open_record(self):
        """Open what was worked on.

        :raise UserError: when it is no longer there
        """
        self.ensure_one()
        self.check_access("read")
        if self.res_model not in self.env:
            raise UserError(self.env._("%(name)s is no longer there.", name=self.name))
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("%(name)s is no longer there.", name=self.name))
        return record._get_records_action()
