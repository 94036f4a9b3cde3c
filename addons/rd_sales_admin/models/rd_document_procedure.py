# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.flags import flag_search

TODO = "mail.mail_activity_data_todo"


class RdDocument(models.Model):
    """Procedures: who has to read them, and when they are looked at again."""

    _name = "rd.document"
    _inherit = ["rd.document"]

    reader_ids = fields.Many2many(
        "res.users",
        "rd_document_reader_rel",
        "document_id",
        "user_id",
        string="To be read by",
        domain=[("share", "=", False)],
        help="Each of them says for each version that he has read it.",
    )
    review_months = fields.Integer(string="Reviewed every (months)", default=12)
    review_date = fields.Date(string="Next review", copy=False, tracking=True)
    review_reminded_date = fields.Date(readonly=True, copy=False)
    reading_ids = fields.One2many("rd.document.reading", "document_id")
    to_read = fields.Boolean(compute="_compute_to_read", search="_search_to_read")
    read_text = fields.Char(string="Read by", compute="_compute_read_text")

    _review_months_positive = models.Constraint(
        "CHECK (review_months >= 0)",
        "The months between two reviews cannot be below zero.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"review_reminded_date"}

    @api.depends_context("uid")
    @api.depends("reading_ids.read_date", "version_id")
    def _compute_to_read(self):
        for document in self:
            document.to_read = bool(document._get_own_reading())

    @api.model
    @flag_search
    def _search_to_read(self):
        own = [("user_id", "=", self.env.uid), ("read_date", "=", False)]
        return Domain("version_id.reading_ids", "any", own)

    @api.depends("reading_ids.read_date", "version_id")
    def _compute_read_text(self):
        for document in self:
            readings = document.reading_ids.filtered(
                lambda one, document=document: one.version_id == document.version_id
            )
            done = len(readings.filtered("read_date"))
            document.read_text = f"{done}/{len(readings)}" if readings else ""

    def _get_own_reading(self):
        """Return what the present user still has to read of the valid version."""
        return self.reading_ids.filtered(
            lambda one: (
                one.user_id == self.env.user
                and not one.read_date
                and one.version_id == one.document_id.version_id
            )
        )

    @api.constrains("reader_ids")
    def _check_readers(self):
        """Nobody is asked to read what he may not open."""
        for document in self:
            for user in document.reader_ids:
                if not document.with_user(user).sudo(False).has_access("read"):
                    raise UserError(
                        self.env._(
                            "%(user)s may not open %(paper)s and cannot be asked to "
                            "read it.",
                            user=user.name,
                            paper=document.display_name,
                        )
                    )

    def write(self, vals):
        res = super().write(vals)
        if "reader_ids" in vals:
            self.version_id._ask_readers()
        return res

    def action_acknowledge(self):
        """Say that you have read the valid version."""
        self.check_access("read")
        for document in self:
            reading = document._get_own_reading()
            if not reading:
                raise UserError(
                    self.env._(
                        "There is nothing of %s that you still have to read.",
                        document.display_name,
                    )
                )
            reading._acknowledge()
        return True

    def action_still_valid(self):
        """Note that the procedure was looked at and holds as it is."""
        self.check_access("write")
        for document in self:
            if document.kind != "procedure" or document.state != "filed":
                raise UserError(
                    self.env._(
                        "%s is no procedure in force; only those are reviewed.",
                        document.display_name,
                    )
                )
            document._plan_review()
            document.message_post(body=self.env._("Reviewed; it holds as it is."))
        return True

    def _plan_review(self):
        """Put the next review off by the period, and end the reminder."""
        for document in self:
            months = relativedelta(months=document.review_months)
            day = document.company_id._rd_today() + months
            document._as_internal().write(
                {
                    "review_date": day if document.review_months else False,
                    "review_reminded_date": False,
                }
            )
        self.activity_feedback([TODO], only_automated=True)

    @api.model
    def _remind_reviews(self, company):
        """Plan an activity for each procedure whose review is due, once."""
        due = self.search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "procedure"),
                ("state", "=", "filed"),
                ("review_date", "<=", company._rd_today()),
                ("review_reminded_date", "=", False),
            ]
        )
        for document in due:
            document.activity_schedule(
                TODO,
                date_deadline=document.review_date,
                summary=self.env._("Review %s", document.display_name),
                user_id=(document.user_id or company._rd_get_supervisors()[:1]).id,
            )
        due._as_internal().write({"review_reminded_date": company._rd_today()})
        return due

    def _take_version(self):
        res = super()._take_version()
        procedures = self.filtered(lambda document: document.kind == "procedure")
        procedures._plan_review()
        procedures.version_id._ask_readers()
        return res
