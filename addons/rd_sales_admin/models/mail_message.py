# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, models


class MailMessage(models.Model):
    """What a deputy writes says for whom, on every record that has a chatter."""

    _name = "mail.message"
    _inherit = ["mail.message"]

    @api.model_create_multi
    def create(self, vals_list):
        handovers = self.env.user._rd_get_handovers()
        own = self.env.user.partner_id.id
        noted = [
            vals
            for vals in vals_list
            if handovers
            and vals.get("model")
            and vals.get("res_id")
            and vals.get("author_id", own) == own
        ]
        names = ", ".join(handovers.user_id.mapped("name"))
        for vals in noted:
            vals["body"] = Markup("%s<p>%s</p>") % (
                vals.get("body") or "",
                self.env._("(for %(names)s)", names=names),
            )
        messages = super().create(vals_list)
        if noted:
            messages._rd_log_acts(own)
        return messages

    def _rd_log_acts(self, author_id):
        """Write down what core's own records tell: orders, transfers, invoices."""
        for message in self:
            model = self.env.get(message.model)
            if model is None or message.author_id.id != author_id:
                continue
            # What is changed on our own records is written down by their guards.
            guarded = isinstance(model, self.env.registry["rd.guarded.mixin"])
            if guarded and message.message_type != "comment":
                continue
            record = model.browse(message.res_id)
            what = message.subtype_id.sudo().name or message.preview or "-"
            self.env["rd.deputy.act"]._log(record, what)
