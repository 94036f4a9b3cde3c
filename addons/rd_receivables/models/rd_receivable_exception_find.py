# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import timedelta

from odoo import api, models

from .rd_receivable_exception import LIVE

# Rules that say less than others: what another one has found is left to it.
GENERAL = ("short", "silence", "overdue")


class RdReceivableException(models.Model):
    """How exceptions come and go by themselves with the facts."""

    _name = "rd.receivable.exception"
    _inherit = ["rd.receivable.exception"]

    @api.model
    def _cron_sync(self):
        """Find and close exceptions; each customer is a transaction of its own."""
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        crons = self.env["ir.cron"]
        found = crons._rd_find_each(
            companies, lambda company: self._in_company(company)._get_concerned(company)
        )
        for company, partners in found.items():
            own = self._in_company(company)
            crons._rd_run_each(
                partners,
                lambda partner, own=own, company=company: own._sync(company, partner),
            )
            crons._rd_run_each(company, own._escalate)

    @api.model
    def _in_company(self, company):
        return self.with_company(company).with_context(
            lang=company.partner_id.lang or self.env.lang
        )

    @api.model
    def _get_concerned(self, company):
        """Return the customers of whom the rules find something, or found it."""
        rules = self.env["rd.receivable.rule"]._ensure(company)
        found = {fact.partner_id for rule in rules for fact in rule._find_facts()}
        live = self.search([("company_id", "=", company.id), ("state", "in", LIVE)])
        stops = self.env["rd.delivery.stop"].sudo()
        stops = stops.search(
            [("company_id", "=", company.id), ("lifted_date", "=", False)]
        )
        known = set((live.partner_id | stops.partner_id).ids)
        return self.env["res.partner"].browse(sorted(found | known))

    @api.model
    def _sync(self, company, partners):
        """Bring the exceptions of these customers up to date with the facts."""
        rules = self.env["rd.receivable.rule"]._ensure(company)
        live = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.ids),
                ("state", "in", LIVE),
            ]
        )
        for rule in rules:
            own = live.filtered(lambda record, code=rule.code: record.code == code)
            live |= own._sync_rule(rule, partners, live)
        off = live.filtered(lambda record: record.code not in rules.mapped("code"))
        off._forget(off.item_ids.filtered("live"), self.env._("The rule is off"))
        stops = self.env["rd.delivery.stop"].sudo()
        stops._get_stops(company, partners)._ask_where_settled()

    def _sync_rule(self, rule, partners, live):
        """Follow one rule; ``self`` are its live exceptions. Return the new ones."""
        facts = {(fact.model, fact.res_id): fact for fact in rule._find_facts(partners)}
        known = {
            (item.res_model, item.res_id): item
            for item in self.item_ids.filtered("live")
        }
        gone = [item.id for key, item in known.items() if key not in facts]
        self._forget(self.item_ids.browse(gone))
        for key in known.keys() & facts.keys():
            known[key]._as_internal().write(self._prepare_item(facts[key]))
        self._sum_up()
        fresh = [fact for key, fact in facts.items() if key not in known]
        fresh = self._leave_out(rule, fresh, live)
        return self._raise_for(rule, fresh)

    @api.model
    def _leave_out(self, rule, facts, live):
        """Return the facts that somebody has to look at now.

        What was handled lately waits; what a more telling rule has found is its.
        """
        if not facts:
            return []
        again = rule.company_id._rd_today() - timedelta(days=rule.again_days)
        handled = (
            self.env["rd.receivable.exception.item"]
            .sudo()
            .search(
                [
                    ("company_id", "=", rule.company_id.id),
                    ("code", "=", rule.code),
                    ("res_id", "in", [fact.res_id for fact in facts]),
                    ("exception_id.state", "=", "done"),
                    ("exception_id.done_date", ">", again),
                ]
            )
        )
        taken = {(item.res_model, item.res_id) for item in handled}
        if rule.code in GENERAL:
            others = live.filtered(lambda record: record.code != rule.code)
            taken |= {
                (item.res_model, item.res_id)
                for item in others.item_ids.filtered("live")
            }
        return [fact for fact in facts if (fact.model, fact.res_id) not in taken]

    # ------------------------------------------------------------------
    # Coming
    # ------------------------------------------------------------------
    def _raise_for(self, rule, facts):
        """Put new facts on what is still to decide, else on a new exception."""
        groups = defaultdict(list)
        for fact in facts:
            groups[fact.partner_id, fact.currency_id].append(fact)
        made = self.browse()
        for (partner_id, currency_id), some in groups.items():
            record = self.filtered(
                lambda one, key=(partner_id, currency_id): (
                    one.state == "open"
                    and (one.partner_id.id, one.currency_id.id) == key
                )
            )
            if not record:
                record = self._make(rule, some)
                made |= record
            record._add(some)
        made._tell_owner()
        return made

    @api.model
    def _make(self, rule, facts):
        partner = self.env["res.partner"].browse(facts[0].partner_id)
        company = rule.company_id
        return (
            self.sudo()
            ._as_internal()
            .create(
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "code": rule.code,
                    "rule_id": rule.id,
                    "currency_id": facts[0].currency_id,
                    "raised_amount": sum(fact.amount for fact in facts),
                    "raised_date": company._rd_today(),
                    "proposal": rule._suggest(facts),
                    "user_id": rule._get_owner(partner).id,
                    "deadline": company._rd_days_later(company._rd_today(), rule.days),
                }
            )
        )

    def _add(self, facts):
        self.env["rd.receivable.exception.item"].sudo()._as_internal().create(
            [
                {"exception_id": self.id, "code": self.code, **self._prepare_item(fact)}
                for fact in facts
            ]
        )
        self._sum_up()

    @api.model
    def _prepare_item(self, fact):
        return {
            "res_model": fact.model,
            "res_id": fact.res_id,
            "name": fact.name,
            "amount": fact.amount,
            "since_date": fact.since,
            "note": fact.note,
        }

    def _sum_up(self):
        """Write what the live facts come to; nothing where it is the same."""
        for record in self:
            items = record.item_ids.filtered("live")
            amount = record.currency_id.round(sum(items.mapped("amount")))
            since = min(items.mapped("since_date"), default=record.since_date)
            if not items:
                continue
            if (record.amount, record.since_date) != (amount, since):
                record.sudo()._as_internal().write(
                    {"amount": amount, "since_date": since}
                )

    # ------------------------------------------------------------------
    # Going
    # ------------------------------------------------------------------
    def _forget(self, items, why=None):
        """Note that facts have gone, and close what has none left."""
        for item in items:
            item._as_internal().write(
                {
                    "live": False,
                    "gone_date": item.company_id._rd_today(),
                    "gone_reason": why or item._describe_end(),
                }
            )
        for record in items.exception_id:
            if not record.item_ids.filtered("live"):
                record._close_by_itself(
                    items.filtered(lambda item, one=record: item.exception_id == one)
                )

    def _close_by_itself(self, items):
        self.ensure_one()
        reason = "; ".join(dict.fromkeys(filter(None, items.mapped("gone_reason"))))
        self._move_to(
            "closed",
            {
                "amount": 0,
                "closed_reason": reason,
                "closed_date": self.company_id._rd_today(),
            },
        )
        self._withdraw_approvals()
        self.message_post(body=reason)

    def _is_still_so(self):
        """Tell whether the rule still finds one of the facts of what is done."""
        self.ensure_one()
        rule = self.rule_id
        if self.state != "done" or not rule.active:
            return False
        known = {(item.res_model, item.res_id) for item in self.item_ids}
        facts = rule._find_facts(self.partner_id)
        return any((fact.model, fact.res_id) in known for fact in facts)
