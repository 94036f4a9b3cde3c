# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.flags import flag_search
from .rd_document_retention import DOCUMENT_KINDS

PREFIXES = {
    "quotation": "QT",
    "contract": "CT",
    "order": "SO",
    "shipping": "SL",
    "receipt": "RC",
    "handover": "HO",
    "statement": "ST",
    "invoice": "IV",
    "ledger": "RG",
    "statistics": "SR",
    "property": "CP",
    "procedure": "PR",
}


class RdDocument(models.Model):
    """One paper of the register: its number, its versions, and where it stands.

    What is filed stays: until its last day of keeping neither the entry nor its
    files can be deleted, and after it only by an approved destruction list.
    """

    _name = "rd.document"
    _description = "Filed Paper"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "title"]
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    title = fields.Char(required=True, tracking=True)
    kind = fields.Selection(DOCUMENT_KINDS, required=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Owner", default=lambda self: self.env.user, tracking=True
    )
    date = fields.Date(
        string="Date of the paper",
        required=True,
        default=lambda self: self.env.company._rd_today(),
    )
    ended_date = fields.Date(
        string="Ended on",
        tracking=True,
        copy=False,
        help="Contract fulfilled, procedure replaced: from here some kinds are kept.",
    )
    keywords = fields.Char(help="Further words it shall be found by.")
    place_id = fields.Many2one(
        "rd.document.place",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Where the original stands; empty when there is only the file.",
    )
    state = fields.Selection(
        [
            ("draft", "Not filed yet"),
            ("filed", "Valid"),
            ("superseded", "Superseded"),
            ("destroyed", "Destroyed"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    res_model = fields.Char(string="Record's model", readonly=True, copy=False)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True, copy=False
    )
    res_name = fields.Char(string="Belongs to", readonly=True, copy=False)
    version_ids = fields.One2many(
        "rd.document.version", "document_id", string="Versions"
    )
    version_id = fields.Many2one(
        "rd.document.version",
        string="Valid version",
        compute="_compute_version_id",
        store=True,
        index="btree_not_null",
    )
    version = fields.Char(related="version_id.label")
    attachment_ids = fields.Many2many(related="version_id.attachment_ids")
    supersedes_id = fields.Many2one(
        "rd.document",
        string="Takes the place of",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
    )
    superseded_by_id = fields.Many2one(
        "rd.document", string="Superseded by", readonly=True, copy=False
    )
    retain_until = fields.Date(string="Keep until", readonly=True, copy=False)
    free = fields.Boolean(
        string="May be destroyed", compute="_compute_free", search="_search_free"
    )
    find = fields.Char(compute="_compute_find", search="_search_find")
    find_text = fields.Text(
        compute="_compute_find_text", store=True, index="trigram", string="Words"
    )

    _name_once = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL", "This number has been given."
    )
    _of_record = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _ended_after = models.Constraint(
        "CHECK (ended_date >= date)", "A paper ends on its own day or later."
    )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("name", "title")
    def _compute_display_name(self):
        for document in self:
            parts = (document.name, document.title)
            document.display_name = " ".join(part for part in parts if part)

    @api.depends("version_ids.state")
    def _compute_version_id(self):
        for document in self:
            document.version_id = document.version_ids.filtered(
                lambda version: version.state == "in_force"
            )[:1]

    @api.depends("retain_until", "state")
    def _compute_free(self):
        for document in self:
            today = document.company_id._rd_today()
            document.free = bool(
                document.state in ("filed", "superseded")
                and document.retain_until
                and document.retain_until < today
            )

    @api.model
    @flag_search
    def _search_free(self):
        past = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("retain_until", "<", company._rd_today())
            for company in self.env.companies
        )
        return past & Domain("state", "in", ("filed", "superseded"))

    @api.depends(
        "name",
        "title",
        "keywords",
        "res_name",
        "partner_id.name",
        "partner_id.ref",
        "version_ids.reference",
    )
    def _compute_find_text(self):
        for document in self:
            words = (
                document.name,
                document.title,
                document.res_name,
                document.partner_id.name,
                document.partner_id.ref,
                document.keywords,
                *document.version_ids.mapped("reference"),
            )
            document.find_text = " ".join(word for word in words if word)

    def _compute_find(self):
        for document in self:
            document.find = document.find_text

    @api.model
    def _search_find(self, operator, value):
        """Find by words in any order: number, partner, order number, title."""
        if operator not in ("ilike", "=", "in") or not value:
            return NotImplemented
        text = value if isinstance(value, str) else " ".join(map(str, value))
        return Domain.AND(
            Domain("find_text", "ilike", word)
            | Domain("place_id.complete_name", "ilike", word)
            for word in text.split()
        )

    # ------------------------------------------------------------------
    # Workflow and guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "filed": ("draft",),
            "superseded": ("filed",),
            "destroyed": ("filed", "superseded"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "name",
            "res_model",
            "res_id",
            "res_name",
            "version_id",
            "find_text",
            "retain_until",
            "superseded_by_id",
        }

    def _check_frozen(self, names):
        if set(names) <= self._get_open_fields():
            return
        for document in self:
            if document.state == "destroyed":
                raise UserError(
                    self.env._(
                        "%s has been destroyed; its entry stays as it is.",
                        document.display_name,
                    )
                )
            fixed = {"kind", "company_id", "supersedes_id"} & set(names)
            if fixed and document.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is filed; its kind, company and what it takes the place "
                        "of stay as they are.",
                        document.display_name,
                    )
                )

    @api.constrains("ended_date")
    def _check_ended(self):
        for document in self:
            day = document.ended_date
            if day and day > document.company_id._rd_today():
                raise UserError(
                    self.env._("%s cannot have ended yet.", document.display_name)
                )

    @api.constrains("supersedes_id")
    def _check_supersedes(self):
        if self._has_cycle("supersedes_id"):
            raise UserError(self.env._("A paper cannot take its own place."))

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        for document in documents:
            document._as_internal().write({"name": document._next_number()})
        documents._stamp_retention()
        return documents

    def write(self, vals):
        res = super().write(vals)
        if {"date", "ended_date", "kind"} & vals.keys():
            self._stamp_retention()
        return res

    def unlink(self):
        """Delete entries never filed, with their drafts; nothing else is deleted."""
        self._check_deletable()
        self.version_ids.unlink()
        return super().unlink()

    def _check_deletable(self):
        for document in self:
            if document.state != "draft":
                raise UserError(document._get_why_kept())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_moved(self):
        """Nothing that was filed is deleted, whoever asks and by whatever code."""
        self._check_deletable()

    def _get_why_kept(self):
        """Return the sentence why this paper cannot be deleted now."""
        self.ensure_one()
        if self.state == "destroyed":
            return self.env._(
                "%s has been destroyed; its entry proves it and stays.",
                self.display_name,
            )
        if self.free:
            return self.env._(
                "%(paper)s was kept until %(day)s; it goes by a destruction list that "
                "a second person approves.",
                paper=self.display_name,
                day=self.retain_until,
            )
        if self.retain_until:
            return self.env._(
                "%(paper)s has to be kept until %(day)s and cannot be deleted.",
                paper=self.display_name,
                day=self.retain_until,
            )
        return self.env._(
            "%s has to be kept; until which day is not known yet.",
            self.display_name,
        )

    def copy_data(self, default=None):
        """A copy is a new entry that is not filed yet."""
        values = super().copy_data(default)
        for document, vals in zip(self, values, strict=True):
            vals["title"] = self.env._("%s (copy)", document.title)
        return values

    # ------------------------------------------------------------------
    # Retention and numbers
    # ------------------------------------------------------------------
    def _stamp_retention(self):
        """Note the last day of keeping; a day once noted only moves later."""
        rules = {}
        for document in self:
            key = (document.kind, document.company_id)
            if key not in rules:
                rules[key] = self.env["rd.document.retention"]._find(*key)
            end = rules[key]._get_end(document.date, document.ended_date)
            before = document.retain_until
            if end and (not before or end > before):
                document._as_internal().write({"retain_until": end})
            elif not end and before and rules[key].basis == "forever":
                document._as_internal().write({"retain_until": False})

    def _next_number(self):
        """Return the next number of the kind, counted by year and company."""
        self.ensure_one()
        company = self.company_id
        code = f"rd.document.{self.kind}"
        sequence = (
            self.env["ir.sequence"]
            .sudo()
            .search([("code", "=", code), ("company_id", "=", company.id)], limit=1)
        ) or self._create_sequence(code, company)
        return sequence.next_by_id(sequence_date=self.date)

    def _create_sequence(self, code, company):
        """Make the sequence of a kind; its external id makes uninstall remove it.

        Two at a time: the second one's external id conflicts, and Odoo tries the
        whole request again.
        """
        prefix = PREFIXES.get(self.kind, "DC")
        sequence = (
            self.env["ir.sequence"]
            .sudo()
            .create(
                {
                    "name": f"{prefix} {company.name}",
                    "code": code,
                    "company_id": company.id,
                    "prefix": f"{prefix}/%(range_year)s/",
                    "padding": 4,
                    "use_date_range": True,
                }
            )
        )
        external = {
            "xml_id": f"rd_sales_admin.sequence_{self.kind}_company_{company.id}",
            "record": sequence,
            "noupdate": True,
        }
        self.env["ir.model.data"].sudo()._update_xmlids([external])
        return sequence

    # ------------------------------------------------------------------
    # Following a version
    # ------------------------------------------------------------------
    def _take_version(self):
        """File entries whose first version came into force; end what they replace."""
        self.filtered(lambda document: document.state == "draft")._move_to("filed")
        for document in self:
            old = document.supersedes_id
            if old.state == "filed":
                old._supersede(document)
        self.env["rd.document.due"]._note_filed(self)

    def _supersede(self, document):
        today = self.company_id._rd_today()
        self._move_to(
            "superseded",
            {
                "superseded_by_id": document.id,
                "ended_date": self.ended_date or max(today, self.date),
            },
        )
        self._stamp_retention()

    def action_open_record(self):
        """Open the record that the paper belongs to."""
        self.ensure_one()
        if not self.res_id or self.res_model not in self.env:
            raise UserError(self.env._("%s belongs to no record.", self.display_name))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
