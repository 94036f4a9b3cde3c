# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

SUPERVISOR = "rd_sales_admin.rd_sales_admin_group_supervisor"
CLERK = "rd_sales_admin.rd_sales_admin_group_clerk"
FROZEN = ("in_force", "replaced")


class RdDocumentVersion(models.Model):
    """One state of a paper: its files, who made it, and whether it holds.

    Most papers hold as soon as they are filed. A procedure is reviewed and approved
    by others than its author first.
    """

    _name = "rd.document.version"
    _description = "Version of a Paper"
    _inherit = ["mail.thread", "rd.workflow.mixin"]
    _order = "document_id, number desc"
    _rec_name = "label"

    document_id = fields.Many2one(
        "rd.document", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="document_id.company_id", store=True, index=True
    )
    kind = fields.Selection(related="document_id.kind")
    number = fields.Integer(string="No.", readonly=True, copy=False)
    label = fields.Char(string="Version", help="Empty: V and the number.")
    reference = fields.Char(
        string="Their number", help="Number that the paper itself carries."
    )
    date = fields.Date(
        string="Filed on", readonly=True, default=lambda s: s.env.company._rd_today()
    )
    author_id = fields.Many2one(
        "res.users", string="Filed by", readonly=True, default=lambda s: s.env.user
    )
    note = fields.Char(string="What changed")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "rd_document_version_attachment_rel",
        "version_id",
        "attachment_id",
        string="Files",
        readonly=True,
        copy=False,
        ondelete="restrict",
        bypass_search_access=True,
    )
    checksums = fields.Char(string="Check sums", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("reviewed", "Reviewed"),
            ("approved", "Approved"),
            ("in_force", "In force"),
            ("replaced", "Replaced"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    reviewed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    in_force_date = fields.Date(string="In force from", readonly=True, copy=False)
    replaced_date = fields.Date(string="Replaced on", readonly=True, copy=False)

    _number_once = models.UniqueIndex(
        "(document_id, number)", "This version of the paper is already there."
    )
    _one_in_force = models.UniqueIndex(
        "(document_id) WHERE state = 'in_force'",
        "Another version of this paper is in force already.",
    )

    @api.depends("document_id.display_name", "label")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.document_id.display_name} {version.label}"

    # ------------------------------------------------------------------
    # Workflow and guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "draft": ("reviewed", "approved"),
            "reviewed": ("draft",),
            "approved": ("reviewed",),
            "in_force": ("draft", "approved"),
            "replaced": ("in_force",),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "number",
            "date",
            "author_id",
            "attachment_ids",
            "checksums",
            "reviewed_by_id",
            "approved_by_id",
            "in_force_date",
            "replaced_date",
        }

    @api.model
    def _get_frozen_states(self):
        return ("reviewed", "approved", *FROZEN)

    def _check_frozen(self, names):
        if set(names) <= self._get_open_fields():
            return
        for version in self:
            if version.state in self._get_frozen_states():
                raise UserError(
                    self.env._(
                        "%s stays as it was handed on; file a new version instead.",
                        version.display_name,
                    )
                )

    def _why_not(self, target):
        if target != "draft" and not self.attachment_ids:
            return self.env._("%s has no file yet.", self.display_name)
        if target in ("reviewed", "approved"):
            return self._why_not_judge(target) or super()._why_not(target)
        procedure = self.document_id.kind == "procedure"
        if target == "in_force" and procedure and self.state != "approved":
            return self.env._(
                "%s is a procedure; it is reviewed and approved before it comes into "
                "force.",
                self.display_name,
            )
        return super()._why_not(target)

    def _why_not_judge(self, target):
        """Return why the present user may not review or approve, or False."""
        user = self.env.user
        if user == self.author_id:
            return self.env._(
                "%s has to be judged by somebody else than its author.",
                self.display_name,
            )
        if target == "approved" and not user.has_group(SUPERVISOR):
            return self.env._("%s is approved by a supervisor.", self.display_name)
        if not user.has_group(CLERK):
            return self.env._("%s is reviewed at the desk.", self.display_name)
        return False

    def _prepare_transition_values(self, target):
        values = super()._prepare_transition_values(target)
        today = self.company_id._rd_today()
        if target == "reviewed":
            values["reviewed_by_id"] = self.env.uid
        elif target == "approved":
            values["approved_by_id"] = self.env.uid
        elif target == "in_force":
            values["in_force_date"] = today
        elif target == "replaced":
            values["replaced_date"] = today
        else:
            values.update(reviewed_by_id=False, approved_by_id=False)
        return values

    def _after_transition(self, target):
        res = super()._after_transition(target)
        if target == "in_force":
            self.document_id._take_version()
        return res

    @api.model_create_multi
    def create(self, vals_list):
        # the paper may be named by the context as well
        given = self.default_get(["document_id"])
        documents = self.env["rd.document"].browse(
            {**given, **vals}.get("document_id") for vals in vals_list
        )
        documents.check_access("write")
        documents._check_open_for_versions()
        versions = super().create(vals_list)
        versions._count()
        return versions

    def _count(self):
        """Number new versions within their paper, those not visible included."""
        for version in self:
            others = version.document_id.sudo().version_ids - version
            number = max(others.mapped("number"), default=0) + 1
            version._as_internal().write(
                {"number": number, "label": version.label or f"V{number}"}
            )

    def write(self, vals):
        if "document_id" in vals and not self._is_internal():
            raise UserError(self.env._("A version stays with its paper."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_moved(self):
        """Only a draft is deleted, whoever asks and by whatever code."""
        for version in self:
            if version.state != "draft":
                document = version.document_id
                if document.state == "draft":
                    raise UserError(
                        self.env._(
                            "%s is being judged; take it back to draft first.",
                            version.display_name,
                        )
                    )
                raise UserError(document._get_why_kept())

    def unlink(self):
        """Delete drafts with their files."""
        self._unlink_except_moved()
        self.check_access("unlink")
        self._drop_files()
        return super().unlink()

    def _drop_files(self):
        """Delete the files of drafts."""
        papers = self.sudo().attachment_ids
        self._as_internal().write({"attachment_ids": [Command.clear()]})
        papers._rd_internal_unlink()

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    def action_review(self):
        """Hand a procedure on as reviewed, by somebody else than its author."""
        self.check_access("write")
        self._move_to("reviewed")
        return True

    def action_approve(self):
        """Approve a procedure as a supervisor who has not written it."""
        self.check_access("write")
        self._move_to("approved")
        return True

    def action_back_to_draft(self):
        """Give a procedure back to its author before it is in force."""
        self.check_access("write")
        self._move_to("draft")
        return True

    def action_put_in_force(self):
        """Let versions hold from today; the ones before them are replaced."""
        self.check_access("write")
        for version in self.filtered(lambda one: one.state != "in_force"):
            if reason := version._why_not("in_force"):
                raise UserError(reason)
            version.document_id._check_open_for_versions()
            version.document_id.version_ids.filtered(
                lambda one: one.state == "in_force"
            )._move_to("replaced")
            self.flush_model(["state"])
            version._move_to("in_force")
        return True
