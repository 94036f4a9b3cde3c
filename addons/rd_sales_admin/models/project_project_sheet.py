# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.roles import DESK

# What a sheet has to say before it counts as complete.
ASKED = (
    "partner_id",
    "rd_programme",
    "rd_yearly_qty",
    "rd_sop_date",
    "rd_quoted_price",
    "rd_target_price",
    "rd_contract_price",
    "rd_tooling_price",
    "rd_salesperson_id",
)
# What Odoo lets everybody set who reads a project.
ANYBODYS = frozenset({"is_favorite", "last_update_status"})
# What the desk writes of a project; the rest belongs to Odoo's project managers.
SHEET_FIELDS = frozenset(
    {
        *ASKED,
        *("rd_on_sheet", "rd_stage_ids", "rd_sheet_note", "rd_sheet_due"),
        *("activity_ids", "message_ids", "message_follower_ids"),
        *("rd_sheet_complete_date", "rd_requested_date", "rd_reminded_date"),
    }
)


class ProjectProject(models.Model):
    """The project sales sheet: what sales knows of a project, and what it brings.

    Invoiced and paid come from Odoo's entries. What is missing is asked of the
    salesperson; the day on which the sheet became complete is kept against the day
    it was due.
    """

    _name = "project.project"
    _inherit = ["project.project", "rd.guarded.mixin"]

    rd_on_sheet = fields.Boolean(
        string="On the sales sheet",
        compute="_compute_rd_on_sheet",
        store=True,
        readonly=False,
        copy=False,
        groups=DESK,
    )
    rd_salesperson_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False)]",
        copy=False,
        groups=DESK,
        compute="_compute_rd_salesperson_id",
        store=True,
        readonly=False,
    )
    rd_programme = fields.Char(
        string="Programme",
        copy=False,
        groups=DESK,
        help="Vehicle or product programme.",
    )
    rd_yearly_qty = fields.Float(
        string="Yearly quantity", digits="Product Unit", copy=False, groups=DESK
    )
    rd_sop_date = fields.Date(string="Start of production", copy=False, groups=DESK)
    rd_quoted_price = fields.Monetary(string="Quoted price", copy=False, groups=DESK)
    rd_target_price = fields.Monetary(
        string="Target price",
        copy=False,
        groups=DESK,
        help="Price the customer asks for.",
    )
    rd_contract_price = fields.Monetary(
        string="Contract price", copy=False, groups=DESK
    )
    rd_tooling_price = fields.Monetary(string="Tooling price", copy=False, groups=DESK)
    rd_sheet_note = fields.Char(string="Sheet remark", copy=False, groups=DESK)
    rd_stage_ids = fields.One2many(
        "rd.project.stage", "project_id", string="Development stages", groups=DESK
    )
    rd_stage = fields.Char(
        string="Development stage", compute="_compute_rd_stage", groups=DESK
    )
    rd_stage_late = fields.Boolean(
        string="Development late", compute="_compute_rd_stage", groups=DESK
    )
    rd_settlement = fields.Char(
        string="Settlement stages", compute="_compute_rd_settlement", groups=DESK
    )
    rd_ordered = fields.Monetary(
        string="Ordered", compute="_compute_rd_money", groups=DESK
    )
    rd_invoiced = fields.Monetary(
        string="Invoiced",
        compute="_compute_rd_money",
        groups=DESK,
        help="Posted invoices less credit notes, without tax, in company currency.",
    )
    rd_paid = fields.Monetary(
        string="Paid",
        compute="_compute_rd_money",
        groups=DESK,
        help="What of the invoiced amount was paid, in proportion where an invoice "
        "bears other projects, too.",
    )
    rd_missing_count = fields.Integer(
        string="Missing on the sheet",
        compute="_compute_rd_missing",
        store=True,
    )
    rd_missing = fields.Char(
        string="What is missing", compute="_compute_rd_missing_names", groups=DESK
    )
    rd_sheet_due = fields.Date(
        string="Sheet due",
        copy=False,
        groups=DESK,
        help="Day by which the sheet is complete.",
    )
    rd_sheet_complete_date = fields.Date(
        string="Sheet complete on", readonly=True, copy=False, groups=DESK
    )
    rd_requested_date = fields.Date(
        string="Last requested for", readonly=True, copy=False, groups=DESK
    )
    rd_reminded_date = fields.Date(readonly=True, copy=False, groups=DESK)
    rd_timeliness = fields.Selection(
        [
            ("timely", "Complete in time"),
            ("late", "Complete, late"),
            ("open", "Open"),
            ("overdue", "Open, overdue"),
        ],
        string="Timeliness",
        compute="_compute_rd_timeliness",
        compute_sudo=True,
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            *("rd_sheet_complete_date", "rd_requested_date", "rd_reminded_date"),
            "rd_missing_count",
        }

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("allow_billable", "is_template")
    def _compute_rd_on_sheet(self):
        for project in self:
            project.rd_on_sheet = project.allow_billable and not project.is_template

    @api.depends("partner_id", "sale_line_id")
    def _compute_rd_salesperson_id(self):
        for project in self:
            # Whoever keeps a project need not see customers or orders.
            known = project.sudo()
            project.rd_salesperson_id = (
                known.rd_salesperson_id
                or known.partner_id.user_id
                or known.sale_line_id.order_id.user_id
            )

    @api.depends(*ASKED)
    def _compute_rd_missing(self):
        for project in self:
            project.rd_missing_count = len(project._rd_get_missing())

    @api.depends(*ASKED)
    def _compute_rd_missing_names(self):
        for project in self:
            project.rd_missing = ", ".join(project._rd_get_missing())

    def _rd_get_missing(self):
        """Return the labels of what the sheet still lacks."""
        self.ensure_one()
        # Whether something is missing is no secret; what it says, is.
        project = self.sudo()
        return [
            project._fields[name]._description_string(self.env)
            for name in ASKED
            if not project[name]
        ]

    @api.depends("rd_stage_ids.actual_date", "rd_stage_ids.planned_date")
    def _compute_rd_stage(self):
        for project in self:
            stages = project.rd_stage_ids
            current = stages.filtered("actual_date")[-1:] or stages[:1]
            project.rd_stage = current.display_name or False
            project.rd_stage_late = any(stage.late for stage in stages)

    def _compute_rd_settlement(self):
        handovers = (
            self.env["rd.handover"]
            .sudo()
            .search(
                [("project_id", "in", self.ids), ("state", "!=", "cancelled")],
                order="id",
            )
        )
        labels = dict(handovers._fields["state"]._description_selection(self.env))
        texts = {project: [] for project in self}
        for handover in handovers:
            texts[handover.project_id.with_env(self.env)].append(
                f"{handover.share:g} % {labels[handover.state]}"
            )
        for project in self:
            project.rd_settlement = ", ".join(texts[project]) or False

    def _compute_rd_money(self):
        # The rules on projects and fields decide who sees the sums.
        groups = (
            self.env["rd.project.sheet.report"]
            .sudo()
            ._read_group(
                [("project_id", "in", self.ids)],
                ["project_id"],
                ["ordered:sum", "invoiced:sum", "paid:sum"],
            )
        )
        sums = {project.id: amounts for project, *amounts in groups}
        for project in self:
            ordered, invoiced, paid = sums.get(project.id, (0.0, 0.0, 0.0))
            project.rd_ordered = ordered
            project.rd_invoiced = invoiced
            project.rd_paid = paid

    @api.depends("rd_sheet_due", "rd_sheet_complete_date", "rd_missing_count")
    def _compute_rd_timeliness(self):
        for project in self:
            due, done = project.rd_sheet_due, project.rd_sheet_complete_date
            today = (project.company_id or self.env.company)._rd_today()
            if done:
                project.rd_timeliness = "late" if due and done > due else "timely"
            else:
                project.rd_timeliness = "overdue" if due and due < today else "open"

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """Give each project on the sheet the day by which it is complete."""
        projects = super().create(vals_list)
        projects._rd_set_sheet_due()
        projects._rd_note_complete()
        return projects

    def _rd_set_sheet_due(self):
        # The day is kept by the system, whoever makes a project.
        for project in self.sudo()._as_internal():
            company = project.company_id or self.env.company
            if project.rd_on_sheet and not project.rd_sheet_due:
                project.rd_sheet_due = company._rd_days_later(
                    company._rd_today(), company.rd_sheet_days
                )

    def write(self, vals):
        """Let the desk write the sheet, and nothing else of a project."""
        if not self._is_internal():
            self._rd_check_sheet_only(vals)
        res = super().write(vals)
        if set(ASKED) & vals.keys():
            self._rd_note_complete()
        return res

    def _rd_check_sheet_only(self, vals):
        manages = self.env.su or self.env.user.has_group(
            "project.group_project_manager"
        )
        other = sorted(vals.keys() - SHEET_FIELDS - ANYBODYS)
        if other and not manages:
            raise AccessError(
                self.env._(
                    "“%(field)s” of a project is kept by project managers; the desk "
                    "keeps its sales sheet.",
                    field=self._fields[other[0]]._description_string(self.env)
                    if other[0] in self._fields
                    else other[0],
                )
            )

    def _rd_note_complete(self):
        """Keep the first day on which nothing was missing, and close what was asked."""
        for project in self.sudo():
            done = project.rd_on_sheet and not project.rd_missing_count
            if done and not project.rd_sheet_complete_date:
                today = (project.company_id or self.env.company)._rd_today()
                project._as_internal().write({"rd_sheet_complete_date": today})
                project._rd_close_request()
