# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .rd_approval import SUPERVISOR

# The action that looks runs each hour; a gap of more than two is a downtime.
GAP = timedelta(hours=2)
KINDS = {"2_late": "late", "3_failed": "failed", "4_off": "off"}
TODO = "mail.mail_activity_data_todo"


class RdCronIncident(models.Model):
    """One time that a scheduled action of the desk was late, failed or was off.

    Where an action goes through many records, each one that fails has an incident of
    its own: the action goes on with the others and counts as run. A customer of two
    companies has one for each company in which he fails, and a company one for each
    step of the action that fails for it.

    Told to each supervisor once, and ended by itself when all is well again. Who
    looks is a scheduled action, too: the one that runs the months looks after it.
    """

    _name = "rd.cron.incident"
    _description = "Incident of a Scheduled Action"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.guarded.mixin"]
    _order = "ended_date desc nulls first, found_date desc, id desc"
    # Who may read an incident may end the reminder of it.
    _mail_post_access = "read"

    name = fields.Char(string="Scheduled action", required=True)
    cron_id = fields.Many2one(
        "ir.cron",
        required=True,
        index=True,
        ondelete="cascade",
        groups="base.group_system",
    )
    kind = fields.Selection(
        [
            ("late", "Late"),
            ("failed", "Failed"),
            ("off", "Switched off"),
            ("down", "Nothing ran"),
        ],
        required=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Company of the record that failed; empty: the whole database.",
    )
    res_model = fields.Char(string="Kind of record")
    res_id = fields.Many2oneReference(string="Record no.", model_field="res_model")
    step = fields.Selection(
        [
            ("find", "Finding what is to do"),
            ("papers", "Papers that are needed"),
            ("remind", "Reminding of papers"),
            ("review", "Reviews of procedures"),
            ("check", "Checks of the boxes"),
        ],
        help="What failed, where an action has several steps for the same record.",
    )
    run_no = fields.Integer(
        string="Last failed in run no.", help="Run of the action in which it was seen."
    )
    since = fields.Datetime(required=True)
    found_date = fields.Datetime(string="Found on", required=True)
    ended_date = fields.Datetime(string="Well again on", help="Empty: it is still so.")

    _open_once = models.UniqueIndex(
        "(cron_id, kind, COALESCE(res_model, ''), COALESCE(res_id, 0), "
        "COALESCE(company_id, 0), COALESCE(step, '')) WHERE ended_date IS NULL",
        "This incident is known already.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("An incident stays on record."))

    @api.depends("name", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for incident in self:
            incident.display_name = f"{incident.name}: {labels.get(incident.kind)}"

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------
    @api.model
    def _cron_look(self):
        """Note what became bad, tell it, and end what is well again."""
        self._note_downtime()
        self._look()

    @api.model
    def _look(self):
        """Compare what is bad now with the incidents that are open.

        Runs as the system: incidents belong to the whole database.
        """
        incidents = self.sudo()._as_internal()
        bad = incidents._find_bad()
        incidents._find_run_well()._end()
        opened = incidents.search(
            [("ended_date", "=", False), ("res_model", "=", False)]
        )
        known = {(one.cron_id.id, one.kind) for one in opened}
        new = incidents.create(
            [
                incidents._prepare_incident(health, kind, since)
                for (cron_id, kind), (health, since) in bad.items()
                if (cron_id, kind) not in known
            ]
        )
        new._tell()
        gone = opened.filtered(
            lambda one: one.kind != "down" and (one.cron_id.id, one.kind) not in bad
        )
        (gone | incidents._get_caught_up(opened))._end()

    def _find_bad(self):
        """Return ``{(action id, kind): (health, since)}``.

        After a downtime nothing is late before the scheduler has had its time.
        """
        restart = self.search([("kind", "=", "down")], limit=1, order="id desc")
        soonest = (restart.found_date or fields.Datetime.now() - GAP) + GAP
        is_fresh = bool(restart) and fields.Datetime.now() < soonest
        return {
            (health.id, KINDS[health.state]): (health, health.since)
            for health in self.env["rd.cron.health"].search([("state", "!=", "1_well")])
            if not (is_fresh and health.state == "2_late")
            # Records that failed have incidents of their own.
            and (health.state != "3_failed" or health.failure_count)
        }

    def _prepare_incident(self, health, kind, since):
        now = fields.Datetime.now()
        return {
            "name": health.name,
            "cron_id": health.id,
            "kind": kind,
            "since": since or now,
            "found_date": now,
        }

    @api.model
    def _note_downtime(self):
        """Note that nothing ran at all for hours: the server stood still."""
        own = self.env.ref("rd_sales_admin.ir_cron_health", raise_if_not_found=False)
        if not own or not own.sudo().lastcall:
            return
        last = own.sudo().lastcall
        now = fields.Datetime.now()
        others = self.env["rd.cron.health"].sudo().search([("id", "!=", own.id)])
        ran = any(one.lastcall and one.lastcall > last + GAP for one in others)
        incidents = self.sudo()._as_internal()
        is_known = incidents.search_count(
            [("kind", "=", "down"), ("ended_date", "=", False)]
        )
        if now - last <= GAP or ran or is_known:
            return
        health = self.env["rd.cron.health"].sudo().browse(own.id)
        incidents.create(incidents._prepare_incident(health, "down", last))._tell()

    def _get_caught_up(self, opened):
        """Return the downtimes after which nothing is behind any more."""
        down = opened.filtered(lambda one: one.kind == "down")
        return down if down and not self._count_behind() else self.browse()

    @api.model
    def _count_behind(self):
        """Return how many actions have not run since their time, or not to the end."""
        return (
            self.env["rd.cron.health"]
            .sudo()
            .search_count(
                [
                    ("is_active", "=", True),
                    "|",
                    ("nextcall", "<", fields.Datetime.now() - timedelta(minutes=5)),
                    ("remaining", ">", 0),
                ]
            )
        )

    def _end(self):
        self.write({"ended_date": fields.Datetime.now()})
        self.activity_ids.action_feedback(feedback=self.env._("Well again."))

    @api.model
    def _note_switched_on(self, healths):
        """Write down who switched these actions on again."""
        opened = self.sudo().search(
            [
                ("cron_id", "in", healths.ids),
                ("kind", "=", "off"),
                ("ended_date", "=", False),
            ]
        )
        for incident in opened:
            incident.with_user(self.env.user).message_post(
                body=self.env._("Switched on again.")
            )
        opened._as_internal()._end()

    # ------------------------------------------------------------------
    # Records that fail inside a run
    # ------------------------------------------------------------------
    @api.model
    def _get_failing(self, records, step=False):
        """Return ``{record: its open incident}`` of those of the records that failed
        in this step of the action, for the company it works for, and still do."""
        found = self._find_failures(
            [
                *(("res_model", "=", records._name), ("res_id", "in", records.ids)),
                ("step", "=", step),
            ]
        )
        by_key = found.grouped(lambda one: (one.res_id, one.company_id))
        ids = set(found.mapped("res_id"))
        again = records.filtered(lambda one: one.id in ids)
        companies = self._get_companies(again)
        keys = {record: (record.id, companies[record]) for record in again}
        return {record: by_key[key] for record, key in keys.items() if key in by_key}

    @api.model
    def _keep_open(self, incidents):
        """Note that these failed in a run that this one goes on with: they are not
        met again in it, and not well for that."""
        run = self.env.context.get("ir_cron_progress_id", 0)
        for incident in filter(None, incidents):
            incident.write({"run_no": run})

    @api.model
    def _find_failures(self, domain):
        """Return the open incidents of records in the action that runs now."""
        return (
            self.sudo()
            ._as_internal()
            .search(
                [
                    ("cron_id", "=", self.env.context.get("cron_id", 0)),
                    ("kind", "=", "failed"),
                    ("ended_date", "=", False),
                    *domain,
                ]
            )
        )

    @api.model
    def _note_failure(self, record, step=False):
        """Note that the action that runs now failed for a record; told once.

        Nothing is noted where no scheduled action runs: a person sees the fault.
        """
        health = self.env["rd.cron.health"].sudo()
        health = health.browse(self.env.context.get("cron_id")).exists()
        if not health:
            return
        run = {"run_no": self.env.context.get("ir_cron_progress_id", 0)}
        if known := self._get_failing(record, step).get(record):
            known.write(run)
            return
        values = {
            **self._prepare_incident(health, "failed", False),
            **self._prepare_failure(health.name, record),
            **run,
            "step": step,
        }
        self.sudo()._as_internal().create(values)._tell()

    def _prepare_failure(self, name, record):
        """Return what tells a failed record from the action as a whole."""
        company = self._get_companies(record)[record]
        ref, record = record.id, record.sudo().exists()
        return {
            "name": self.env._(
                "%(action)s: %(record)s",
                action=name,
                record=record.display_name or record._description,
            ),
            "company_id": company.id,
            "res_model": record._name,
            "res_id": ref,
        }

    @api.model
    def _get_companies(self, records):
        """Return ``{record: company for which the action goes through it, if any}``."""
        companies = self.env["res.company"].sudo()
        # Who goes through the partners of a company says so by the context.
        is_told = records.env.context.get("allowed_company_ids")
        scope = companies.browse(records.env.company.id if is_told else None)
        if records._name == companies._name:
            return {record: companies.browse(record.id) for record in records}
        own = {}
        if "company_id" in records._fields:
            there = records.sudo().exists()
            own = {record.id: record.company_id for record in there}
        return {
            record: companies.browse(own[record.id].id) if own.get(record.id) else scope
            for record in records
        }

    def _find_run_well(self):
        """Return the failures of records that a later run did not meet any more.

        What runs at this moment has not come to its end, whatever it says of it; what
        stopped with a fault has told nothing of its records.
        """
        failures = self.search([("ended_date", "=", False), ("res_model", "!=", False)])
        failures &= failures._get_at_rest()
        last = dict(
            self.env["ir.cron.progress"]
            .sudo()
            ._read_group(
                [("cron_id", "in", failures.cron_id.ids), ("remaining", "=", 0)],
                ["cron_id"],
                ["id:max"],
            )
        )
        return failures.filtered(lambda one: last.get(one.cron_id, 0) > one.run_no)

    def _get_at_rest(self):
        """Return the incidents of actions that do not run now and did not fail."""
        crons = self.cron_id.filtered(lambda cron: not cron.failure_count)
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM ir_cron WHERE id = ANY(%s) FOR SHARE SKIP LOCKED",
                crons.ids,
            )
        )
        resting = {row[0] for row in rows}
        return self.filtered(lambda one: one.cron_id.id in resting)

    def action_open_record(self):
        """Open the record that failed."""
        self.ensure_one()
        self.check_access("read")
        if not self.res_model:
            raise UserError(
                self.env._("%(name)s is about no single record.", name=self.name)
            )
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(
                self.env._("%(name)s is not there any more.", name=self.name)
            )
        record.check_access("read")
        return record._get_records_action()

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------
    def _tell(self):
        """Remind each supervisor, once per incident; Odoo mails it as he wants it."""
        users = self.env.ref(SUPERVISOR).all_user_ids
        for user in users.filtered(lambda one: one.active and not one.share):
            for incident in self:
                if incident.company_id and incident.company_id not in user.company_ids:
                    continue
                incident.activity_schedule(
                    TODO,
                    date_deadline=user.company_id._rd_today(),
                    user_id=user.id,
                    summary=incident.with_context(lang=user.lang).display_name,
                )
