# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date
from odoo.tools.mimetypes import guess_mimetype

from .rd_chase_note import REASONS

MOST_BYTES = 16 << 20
MOST_TEXT = 500
MOST_ITEMS = 500
PROOFS = ("application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp")


class RdChaseNote(models.Model):
    """What a signed-in person of a customer sees of what is open, and says to it.

    A person sees the items of the own company only, by equality with its commercial
    partner; each act names the hash of what was shown, so that nobody answers to
    figures that have changed.
    """

    _name = "rd.chase.note"
    _inherit = ["rd.chase.note"]

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------
    @api.model
    def _portal_sees_items(self):
        """Tell whether the user may see what the own company owes."""
        role = self.env["rd.statement"]._get_portal_role()
        return role in ("purchasing_amounts", "finance")

    @api.model
    def _portal_check_actor(self):
        """Refuse anyone but finance of the customer."""
        if self.env["rd.statement"]._get_portal_role() != "finance":
            raise AccessError(
                self.env._("Your finance department answers what is open.")
            )

    @api.model
    def _portal_find_items(self):
        """Return the own open items as the system sees them, oldest due first."""
        items = self.env["account.move.line"].sudo()
        if not self._portal_sees_items():
            return items
        partner = self.env.user.commercial_partner_id
        found = items.browse()
        for company in self.env.user.company_ids:
            found |= items._rd_get_open_debts(company, partner.sudo())
        return found

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------
    @api.model
    def _portal_count_overdue(self):
        """Return how many of the own items are overdue."""
        return sum(
            item._rd_days_overdue(item.company_id._rd_today()) > 0
            for item in self._portal_find_items()
        )

    @api.model
    def _prepare_portal_page(self):
        """Return the values of the page."""
        items = self._portal_find_items()
        promised = self.env["rd.promise"]._get_promises(items)
        disputed = self._get_disputed(items)
        companies = [
            self._prepare_portal_company(
                company,
                items.filtered(lambda one, company=company: one.company_id == company),
                promised,
                disputed,
            )
            for company in items.company_id
        ]
        return {
            "companies": companies,
            "may_act": self.env["rd.statement"]._get_portal_role() == "finance",
            "reasons": [
                (key, label)
                for key, label in self._fields["reason"]._description_selection(
                    self.env
                )
            ],
        }

    @api.model
    def _prepare_portal_company(self, company, items, promised, disputed):
        today = company._rd_today()
        rows = [
            self._prepare_portal_row(item, today, promised, disputed) for item in items
        ]
        proposed, day = self.env["rd.promise"]._propose(
            company, items[:1].partner_id.commercial_partner_id
        )
        return {
            "company": company,
            "currency": company.currency_id,
            "rows": rows,
            "hash": self._portal_hash(items),
            "sums": self._sum_portal_rows(rows),
            "proposed": f"{proposed:.{company.currency_id.decimal_places}f}"
            if proposed
            else "",
            "today": fields.Date.to_string(today),
            "day": fields.Date.to_string(day),
        }

    @api.model
    def _sum_portal_rows(self, rows):
        """Return ``[(currency, open, overdue)]``; currencies are never added up."""
        sums = {}
        for row in rows:
            number, overdue = sums.get(row["currency"], (0.0, 0.0))
            late = row["open"] if row["days"] > 0 else 0.0
            sums[row["currency"]] = (number + row["open"], overdue + late)
        return [(currency, *amounts) for currency, amounts in sums.items()]

    @api.model
    def _prepare_portal_row(self, item, today, promised, disputed):
        day, amount = promised.get(item.id, (False, 0))
        since = disputed.get(item.id)
        days = item._rd_days_overdue(today)
        return {
            "id": item.id,
            "name": item.move_id.name or item.name or "",
            "refs": self._describe_refs(item.move_id),
            "date": self.env._(
                "invoiced on %(day)s",
                day=format_date(self.env, item.move_id.invoice_date or item.date),
            ),
            "due": self._describe_due(item),
            "days": days,
            "overdue": days > 0 and self.env._("%(days)s days overdue", days=days),
            "currency": item.currency_id,
            "open": item.amount_residual_currency,
            "promised": day
            and self.env._("promised for %(day)s", day=format_date(self.env, day)),
            "promised_amount": amount,
            "disputed": since
            and self.env._(
                "in dispute since %(day)s", day=format_date(self.env, since)
            ),
        }

    @api.model
    def _describe_refs(self, move):
        """Return by what they know an invoice: our statement and the tax invoice."""
        live = move.rd_fapiao_ids.filtered(lambda one: one.number and one._stands())
        return " · ".join(filter(None, (move.ref, *live.mapped("number"))))

    @api.model
    def _describe_due(self, item):
        """Return when an item is due; what follows the day stands in one sentence, as
        languages put the day where they want it."""
        if item.move_id.rd_due_waits_for or item.rd_waits_stage:
            return self.env._("not due yet")
        day = format_date(self.env, item.date_maturity or item.date)
        return self.env._("due %(day)s", day=day)

    @api.model
    def _portal_hash(self, items):
        """Return the fingerprint of what a page shows."""
        rows = [
            [item.id, f"{item.amount_residual:.6f}", item.date_maturity or item.date]
            for item in items.sorted("id")
        ]
        return hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()

    # ------------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------------
    @api.model
    def _portal_read(self, values):
        """Return ``(company, items)`` of an act, checked against what was shown."""
        self._portal_check_actor()
        company = self._portal_read_company(values.get("company"))
        own = self._portal_find_items().filtered(
            lambda item: item.company_id == company
        )
        if not own or values.get("content_hash") != self._portal_hash(own):
            raise UserError(
                self.env._("What is open has changed meanwhile; open the page again.")
            )
        refs = self._portal_read_refs(values.get("items"))
        items = own.filtered(lambda item: item.id in refs)
        if len(items) != len(refs):
            raise UserError(
                self.env._("One of the items is not open; open the page again.")
            )
        return company, items

    @api.model
    def _portal_read_company(self, value):
        number = int(value) if str(value).isdecimal() and len(str(value)) < 10 else 0
        return self.env.user.company_ids.filtered(lambda one: one.id == number).sudo()

    @api.model
    def _portal_read_refs(self, value):
        """Return the numbers of chosen items, from a list or from a form."""
        parts = value.split(",") if isinstance(value, str) else value or []
        if not isinstance(parts, list) or len(parts) > MOST_ITEMS:
            raise UserError(self.env._("Choose the items on the page."))
        texts = [str(part) for part in parts if str(part).strip()]
        if any(not text.isdecimal() or len(text) > 9 for text in texts):
            raise UserError(self.env._("Choose the items on the page."))
        return {int(text) for text in texts}

    @api.model
    def _portal_text(self, value):
        return str(value or "").strip()[:MOST_TEXT]

    @api.model
    def _portal_promise(self, values):
        """Take a promise: ``amount``, ``date``, ``items`` (none: a sum)."""
        company, items = self._portal_read(values)
        amount, day = self._portal_read_promise(values)
        return self._portal_note(
            company,
            "promised",
            items,
            amount=company.currency_id.round(amount),
            date=day,
            text=self._portal_text(values.get("text")),
        )

    @api.model
    def _portal_read_promise(self, values):
        try:
            amount = float(values.get("amount") or 0)
            day = fields.Date.to_date(str(values.get("date") or ""))
        except (TypeError, ValueError):
            amount, day = 0, None
        if not 0 < amount < 1e15 or not day:
            raise UserError(self.env._("Say how much you will pay, and on which day."))
        return amount, day

    @api.model
    def _portal_dispute(self, values):
        """Take a dispute: ``items``, ``reason``, ``text``."""
        company, items = self._portal_read(values)
        reason = values.get("reason")
        if not items or reason not in dict(REASONS):
            raise UserError(self.env._("Choose the items, and say why."))
        text = self._portal_text(values.get("text"))
        if reason == "other" and not text:
            raise UserError(self.env._("Say in a few words what is wrong."))
        return self._portal_note(company, "disputed", items, reason=reason, text=text)

    @api.model
    def _portal_proof(self, values, name, data):
        """Take the proof of a payment: it holds the chasing until finance has looked.

        :param name: of the file
        :param data: its bytes
        """
        company, items = self._portal_read(values)
        kind = guess_mimetype(data, default="") if data else ""
        if not data or len(data) > MOST_BYTES or kind not in PROOFS:
            raise UserError(
                self.env._(
                    "Hand in the proof as a photo or PDF of at most %(most)s MB.",
                    most=MOST_BYTES >> 20,
                )
            )
        note = self._portal_note(
            company,
            "disputed",
            items,
            reason="paid",
            text=self._portal_text(values.get("text")),
        )
        paper = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self._portal_text(name)[:100] or "proof",
                    "raw": data,
                    "mimetype": kind,
                    "res_model": self._name,
                    "res_id": note.id,
                }
            )
        )
        note._as_internal().write({"proof_ids": [Command.link(paper.id)]})
        return note

    @api.model
    def _portal_note(self, company, outcome, items, **said):
        """Note it as the system, in the name of who is signed in; tell the owner."""
        partner = self.env.user.commercial_partner_id
        noted = self.sudo().with_company(company)
        note = noted._note_outcome(
            company,
            partner.sudo(),
            outcome,
            items.ids,
            who=self.env.user.name,
            channel="portal",
            **said,
        )
        owner = partner.sudo().user_id or company._rd_get_supervisors()[:1]
        if owner:
            partner.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=company._rd_today(),
                user_id=owner.id,
                summary=self.env._("On the portal: %s", note.display_name),
            )
        return note
