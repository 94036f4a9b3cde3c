# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models, tools


class ResUsers(models.Model):
    """Rights that are lent to a deputy, for as long as the calendar says.

    Odoo keeps a user's groups in a cache by user. A deputy's groups change with the
    clock, so they are never put into that cache: the groups of his own are kept, and
    the lent ones are added each time somebody asks, if the moment lies in one of the
    kept spans. What Odoo derives from the groups and keeps by user (allowed models,
    domains of the record rules, menus) is kept by user *and* lent groups instead.
    """

    _name = "res.users"
    _inherit = ["res.users"]

    rd_sits_in_for_ids = fields.Many2many(
        "res.users",
        string="Sits in for",
        compute="_compute_rd_sits_in_for_ids",
        compute_sudo=True,
        help="The clerks for whom the user is deputy at this moment.",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_rd_sits_in_for_ids(self):
        for user in self:
            user.rd_sits_in_for_ids = user._rd_get_handovers().user_id

    def _get_group_ids(self):
        """Add the lent groups to the user's own."""
        own = self._rd_get_own_group_ids()
        lent = self._rd_get_lent_group_ids()
        return own + tuple(group for group in lent if group not in own)

    @tools.ormcache("self.id")
    def _rd_get_own_group_ids(self):
        """Return the ids of the groups that are the user's own."""
        self.ensure_one()
        return self.sudo().group_ids.all_implied_ids._ids

    @api.depends_context("allowed_company_ids")
    def _compute_all_group_ids(self):
        res = super()._compute_all_group_ids()
        for user in self:
            if lent := user._rd_get_lent_group_ids():
                user.all_group_ids |= self.env["res.groups"].browse(lent)
        return res

    def _rd_get_lent_group_ids(self):
        """Return the ids of the groups lent at this moment, mostly none."""
        if self._rd_get_deputy_spans():
            return self.env["rd.deputy"]._get_lent_group_ids()
        return ()

    def _rd_get_deputy_spans(self):
        """Return the spans of time in which the user is a deputy right now.

        None at all while a company is switched on in which he is no deputy: so the
        lent rights never reach beyond the company they were lent for.
        """
        user_id = self._origin.id
        # while models are being loaded nothing is lent to anybody
        if not user_id or not self.pool.ready:
            return ()
        spans = self.env["rd.deputy"]._get_spans().get(user_id)
        if not spans:
            return ()
        now = fields.Datetime.now()
        spans = tuple(span for span in spans if span.start <= now < span.end)
        companies = self.env.context.get("allowed_company_ids") or (
            self._origin.sudo()._get_company_ids()
        )
        if set(companies) <= {span.company_id for span in spans}:
            return spans
        return ()

    def _rd_get_handovers(self):
        """Return the ``rd.deputy`` records by which the user sits in right now."""
        return (
            self.env["rd.deputy"]
            .sudo()
            .browse(span.deputy_id for span in self._rd_get_deputy_spans())
        )

    def _rd_has_own_group(self, group_ext_id):
        """Tell whether the user has the group without anything lent to him."""
        self.ensure_one()
        group_id = self.env["res.groups"]._get_group_definitions().get_id(group_ext_id)
        return group_id in self._rd_get_own_group_ids()

    def _rd_get_responsible(self):
        """Return who is responsible for what the user makes: the clerk he sits in
        for, so that it is the clerk's own when the time is over."""
        return self._rd_get_handovers()[:1].user_id or self
