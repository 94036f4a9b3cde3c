# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import ast
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .rd_document_retention import DOCUMENT_KINDS
from .sale_order import ORDER_KINDS


class Source(NamedTuple):
    """Where a model keeps what the register of papers has to know of its records."""

    date: str
    """Field the due day is counted from."""
    partner: str = "partner_id"
    """Path to the partner, or empty."""
    company: str = "company_id"
    """Path to the company, or empty."""
    owner: str = "user_id"
    """Path to the user who brings the paper, or empty."""
    order_kind: str = ""
    """Path to the kind of the order, or empty."""
    ended: str = ""
    """Path to the day on which the record ended; keeping may count from it."""
    numbers: tuple = ("name",)
    """Paths of the numbers that the record's papers are found by."""

    def _get_value(self, record, path):
        """Return what is at the end of a path of the record, or False."""
        names = path.split(".") if path else []
        for name in names:
            if name not in record._fields:
                return False
            record = record[:1][name]
        return record if names else False

    def _get_numbers(self, record):
        """Return the numbers that the record is known by."""
        numbers = (self._get_value(record, path) for path in self.numbers)
        found = [str(number) for number in numbers if number]
        return list(dict.fromkeys(found)) or [record.display_name]


class RdDocumentRequirement(models.Model):
    """Which paper each record of a model needs, and by when.

    Any model with a conversation can be named, so another add-on adds its own by a
    data record; ``_get_sources`` through ``super()`` says where its fields are.
    """

    _name = "rd.document.requirement"
    _description = "Paper Needed"
    _order = "sequence, id"

    name = fields.Char(string="Paper", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for all companies."
    )
    model_id = fields.Many2one(
        "ir.model",
        string="Needed for each",
        required=True,
        ondelete="cascade",
        domain=[("is_mail_thread", "=", True), ("transient", "=", False)],
    )
    model = fields.Char(related="model_id.model", store=True, index=True)
    order_kind = fields.Selection(ORDER_KINDS, help="Empty: for orders of any kind.")
    domain = fields.Char(
        string="Which of them", default="[]", required=True, help="A search domain."
    )
    document_kind = fields.Selection(DOCUMENT_KINDS, required=True)
    date_field_id = fields.Many2one(
        "ir.model.fields",
        string="Counted from",
        ondelete="cascade",
        domain="[('model_id', '=', model_id), ('ttype', 'in', ('date', 'datetime'))]",
    )
    days = fields.Integer(string="Due after (days)", default=7)
    user_id = fields.Many2one(
        "res.users", string="Brought by", help="Empty: the owner of the record."
    )
    due_ids = fields.One2many("rd.document.due", "requirement_id")

    @api.model
    def _get_sources(self):
        """Return ``{model: Source}``; add-ons append theirs through super()."""
        return {
            "sale.order": Source(
                "date_order",
                "partner_invoice_id",
                order_kind="rd_order_kind",
                numbers=("name", "client_order_ref"),
            ),
            "stock.picking": Source("date_done", numbers=("name", "rd_note", "origin")),
            "account.move": Source(
                "invoice_date",
                owner="invoice_user_id",
                numbers=("name", "invoice_origin"),
            ),
            "rd.contract": Source(
                "date_signed",
                ended="ended_on",
                numbers=("name", "customer_number"),
            ),
            "rd.handover": Source("confirmed_date", numbers=("name", "order_id.name")),
            "rd.shipping.list": Source("date_to", owner="received_by_id"),
            "rd.close": Source("month", partner="", owner=""),
        }

    @api.model
    def _get_source(self, model):
        """Return the source of a model; one nobody has told of is guessed."""
        return self._get_sources().get(model) or Source("create_date")

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.constrains("domain", "model_id", "order_kind", "date_field_id")
    def _check_domain(self):
        for requirement in self:
            if not requirement._is_thread():
                raise UserError(
                    self.env._(
                        "“%s” has no conversation; papers cannot belong to it.",
                        requirement.model_id.name,
                    )
                )
            try:
                requirement._get_domain(self.env.company).validate(
                    self.env[requirement.model]
                )
            except (ValueError, SyntaxError, TypeError) as error:
                raise UserError(
                    self.env._(
                        "“%(domain)s” does not choose records of “%(model)s”.",
                        domain=requirement.domain,
                        model=requirement.model_id.name,
                    )
                ) from error

    def _is_thread(self):
        model = self.env.get(self.model)
        return (
            model is not None
            and not model._transient
            and not model._abstract
            and "message_ids" in model._fields
        )

    # ------------------------------------------------------------------
    # What is needed
    # ------------------------------------------------------------------
    def _get_date_path(self):
        return self.date_field_id.name or self._get_source(self.model).date

    def _get_domain(self, company):
        """Return the domain of the company's records that need the paper."""
        source = self._get_source(self.model)
        known = self.env[self.model]._fields
        domain = Domain(ast.literal_eval(self.domain or "[]"))
        if source.company in known:
            domain &= Domain(source.company, "in", (False, company.id))
        if self.order_kind and source.order_kind:
            domain &= Domain(source.order_kind, "=", self.order_kind)
        path = self._get_date_path()
        domain &= Domain(path, "!=", False)
        if company.rd_start_date:
            domain &= Domain(path, ">=", company.rd_start_date)
        return domain

    def _get_due_date(self, record):
        """Return the company's day on which the paper of a record is due."""
        moment = record[self._get_date_path()]
        company = self._get_company(record)
        day = company._rd_local_date(moment) if hasattr(moment, "hour") else moment
        return fields.Date.add(day, days=self.days)

    def _get_company(self, record):
        source = self._get_source(self.model)
        found = source._get_value(record, source.company)
        return found or self.company_id or self.env.company

    def _prepare_dues(self, records):
        """Return the values of what is due of each of the records."""
        if not records:
            return []
        common = self.company_id or self.env.company
        fallback = common._rd_get_supervisors()[:1]
        return [self._prepare_due(record, fallback) for record in records]

    def _prepare_due(self, record, fallback):
        source = self._get_source(self.model)
        partner = source._get_value(record, source.partner)
        owner = self.user_id or source._get_value(record, source.owner) or fallback
        return {
            "requirement_id": self.id,
            "res_model": self.model,
            "res_id": record.id,
            "res_name": " ".join(source._get_numbers(record)),
            "partner_id": partner.commercial_partner_id.id if partner else False,
            "company_id": self._get_company(record).id,
            "date_due": self._get_due_date(record),
            "user_id": owner.id,
        }

    def write(self, vals):
        res = super().write(vals)
        words = {"domain", "model_id", "order_kind", "date_field_id", "active"}
        if words & vals.keys():
            self._forget_missing()
        return res

    def _forget_missing(self):
        """What was due by the old words is asked for anew at the next look."""
        # Nobody deletes what is due; it follows from the words.
        missing = self.sudo().due_ids.filtered(lambda due: due.state == "missing")
        missing._as_internal().unlink()
