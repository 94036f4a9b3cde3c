# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import fields, models


class IrCronProgress(models.Model):
    """What a run of a scheduled action has dealt with, for the run that goes on.

    Odoo starts an action that has not come to its end anew, from its first record. Of
    the runs since the last whole one each leaves out what those before it have done or
    tried today.
    """

    _inherit = "ir.cron.progress"

    rd_seen = fields.Json(
        string="Dealt with",
        readonly=True,
        help="Ids of the records by step, kind of record, company and its day.",
    )

    def _rd_get_turns(self, records, step):
        """Return ``{record: key of its turn}``; nothing where no action runs.

        The day is that of the company: what was done yesterday is due again.
        """
        if not self:
            return {}
        companies = self.env["rd.cron.incident"]._get_companies(records)
        keys = {}
        for company in set(companies.values()):
            day = (company or self.env.company)._rd_today()
            keys[company] = f"{step or ''} {records._name} {company.id or 0} {day}"
        return {record: keys[company] for record, company in companies.items()}

    def _rd_get_seen(self, records, turns):
        """Return those of the records that runs before this one have dealt with."""
        seen = defaultdict(set)
        for run in self._rd_get_cut_short():
            for key, ids in (run.rd_seen or {}).items():
                seen[key].update(ids)
        return records.filtered(lambda one: one.id in seen[turns.get(one)])

    def _rd_get_cut_short(self):
        """Return the runs before this one, back to the last that came to its end."""
        if not self:
            return self
        before = [("cron_id", "=", self.cron_id.id), ("id", "<", self.id)]
        whole = self.search([*before, ("remaining", "=", 0)], order="id desc", limit=1)
        return self.search([*before, ("id", ">", whole.id or 0)])

    def _rd_note_seen(self, records, turns):
        """Keep what this run has dealt with, failures included."""
        if not (self and records):
            return
        seen = defaultdict(list, self.rd_seen or {})
        for record in records:
            seen[turns[record]].append(record.id)
        self.rd_seen = dict(seen)
        self.env["ir.cron"]._commit_progress()
