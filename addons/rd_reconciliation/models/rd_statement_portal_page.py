# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .rd_statement_line_portal import FILTERS, PAGE_FIELDS, PAGE_SIZE
from .rd_statement_portal import ANSWERABLE
from .rd_statement_portal_act import SIGNABLE

STATES = {
    "open": fields.Domain("state", "=", "sent"),
    "disputed": fields.Domain("state", "=", "disputed"),
    "confirmed": fields.Domain("state", "in", ("confirmed", "agreed")),
    "invoiced": fields.Domain("state", "in", ("invoiced", "closed")),
    "all": fields.Domain.TRUE,
}


class RdStatement(models.Model):
    """What the portal's pages show; the queries do not grow with the lines."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    # ------------------------------------------------------------------
    # The list
    # ------------------------------------------------------------------
    @api.model
    def _count_to_answer(self):
        """Return how many statements wait for this user's affiliate."""
        if not self.has_access("read"):
            return 0
        return self.search_count([("state", "in", ANSWERABLE)])

    @api.model
    def _get_portal_list_domain(self, filterby=None, search=""):
        domain = STATES.get(filterby, STATES["all"])
        for word in (search or "").split()[:5]:
            domain &= fields.Domain("name", "ilike", word) | fields.Domain(
                "partner_id.name", "ilike", word
            )
        return domain

    @api.model
    def _get_portal_sortings(self):
        return {
            "date": {"label": self.env._("Newest"), "order": "date_to desc, id desc"},
            "name": {"label": self.env._("Number"), "order": "name desc"},
        }

    @api.model
    def _get_portal_list_filters(self):
        return {
            "all": {"label": self.env._("All")},
            "open": {"label": self.env._("To answer")},
            "disputed": {"label": self.env._("Disputed")},
            "confirmed": {"label": self.env._("Confirmed")},
            "invoiced": {"label": self.env._("Invoiced")},
        }

    # ------------------------------------------------------------------
    # One statement
    # ------------------------------------------------------------------
    def _prepare_portal_page(self, page, filterby, search, kind, plant, by_token):
        """Return the values of one page; self has been checked and is the system's.

        :param bool by_token: whether a link has opened it: it only looks then
        """
        self.ensure_one()
        Line = self.env["rd.statement.line"]
        # The statement is read as the system; what is shown is the user's matter.
        viewer = self.env["rd.statement"].sudo(False)
        shows_amounts = by_token or viewer._shows_amounts()
        filterby = filterby if filterby in FILTERS else "all"
        base = Line._get_portal_domain(self, search, kind, plant)
        domain = base & fields.Domain(FILTERS[filterby])
        counts = Line._count_for_portal(base)
        overall = Line._count_for_portal([("statement_id", "=", self.id)])
        total = counts[filterby]
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, page), pages)
        lines = Line.search_fetch(
            domain, PAGE_FIELDS, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
        )
        return {
            "statement": self,
            "rows": lines._prepare_portal_rows(shows_amounts),
            "counts": counts,
            "total_lines": total,
            "page": page,
            "page_size": PAGE_SIZE,
            "filterby": filterby,
            "filters": self._get_portal_line_filters(),
            "search": search or "",
            "kind": kind,
            "kinds": self._get_portal_kinds(),
            "plant": plant,
            "plants": self._get_portal_plants(),
            "shows_amounts": shows_amounts,
            "by_token": by_token,
            "overall": overall,
            "offer": Line._get_portal_offer(overall),
            **self._prepare_portal_rights(viewer, by_token),
        }

    def _prepare_portal_rights(self, viewer, by_token):
        """Return what this viewer may do on the page."""
        role = False if by_token else viewer._get_portal_role()
        answerable = self.state in ANSWERABLE and bool(role)
        labels = dict(
            self._fields["confirmation_channel"]._description_selection(self.env)
        )
        return {
            "may_answer": answerable,
            "may_confirm": answerable and role == "finance" and not self.confirmed_date,
            "may_sign": role == "finance"
            and self.state in (*SIGNABLE, "disputed")
            and self._lacks_signature(),
            "may_upload": answerable and viewer._shows_amounts(),
            "role": role,
            "confirmation_label": labels.get(self.confirmation_channel, ""),
            "state_label": self._get_portal_state_label(),
            "proofs": self._get_portal_proofs(viewer) if role else [],
        }

    def _get_portal_proofs(self, viewer):
        """Return the files of their answers that this viewer may open.

        A stamped copy bears every price; without amounts only what was handed in
        beside a line is shown.
        """
        answers = self.answer_ids
        if not viewer._shows_amounts():
            answers = answers.filtered("line_id")
        return answers.attachment_ids

    def _get_portal_state_label(self):
        """Return the state in the words of who has to answer."""
        self.ensure_one()
        return {
            "sent": self.env._("Waits for your answer"),
            "disputed": self.env._("Disputed, being cleared"),
            "confirmed": self.env._("Confirmed by you"),
            "agreed": self.env._("Agreed"),
            "invoiced": self.env._("Invoiced"),
            "closed": self.env._("Closed"),
        }.get(self.state, "")

    def _get_portal_state_color(self):
        self.ensure_one()
        return {
            "sent": "primary",
            "disputed": "warning",
            "invoiced": "info",
            "closed": "secondary",
        }.get(self.state, "success")

    def _get_portal_line_filters(self):
        """Return the names of the filters of lines, in their order."""
        labels = {"all": self.env._("All")}
        labels["open"] = self.env._("To answer")
        labels["disputed"] = self.env._("Disputed")
        labels["confirmed"] = self.env._("Confirmed")
        labels["waiting"] = self.env._("Price not agreed")
        labels["carried"] = self.env._("Next month")
        return list(labels.items())

    def _get_portal_kinds(self):
        """Return the classes that stand on the statement, as (key, label)."""
        Line = self.env["rd.statement.line"]
        labels = dict(Line._fields["settlement_class"]._description_selection(self.env))
        groups = Line._read_group(
            [("statement_id", "=", self.id)], ["settlement_class"]
        )
        return [(key, labels[key]) for (key,) in groups if key]

    def _get_portal_plants(self):
        """Return the places that received something of it, as (id, name)."""
        pickings = self.env["stock.picking"]._read_group(
            [("move_ids.id", "in", self._query_moves())], ["partner_id"]
        )
        return [(plant.id, plant.display_name) for (plant,) in pickings if plant]

    def _query_moves(self):
        """Return the query of the moves on the statement, read by no round trip."""
        lines = self.env["rd.statement.line"]._search(
            [("statement_id", "=", self.id), ("move_id", "!=", False)]
        )
        return lines.subselect("move_id")


class RdStatementLine(models.Model):
    _name = "rd.statement.line"
    _inherit = ["rd.statement.line"]

    def _get_portal_said(self):
        """Return in plain words what they answered last to this line."""
        self.ensure_one()
        return (
            self.env["rd.statement.answer"]
            ._get_latest(self)
            .get(self, self.env["rd.statement.answer"])
            ._get_words()
        )


class RdStatementAnswer(models.Model):
    _name = "rd.statement.answer"
    _inherit = ["rd.statement.answer"]

    def _get_words(self):
        """Return a dispute in the words of who disputed, else an empty text."""
        if not self or self.decision != "disputed":
            return ""
        labels = dict(self._fields["reason"]._description_selection(self.env))
        texts = [labels.get(self.reason, "")]
        line = self.line_id
        if line._get_unit().compare(self.quantity, line.quantity):
            texts.append(f"{self.quantity:g} {line.uom_name or ''}".strip())
        texts.append(self.note)
        return " · ".join(text for text in texts if text)
