# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date, format_datetime, formatLang

GROUP = "rd_sales_admin.rd_sales_admin_group_"
# Which page is whose; the first one that a person may see is the one that opens.
PAGES = {
    "supervisor": ("supervisor",),
    "finance": ("finance",),
    "warehouse": ("warehouse",),
    "floor": ("floor",),
    "auditor": ("auditor",),
    "month": ("clerk", "salesperson", "finance", "auditor"),
}
# The pages of those who look over others' shoulders.
OVERSEERS = ("supervisor", "auditor")
# What the name of a date says by which something has to be done.
DUE_WORDS = ("due", "deadline", "promised")
# How long after its last sign of life a scheduled action counts as running.
ALIVE = timedelta(minutes=2)
MONTHS = 12


class Section(NamedTuple):
    """One part of a page."""

    code: str
    """Stable identifier."""
    sequence: int
    """Place on the page: lower comes first."""
    label: str
    """What a person reads above it."""
    kind: str
    """Which shape draws it: board, chain, list, figures or approvals."""
    method: str
    """Method of ``rd.cockpit``: takes the scope, returns plain data; None: nothing
    to show to this person."""
    pages: tuple
    """The pages it stands on."""
    empty: str = ""
    """What a person reads where there is nothing in it."""


class Scope(NamedTuple):
    """What a page is about."""

    page: str
    company: models.Model
    close: models.Model
    """The month; empty before the first one is open."""
    today: object
    """Today on the company's clock."""
    since: object
    """The moment at which the company's yesterday began, in naive UTC."""


class Figure(NamedTuple):
    """An amount per currency that opens its rows."""

    code: str
    sequence: int
    label: str
    model: str
    domain: list
    amount_field: str
    currency_field: str = "currency_id"


