# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .. import dues
from .rd_collection_plan import FROZEN

RATES = ("due", "whole", "on_time")
CLOSED = ("received", "on_time", "credited", "waiting", "early", "late")


class RdCollectionPlan(models.Model):
    """What came in of a plan, as of any day, with the formula beside each rate."""

    _name = "rd.collection.plan"
    _inherit = ["rd.collection.plan"]

    as_of = fields.Date(
        string="Receipts as of",
        compute="_compute_figures",
        help="Receipts up to the end of this day: today, or the last day of the month "
        "once it is over.",
    )
    due_amount = fields.Monetary(string="Due", compute="_compute_figures")
    due_received = fields.Monetary(string="Received of it", compute="_compute_figures")
    due_rate = fields.Float(
        string="Collection rate (%)", digits=(6, 2), compute="_compute_figures"
    )
    due_rate_text = fields.Char(string="Collection rate", compute="_compute_figures")
    due_formula = fields.Char(compute="_compute_figures")
    whole_rate_text = fields.Char(
        string="Of opening and new", compute="_compute_figures"
    )
    whole_formula = fields.Char(compute="_compute_figures")
    on_time_rate_text = fields.Char(string="On time", compute="_compute_figures")
    on_time_formula = fields.Char(compute="_compute_figures")
    received_amount = fields.Monetary(string="Received", compute="_compute_figures")
    waiting_amount = fields.Monetary(
        string="Bills not counted yet",
        compute="_compute_figures",
        help="Bills received whose kind counts at maturity: in no rate until then.",
    )
    early_amount = fields.Monetary(
        string="Received before the month",
        compute="_compute_figures",
        help="Received after the plan's day, before its month: it counts in the month "
        "it came in and lowers what is due in this one.",
    )
    late_amount = fields.Monetary(
        string="Received late",
        compute="_compute_figures",
        help="Of what was received: what came before the month and was noted only when "
        "the plan of that month was closed.",
    )
    new_amount = fields.Monetary(
        string="New since the plan",
        compute="_compute_figures",
        help="Items that came into the books after the plan's day.",
    )
    unapplied_amount = fields.Monetary(
        string="Payments not applied",
        compute="_compute_figures",
        help="Money that arrived and was not yet matched with items; in no rate.",
    )
    closed_new = fields.Json(readonly=True, copy=False)
    closed_unapplied = fields.Json(readonly=True, copy=False)
    closed_as_of = fields.Date(readonly=True, copy=False)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "closed_new",
            "closed_unapplied",
            "closed_as_of",
        }

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def _get_as_of(self):
        """Return the day the figures are for; a day can be asked for by context."""
        self.ensure_one()
        asked = self.env.context.get("rd_as_of")
        if asked:
            return fields.Date.to_date(asked)
        if self.state == "closed" and self.closed_as_of:
            return self.closed_as_of
        return min(self.company_id._rd_today(), self._get_period()[1])

    def _get_actuals(self, day):
        """Return ``({line: dues.Actual}, {journal item id: dues.Actual})``.

        The second one is of the items that came after the plan's day. A closed plan
        answers from what was kept at its close, unless another day is asked for.
        """
        self.ensure_one()
        if not self.snapshot_date:
            return {}, {}
        if self._is_kept(day):
            return self._get_closed_actuals()
        reader = self.env["rd.receivable.reader"]
        items = self.line_ids.mapped("item_id")
        known = reader._read_debts(self.company_id, day, ids=items)
        before = self._get_before()
        fresh = self._read_fresh(day, items, before)
        missed = before._get_missed({**known, **fresh})
        lines = {
            line: line._get_actual(
                known.get(line.item_id), day, missed.get(line.item_id, dues.ZERO)
            )
            for line in self.line_ids
        }
        others = {
            ref: self._get_new_actual(debt, day, missed.get(ref, dues.ZERO))
            for ref, debt in fresh.items()
        }
        return lines, others

    def _get_new_actual(self, debt, day, missed=dues.ZERO):
        """Return the :class:`dues.Actual` of an item that came since the plan, also
        where its date is one of before."""
        item, partials = debt
        planned_on = min(self.snapshot_date, fields.Date.subtract(item.date, days=1))
        month = self._get_period()
        return dues.actuals(item, partials, planned_on, month, day, missed=missed)

    def _get_before(self):
        """Return the approved or closed plan of the month before, if there is one."""
        self.ensure_one()
        month = fields.Date.subtract(self.month, months=1)
        return self._find_frozen(self.company_id, month)

    def _read_fresh(self, day, items, before):
        """Return the debts that came since the plan, as ``_read_debts`` does.

        Some are dated by its day and were noted later, like a bounce or an invoice
        of days ago: new is what was open then by what the books say now. Each is due
        when it was known to be on ``day``, as the ageing of that day has it.

        :param items: those that stand on the plan
        :param before: plan of the month before
        """
        planned_on, known = self.snapshot_date, set(items)
        reader = self.env["rd.receivable.reader"]
        found = reader._read_debts(
            self.company_id,
            day,
            after=min(before.snapshot_date or planned_on, planned_on),
            made=planned_on,
        )
        return {
            ref: (item, partials)
            for ref, (item, partials) in reader._as_known(found, day).items()
            if ref not in known
            and (
                item.date > planned_on or dues.residual(item, partials, planned_on) > 0
            )
        }

    def _get_missed(self, debts):
        """Return ``{journal item id: amount}``: what came of these by the end of the
        month and this closed plan has not; nothing of one that is not closed."""
        if self.state != "closed":
            return {}
        last = self._get_period()[1]
        lines, others = self._get_closed_actuals()
        by_item = {line.item_id: line for line in lines}
        kept = {line.item_id: actual for line, actual in lines.items()} | others
        missed = {}
        for ref, debt in debts.items():
            line, old = by_item.get(ref), kept.get(ref)
            now = (
                line._get_actual(debt, last)
                if line
                else self._get_new_actual(debt, last)
            )
            missed[ref] = now.received + now.early
            missed[ref] -= old.received + old.early if old else 0
        return missed

    def _is_kept(self, day):
        """Tell whether the figures of this day were kept at the close."""
        return self.state == "closed" and day == self.closed_as_of

    def _get_unapplied(self, day):
        """Return ``{journal item id: amount}`` of payments not applied to anything."""
        self.ensure_one()
        kept = self.closed_unapplied
        # One closed by a release that did not keep it answers from the books.
        if self._is_kept(day) and isinstance(kept, dict):
            return {int(ref): Decimal(amount) for ref, amount in kept.items()}
        reader = self.env["rd.receivable.reader"]
        return dict(reader._read_unapplied(self.company_id, day))

    def _get_closed_actuals(self):
        lines = {line: line._get_closed_actual() for line in self.line_ids}
        others = {
            int(ref): dues.Actual(
                *(value if isinstance(value, bool) else Decimal(value) for value in row)
            )
            for ref, row in (self.closed_new or {}).items()
        }
        return lines, others

    @api.depends_context("rd_as_of", "lang")
    @api.depends("state", "snapshot_date", "line_ids")
    def _compute_figures(self):
        for plan in self:
            if not plan.snapshot_date or not plan.month:
                plan.update(plan._get_empty_figures())
                continue
            day = plan._get_as_of()
            lines, others = plan._get_actuals(day)
            figures = dues.rates([*lines.values(), *others.values()])
            plan.update(plan._prepare_figures(day, figures, lines, others))

    def _get_empty_figures(self):
        names = [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_figures"
        ]
        return dict.fromkeys(names, False)

    def _prepare_figures(self, day, figures, lines, others):
        unapplied = self._get_unapplied(day)
        values = {
            "as_of": day,
            "due_amount": float(figures.due),
            "due_received": float(figures.received_due),
            "due_rate": float(figures.due_rate or 0),
            "received_amount": float(figures.received),
            "waiting_amount": float(figures.waiting),
            "early_amount": float(
                sum(one.early for one in (*lines.values(), *others.values()))
            ),
            "late_amount": float(
                sum(one.late for one in (*lines.values(), *others.values()))
            ),
            "new_amount": float(sum(one.new for one in others.values())),
            "unapplied_amount": float(sum(unapplied.values())),
        }
        for name in RATES:
            values[f"{name}_rate_text"] = self._rate_text(
                getattr(figures, f"{name}_rate")
            )
        return {**values, **self._prepare_formulas(figures)}

    def _rate_text(self, rate):
        if rate is None:
            return self.env._("n/a")
        return f"{rate:.2f} %"

    def _prepare_formulas(self, figures):
        money = self._format_money
        return {
            "due_formula": self.env._(
                "received %(part)s ÷ due in %(month)s, overdue included, %(whole)s",
                part=money(figures.received_due),
                whole=money(figures.due),
                month=self.name,
            ),
            "whole_formula": self.env._(
                "received %(part)s ÷ opening and new %(whole)s",
                part=money(figures.received),
                whole=money(figures.whole),
            ),
            "on_time_formula": self.env._(
                "received by the due date %(part)s ÷ due within %(month)s %(whole)s",
                part=money(figures.on_time),
                whole=money(figures.new_due),
                month=self.name,
            ),
        }

    def _format_money(self, amount):
        return format_amount(self.env, float(amount), self.currency_id)

    # ------------------------------------------------------------------
    # For others
    # ------------------------------------------------------------------
    @api.model
    def _get_collection_rate(self, company, month, affiliate):
        """Return the collection of one class of customers in a month.

        Received ÷ due in the month with what was overdue, as the plan shows it: its
        lines and what came due since; of a closed plan as it was closed. Without an
        approved plan the books say what was open on the eve of the month.

        :param date month: any day of the month
        :param bool affiliate: affiliates, or all other customers
        :return: ``(received, due, domain)``: amounts in the company's currency, and
            the domain of the journal items (``account.move.line``) they are of;
            ``(0.0, 0.0, …)`` where nothing is due
        """
        found = self._get_collection(company, month, affiliate)
        figures = dues.rates(found.values())
        ids = [ref for ref, actual in found.items() if actual.is_due]
        return float(figures.received_due), float(figures.due), [("id", "in", ids)]

    @api.model
    def _get_uncollected(self, company, month, affiliate):
        """Return the ids of the items of that rate which have not come in whole."""
        found = self._get_collection(company, month, affiliate)
        alone = {ref: dues.rates([one]) for ref, one in found.items() if one.is_due}
        return [ref for ref, one in alone.items() if one.received_due < one.due]

    @api.model
    def _get_collection(self, company, month, affiliate):
        """Return ``{journal item id: dues.Actual}`` of one class of customers."""
        first = month.replace(day=1)
        plan = self._find_frozen(company, first)
        if plan:
            actuals = plan._get_actuals_by_item()
        else:
            actuals = self._get_actuals_of_books(company, first)
        classes = self._get_classes(actuals, plan)
        return {
            ref: actual
            for ref, actual in actuals.items()
            if (classes.get(ref) == "affiliate") == affiliate
        }

    @api.model
    def _find_frozen(self, company, month):
        """Return the approved or closed plan of a month, if there is one."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("month", "=", month),
                ("state", "in", FROZEN),
            ]
        )

    def _get_actuals_by_item(self):
        """Return ``{journal item id: dues.Actual}`` of the plan and what came since."""
        lines, others = self._get_actuals(self._get_as_of())
        return {line.item_id: actual for line, actual in lines.items()} | others

    @api.model
    def _get_actuals_of_books(self, company, first):
        """Return ``{journal item id: dues.Actual}`` of a month that nobody planned.

        It begins with what was open on the eve of the month; where the month before
        has a closed plan, on the day of that one, as what it has not comes late.

        :param date first: first day of the month
        """
        before = self._find_frozen(company, fields.Date.subtract(first, months=1))
        planned_on = fields.Date.subtract(first, days=1)
        if before.state == "closed":
            planned_on = min(before.snapshot_date, planned_on)
        last = fields.Date.end_of(first, "month")
        day = min(company._rd_today(), last)
        reader = self.env["rd.receivable.reader"]
        debts = reader._read_debts(company, day, since=planned_on)
        missed = before._get_missed(debts)
        return {
            ref: dues.actuals(
                *(item, partials, planned_on, (first, last), day),
                missed=missed.get(ref, dues.ZERO),
            )
            for ref, (item, partials) in debts.items()
        }

    @api.model
    def _get_classes(self, ids, plan):
        """Return ``{journal item id: class of its customer}``.

        :param plan: items of customers whose class changes later keep that of theirs
        """
        kept = {line.item_id: line.partner_class for line in plan.line_ids}
        fresh = [ref for ref in ids if ref not in kept]
        items = self.env["account.move.line"].sudo().browse(fresh).exists()
        return kept | {
            item.id: item.partner_id.commercial_partner_id.rd_partner_class
            for item in items
        }

    # ------------------------------------------------------------------
    # Closing
    # ------------------------------------------------------------------
    def action_close(self):
        """Keep the results of a month that is over, for ever.

        :raise UserError: before the month is over
        """
        self.check_access("write")
        self._check_desk()
        for plan in self.filtered(lambda one: one.state != "closed"):
            last = plan._get_period()[1]
            if plan.company_id._rd_today() <= last:
                raise UserError(
                    self.env._(
                        "The plan of %(month)s is closed when its month is over, from "
                        "%(day)s.",
                        month=plan.name,
                        day=format_date(self.env, fields.Date.add(last, days=1)),
                    )
                )
            plan._close()
        return True

    def _close(self):
        """Keep what the books say of these plans at the end of their months."""
        for plan in self:
            last = plan._get_period()[1]
            lines, others = plan._get_actuals(last)
            unapplied = plan._get_unapplied(last)
            plan._move_to(
                "closed",
                {
                    "closed_as_of": last,
                    "closed_new": plan._pack(others),
                    "closed_unapplied": {
                        str(ref): str(amount) for ref, amount in unapplied.items()
                    },
                },
            )
            for line, actual in lines.items():
                line._as_internal().write(
                    {f"closed_{name}": float(getattr(actual, name)) for name in CLOSED}
                )

    @api.model
    def _pack(self, others):
        """Return what is kept of items outside the plan: exact figures as text."""
        return {
            str(ref): [
                value if isinstance(value, bool) else str(value) for value in actual
            ]
            for ref, actual in others.items()
        }

    # ------------------------------------------------------------------
    # Every figure opens its items
    # ------------------------------------------------------------------
    def action_view_lines(self):
        """Open the lines of the plan, with what came in."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_receivables.rd_collection_plan_line_action"
        )
        action["domain"] = [("plan_id", "=", self.id)]
        action["context"] = {"rd_as_of": self.env.context.get("rd_as_of")}
        return action

    def action_view_due(self):
        """Open what is due in the month, overdue included."""
        action = self.action_view_lines()
        action["domain"] += [("due_date", "<=", self._get_period()[1])]
        return action

    def action_view_received(self):
        """Open the planned items of which something came in."""
        action = self.action_view_lines()
        lines = self.line_ids.filtered(
            lambda line: not self.currency_id.is_zero(line.received_amount)
        )
        action["domain"] += [("id", "in", lines.ids)]
        return action

    def action_view_waiting(self):
        """Open the planned items whose bills do not count yet."""
        action = self.action_view_lines()
        lines = self.line_ids.filtered(
            lambda line: not self.currency_id.is_zero(line.waiting_amount)
        )
        action["domain"] += [("id", "in", lines.ids)]
        return action

    def action_view_early(self):
        """Open the items of which something came before the month."""
        self.ensure_one()
        self.check_access("read")
        return self._open_items(
            self.env._("Received before the month"), self._get_refs_with("early")
        )

    def action_view_late(self):
        """Open the items of which something came before the month and was noted when
        that was closed."""
        self.ensure_one()
        self.check_access("read")
        return self._open_items(
            self.env._("Received late"), self._get_refs_with("late")
        )

    def _get_refs_with(self, name):
        """Return the journal item ids of which this figure is not 0."""
        lines, others = self._get_actuals(self._get_as_of())
        refs = [line.item_id for line, one in lines.items() if getattr(one, name)]
        return refs + [ref for ref, one in others.items() if getattr(one, name)]

    def action_view_new(self):
        """Open the items that came after the plan's day."""
        self.ensure_one()
        self.check_access("read")
        others = self._get_actuals(self._get_as_of())[1]
        return self._open_items(self.env._("New since the plan"), list(others))

    def action_view_unapplied(self):
        """Open the payments that are not applied to items yet."""
        self.ensure_one()
        self.check_access("read")
        refs = list(self._get_unapplied(self._get_as_of()))
        return self._open_items(self.env._("Payments not applied"), refs)

    def _open_items(self, name, ids):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "view_mode": "list",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", ids)],
            "context": {"create": False},
        }
