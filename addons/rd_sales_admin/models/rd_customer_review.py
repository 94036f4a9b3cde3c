# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

TOPICS = ("reconciliation", "property")
BEST = 5
LOW = 2
WORDS = 2000


class RdCustomerReview(models.Model):
    """What one person of a customer thinks of our work in a quarter or half-year.

    Asked once a period, after there was an occasion: a statement agreed, a register
    of property confirmed. Only what there was an occasion for is asked. The person
    may change his answer until the last month of the period is closed.
    """

    _name = "rd.customer.review"
    _description = "Customer Review"
    _inherit = ["mail.thread", "rd.guarded.mixin"]
    _order = "date_from desc, partner_id, id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    contact_id = fields.Many2one(
        "res.partner", string="Asked", required=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date(string="First day", required=True)
    date_to = fields.Date(string="Last day", required=True)
    name = fields.Char(string="Period", compute="_compute_name", store=True)
    asks_reconciliation = fields.Boolean(string="Asked about reconciliation")
    asks_property = fields.Boolean(string="Asked about property")
    mark_reconciliation = fields.Integer(
        string="Reconciliation", aggregator="avg", help="1 to 5; 0 where not answered."
    )
    mark_property = fields.Integer(
        string="Property", aggregator="avg", help="1 to 5; 0 where not answered."
    )
    remark_reconciliation = fields.Text(string="Remark on reconciliation")
    remark_property = fields.Text(string="Remark on property")
    feedback_reconciliation_id = fields.Many2one(
        "rd.feedback", string="Answer to reconciliation", ondelete="set null"
    )
    feedback_property_id = fields.Many2one(
        "rd.feedback", string="Answer to property", ondelete="set null"
    )
    asked_date = fields.Datetime(string="Asked on", required=True)
    answered_date = fields.Date(string="Answered on", help="The first time.")
    changed_date = fields.Datetime(string="Last changed on")
    state = fields.Selection(
        [("asked", "Asked"), ("answered", "Answered")],
        required=True,
        default="asked",
        index=True,
    )
    low = fields.Boolean(
        string="Low mark",
        compute="_compute_low",
        store=True,
        help="A mark of 2 or less.",
    )

    _once = models.UniqueIndex(
        "(company_id, contact_id, date_from)",
        "This person has already been asked for the period.",
    )
    _marks = models.Constraint(
        "CHECK (mark_reconciliation BETWEEN 0 AND 5 AND mark_property BETWEEN 0 AND 5)",
        "A mark is 1 to 5.",
    )

    @api.depends("partner_id.name", "date_from", "date_to")
    def _compute_name(self):
        for review in self:
            day, last = review.date_from, review.date_to
            if last.month - day.month > 2:
                review.name = f"{day.year} H{(day.month + 5) // 6}"
            else:
                review.name = f"{day.year} Q{(day.month + 2) // 3}"

    @api.depends("mark_reconciliation", "mark_property")
    def _compute_low(self):
        for review in self:
            marks = [review[f"mark_{topic}"] for topic in TOPICS]
            review.low = any(0 < mark <= LOW for mark in marks)

    @api.depends("contact_id.name", "name")
    def _compute_display_name(self):
        for review in self:
            person = review.sudo().contact_id.name or ""
            review.display_name = f"{person} {review.name or ''}".strip()

    def _read_group_select(self, aggregate_spec, query):
        """Leave what was not answered out of the mean."""
        name = aggregate_spec.split(":")[0]
        if aggregate_spec in ("mark_reconciliation:avg", "mark_property:avg"):
            column = self._field_to_sql(self._table, name, query)
            return SQL("AVG(NULLIF(%s, 0))", column)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    # ------------------------------------------------------------------
    # Who is asked
    # ------------------------------------------------------------------
    @api.model
    def _get_period(self, company, day):
        """Return first and last day of the company's period of reviews."""
        length = int(company.rd_review_months)
        first = day.replace(month=(day.month - 1) // length * length + 1, day=1)
        return first, first + relativedelta(months=length, days=-1)

    @api.model
    def _get_occasions(self, company, first, last):
        """Return ``{topic: commercial partners}`` with whom something was settled on
        one of these days; each add-on appends its own through ``super()``."""
        return {topic: self.env["res.partner"] for topic in TOPICS}

    @api.model
    def _get_contacts(self, company, partners, topic):
        """Return the partners of the portal users of these customers."""
        portal = self.env.ref("base.group_portal")
        users = self.env["res.users"].search(
            Domain("group_ids", "in", portal.ids)
            & Domain("partner_id.commercial_partner_id", "in", partners.ids)
            & Domain("company_ids", "in", company.ids)
        )
        return users.partner_id

    @api.model
    def _cron_ask(self):
        """Ask, once a period, whoever has settled something with us in it."""
        companies = self.env["res.company"].search(
            [("rd_start_date", "!=", False), ("rd_review_months", "!=", False)]
        )
        self.env["ir.cron"]._rd_run_each(companies, self._ask)

    @api.model
    def _ask(self, company):
        """Make what is missing of the company's present period; return the new ones."""
        # Nobody enters a review: it follows from what was settled.
        self = self.sudo()
        first, last = self._get_period(company, company._rd_today())
        wanted = self._get_wanted(company, first, last)
        known = self.search(
            [("company_id", "=", company.id), ("date_from", "=", first)]
        )
        for review in known:
            topics = wanted.pop(review.contact_id, set())
            review._add_topics(topics)
        made = self._as_internal().create(
            [
                {
                    "company_id": company.id,
                    "partner_id": contact.commercial_partner_id.id,
                    "contact_id": contact.id,
                    "date_from": first,
                    "date_to": last,
                    "asked_date": fields.Datetime.now(),
                    **{f"asks_{topic}": topic in topics for topic in TOPICS},
                }
                for contact, topics in wanted.items()
            ]
        )
        made._mail()
        return made

    @api.model
    def _get_wanted(self, company, first, last):
        """Return ``{contact: {topic, …}}``, in the order of their ids."""
        wanted = {}
        for topic, partners in self._get_occasions(company, first, last).items():
            for contact in self._get_contacts(company, partners, topic):
                wanted.setdefault(contact, set()).add(topic)
        return dict(sorted(wanted.items(), key=lambda item: item[0].id))

    def _add_topics(self, topics):
        """Ask for what came later as well, without a second mail."""
        self.ensure_one()
        new = [topic for topic in topics if not self[f"asks_{topic}"]]
        if new:
            self._as_internal().write({f"asks_{topic}": True for topic in new})

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------
    @api.model
    def _get_score(self, company, month):
        """Return ``(marks given, marks possible, domain)`` of the period in which the
        month lies, as far as answered by the end of the month; 5 are possible for
        each mark given.

        The last month of a period has all that is answered until it is closed: nobody
        answers later, and no month after it would count the answer.
        """
        until = fields.Date.end_of(month, "month")
        answered = Domain("answered_date", "<=", until)
        ended = Domain("date_to", "<=", until) & Domain("answered_date", "!=", False)
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("date_from", "<=", month)
            & Domain("date_to", ">=", month)
            & (answered | ended)
        )
        got = best = 0
        for topic in TOPICS:
            name = f"mark_{topic}"
            [(total, count)] = self._read_group(
                domain & Domain(name, ">", 0), [], [f"{name}:sum", "__count"]
            )
            got += total or 0
            best += BEST * count
        return got, best, list(domain)

    def _get_worst_mark(self):
        """Return the lowest of the marks that were given, the best where none was."""
        self.ensure_one()
        marks = [self[f"mark_{topic}"] for topic in TOPICS]
        return min(filter(None, marks), default=BEST)

    def action_open_feedback(self):
        """Open what has to be answered because of a low mark.

        :raise UserError: when there is nothing
        """
        self.ensure_one()
        self.check_access("read")
        found = self.feedback_reconciliation_id | self.feedback_property_id
        if not found:
            raise UserError(self.env._("Nothing has to be answered here."))
        return found._get_records_action()