class RdCockpit(models.AbstractModel):
    """The month on one page, for whoever works on it.

    Every add-on appends its sections in ``_get_sections``, and rows to those of
    others by their own hooks, through ``super()``. Everything is read with the rights
    of the person who looks; what he may not read is left out. Amounts of different
    currencies are never added up.
    """

    _name = "rd.cockpit"
    _description = "Cockpit of the Month"

    # ------------------------------------------------------------------
    # What the add-ons append
    # ------------------------------------------------------------------
    @api.model
    def _get_sections(self):
        """Return the :class:`Section` list of all pages, in any order."""
        return []

    @api.model
    def _get_page_labels(self):
        return {
            "month": self.env._("Month"),
            "supervisor": self.env._("Supervisor"),
            "finance": self.env._("Finance"),
            "warehouse": self.env._("Warehouse"),
            "floor": self.env._("Floor"),
            "auditor": self.env._("Auditor"),
        }

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    @api.model
    def read_page(self, page=None, company_id=None, close_id=None, stamp=None):
        """Return one page as plain data, in a number of queries that does not depend
        on the number of affiliates.

        :param page: a code of ``PAGES``; none: the page of the person's role
        :param company_id: one of the companies the person has switched on
        :param close_id: the month; none: the oldest one that is open
        :param stamp: the stamp of what the client has; nothing but the stamp comes
            back if that is still the same
        :raise AccessError: for a page or a company that is not the person's
        """
        pages = self._get_pages()
        if page and page not in pages or not pages:
            raise AccessError(
                self.env._("This page of the cockpit is not for your role.")
            )
        scope = self._get_scope(page or pages[0], company_id, close_id)
        content = self.with_company(scope.company)._read(scope, pages)
        text = json.dumps(content, sort_keys=True, default=str)
        content["stamp"] = hashlib.sha256(text.encode()).hexdigest()
        if stamp and stamp == content["stamp"]:
            return {"stamp": stamp, "unchanged": True}
        return content

    @api.model
    def _get_pages(self):
        """Return the codes of the pages the person may see, his own first."""
        user = self.env.user
        return [
            page
            for page, roles in PAGES.items()
            if any(user.has_group(GROUP + role) for role in roles)
        ]

    @api.model
    def _get_scope(self, page, company_id=None, close_id=None):
        companies = self.env.companies
        company = companies.filtered(lambda one: one.id == company_id)
        if company_id and not company:
            raise AccessError(
                self.env._("Switch the company on before you look at its month.")
            )
        company = company or self.env.company
        today = company._rd_today()
        return Scope(
            page,
            company,
            self._get_close(company, close_id),
            today,
            company._rd_day_start(today - timedelta(days=1)),
        )

    @api.model
    def _get_close(self, company, close_id=None):
        """Return the month asked for, or else the oldest open one, or the last."""
        closes = self._get_closes(company)
        if close_id:
            closes = closes.filtered(lambda close: close.id == close_id)
            if not closes:
                raise AccessError(self.env._("This month is not of your company."))
            return closes
        return closes.filtered(lambda close: close.state == "open")[-1:] or closes[:1]

    @api.model
    def _get_closes(self, company):
        closes = self.env["rd.close"]
        if not closes.has_access("read"):
            return closes
        return closes.search(
            [("company_id", "=", company.id)], order="month desc", limit=MONTHS
        )

    def _read(self, scope, pages):
        labels = self._get_page_labels()
        return {
            "page": scope.page,
            "pages": [
                {"code": code, "label": labels[code]}
                for code in labels
                if code in pages
            ],
            "company": {"id": scope.company.id, "name": scope.company.name},
            "companies": [
                {"id": company.id, "name": company.name}
                for company in self.env.companies
            ],
            "today": format_date(self.env, scope.today),
            **self._read_month(scope),
            "sections": self._read_sections(scope),
        }

    def _read_sections(self, scope):
        found = []
        for section in sorted(self._get_sections(), key=lambda item: item.sequence):
            if scope.page not in section.pages:
                continue
            data = getattr(self, section.method)(scope)
            if data is not None:
                found.append(
                    {
                        "code": section.code,
                        "label": section.label,
                        "kind": section.kind,
                        "empty": section.empty,
                        "data": data,
                    }
                )
        return found

    def _read_month(self, scope):
        """Return what stands at the head of a page: which month, and how far."""
        close = scope.close
        if not close:
            # whom months are no business of is told nothing of the first one
            return {
                "months": [],
                "month": False,
                "is_first": self.env["rd.close"].has_access("read"),
                "running": False,
            }
        user = self.env.user
        is_clerk = user.has_group(GROUP + "clerk")
        return {
            "months": [
                {"id": one.id, "name": one.name, "state": one.state}
                for one in self._get_closes(scope.company)
            ],
            "is_first": False,
            "month": {
                "id": close.id,
                "name": close.name,
                "state": close.state,
                "progress": round(close.progress),
                "done": close.done_count,
                "steps": close.step_count,
                "waiting": close.waiting_count,
                "paused": self._read_pause(close),
                "can_act": is_clerk,
                "can_leave": user.has_group(GROUP + "supervisor"),
                "can_close": is_clerk and self._can_close(close),
            },
            "running": self._read_running(),
        }

    def _can_close(self, close):
        """Tell whether the month can be closed now: its steps first, as they are
        what mostly keeps it open and are counted already."""
        is_ready = close.state == "open" and 0 < close.step_count == close.done_count
        return is_ready and not close._why_not("closed")

    def _read_pause(self, close):
        """Return who paused the whole company, when and why, or False."""
        pause = self._get_pauses(close).get(self.env["res.partner"])
        return pause._describe_pause() if pause else False

    def _get_pauses(self, close):
        """Return the pauses of a month by affiliate; none to who may not read them."""
        if not self.env["rd.close.pause"].has_access("read"):
            return {}
        return close._get_pauses()

    def _read_running(self):
        """Return how far the scheduled action is that runs the months, or False.

        A run writes its progress with each affiliate.
        """
        cron = self.env.ref("rd_sales_admin.ir_cron_close", raise_if_not_found=False)
        if not cron:
            return False
        # How far a run is tells nothing of anybody's records.
        rows = self.env.execute_query(
            SQL(
                """SELECT done, remaining FROM ir_cron_progress
                    WHERE cron_id = %s AND remaining > 0
                      AND write_date > now() AT TIME ZONE 'UTC' - %s
                    ORDER BY id DESC LIMIT 1""",
                cron.id,
                ALIVE,
            )
        )
        return {"done": rows[0][0], "remaining": rows[0][1]} if rows else False

    # ------------------------------------------------------------------
    # Shapes that sections are made of
    # ------------------------------------------------------------------
    @api.model
    def _open(self, label, model, domain):
        """Return the action that opens the rows a figure is made of."""
        return {
            "type": "ir.actions.act_window",
            "name": label,
            "res_model": model,
            "views": [[False, "list"], [False, "kanban"], [False, "form"]],
            "domain": domain,
            "context": {"create": False},
        }

    @api.model
    def _open_record(self, label, model, res_id):
        """Return the action that opens one record."""
        return {
            "type": "ir.actions.act_window",
            "name": label,
            "res_model": model,
            "res_id": res_id,
            "views": [[False, "form"]],
        }

    @api.model
    def _read_figure(self, figure):
        """Return ``{currency: (amount, count)}`` of one figure, in one query."""
        if not self.env[figure.model].has_access("read"):
            return {}
        groups = self.env[figure.model]._read_group(
            figure.domain,
            [figure.currency_field],
            [f"{figure.amount_field}:sum", "__count"],
        )
        return {
            currency: (amount or 0.0, count)
            for currency, amount, count in groups
            if currency
        }

    @api.model
    def _money(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)

    @api.model
    def _day(self, day):
        return format_date(self.env, day) if day else ""

    @api.model
    def _moment(self, moment):
        """Return a moment on the company's clock, as its reader writes it."""
        if not moment:
            return ""
        zone = self.env.company.rd_tz
        return format_datetime(self.env, moment, tz=zone, dt_format="short")

    @api.model
    def _read_queues(self, scope, queues):
        """Return the rows of kinds of open work: how many, how many late, since when.

        :param queues: :class:`.rd_deputy.Queue` list; what the person may not read,
            and what is empty, is left out
        """
        rows = []
        for queue in sorted(queues, key=lambda item: item.sequence):
            model = self.env[queue.model]
            if not model.has_access("read"):
                continue
            count = model.search_count(queue.domain)
            if not count:
                continue
            late, first = self._read_late(scope, queue)
            rows.append(
                {
                    "key": queue.code,
                    "label": queue.label,
                    "detail": queue.advice,
                    "count": count,
                    "late": late,
                    "due": self._day(first),
                    "tone": "danger" if late else "warning",
                    "action": self._open(queue.label, queue.model, queue.domain),
                }
            )
        return rows

    @api.model
    def _read_late(self, scope, queue):
        """Return how many of a kind of work are past their day, and the first day.

        A field that says no more than since when something is there makes nothing
        late.
        """
        name = queue.date_field
        field = self.env[queue.model]._fields.get(name)
        if not field or not field.store:
            return 0, False
        is_due = any(word in name for word in DUE_WORDS)
        limit = scope.today
        if field.type == "datetime":
            limit = scope.company._rd_day_start(scope.today)
        past = [(name, "<", limit)] if is_due else []
        [(count, first)] = self.env[queue.model]._read_group(
            [*queue.domain, *past], [], ["__count", f"{name}:min"]
        )
        count = count if is_due else 0
        if first and field.type == "datetime":
            first = scope.company._rd_local_date(first)
        return count, first

    @api.model
    def _this_hour(self):
        """Return the moment from which on something is late by the hour.

        A page on which nothing has happened is the same for all of the hour.
        """
        return fields.Datetime.now().replace(minute=0, second=0)
