# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.rd_sales_admin.tools.flags import flag_search

from .rd_property import HELD
from .rd_property_figures import RHYTHMS

ASKED = ("sent", "disputed")
CHANNELS = ("phone", "fax", "paper", "message", "scan")


class RdPropertyConfirmation(models.Model):
    """The letter by which an owner confirms what we keep for him, line by line.

    It states the register as of a day and what has changed since the last letter.
    What was sent never changes; each answer names the revision it was given to.
    """

    _name = "rd.property.confirmation"
    _description = "Confirmation of Customer Property"
    _inherit = [
        "rd.workflow.mixin",
        "rd.confirmation.mixin",
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "day desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number", required=True, default="/", copy=False, readonly=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Owner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    day = fields.Date(
        string="As of",
        required=True,
        default=lambda self: self.env.company._rd_today(),
        tracking=True,
    )
    previous_id = fields.Many2one(
        "rd.property.confirmation", string="Letter before", readonly=True, copy=False
    )
    user_id = fields.Many2one(
        "res.users",
        string="Handled by",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        check_company=True,
        tracking=True,
    )
    answer_due = fields.Date(string="Answer expected by", readonly=True, copy=False)
    is_late = fields.Boolean(
        string="Answer is late", compute="_compute_is_late", search="_search_is_late"
    )
    line_ids = fields.One2many(
        "rd.property.confirmation.line", "confirmation_id", string="Lines", copy=False
    )
    line_count = fields.Integer(compute="_compute_counts")
    disputed_count = fields.Integer(
        string="Lines that differ", compute="_compute_counts"
    )
    count_id = fields.Many2one(
        "rd.property.count", string="Recount", readonly=True, copy=False
    )
    state = fields.Selection(
        [
            ("draft", "Prepared"),
            ("sent", "Sent"),
            ("disputed", "Differs"),
            ("confirmed", "Confirmed"),
            ("settled", "Settled"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        index=True,
        copy=False,
        tracking=True,
    )

    _number_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'",
        "A letter with this number exists already.",
    )
    _day_once = models.UniqueIndex(
        "(company_id, partner_id, day) WHERE state != 'cancelled'",
        "This owner has a letter as of this day already; send that one.",
    )

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------
    def _compute_access_url(self):
        res = super()._compute_access_url()
        for letter in self:
            letter.access_url = f"/my/property-letters/{letter.id}"
        return res

    @api.depends("line_ids.verdict")
    def _compute_counts(self):
        groups = self.env["rd.property.confirmation.line"]._read_group(
            [("confirmation_id", "in", self.ids)],
            ["confirmation_id", "verdict"],
            ["__count"],
        )
        counts = {(letter.id, verdict): count for letter, verdict, count in groups}
        verdicts = {verdict for _letter, verdict in counts}
        for letter in self:
            own = {one: counts.get((letter._origin.id, one), 0) for one in verdicts}
            letter.line_count = sum(own.values())
            letter.disputed_count = own.get("disputed", 0)

    @api.depends("state", "answer_due")
    def _compute_is_late(self):
        for letter in self:
            due = letter.answer_due
            letter.is_late = (
                letter.state == "sent"
                and bool(due)
                and due < letter.company_id._rd_today()
            )

    @api.model
    @flag_search
    def _search_is_late(self):
        late = self.env["res.company"]._rd_compare_today("answer_due", "<")
        late = self._search(late & fields.Domain("state", "=", "sent"))
        return [("id", "in", late)]

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.constrains("day")
    def _check_day(self):
        for letter in self:
            if letter.day > letter.company_id._rd_today():
                raise ValidationError(
                    self.env._("The letter's day cannot lie in the future.")
                )

    @api.model
    def _get_transitions(self):
        return {
            "sent": ("draft",),
            "disputed": ("sent",),
            "confirmed": ("sent",),
            "settled": ("disputed",),
            "cancelled": ("draft", "sent"),
        }

    @api.model
    def _get_frozen_states(self):
        return ("sent", "disputed", "confirmed", "settled", "cancelled")

    @api.model
    def _get_open_fields(self):
        return super()._get_open_fields() | {"user_id", "access_token"}

    @api.model
    def _get_guarded_fields(self):
        names = {"name", "previous_id", "answer_due", "line_ids", "count_id"}
        return super()._get_guarded_fields() | names

    def _frozen_refusal(self):
        return self.env._(
            "%(letter)s was sent to its owner and stays as it is; make another one.",
            letter=self.display_name,
        )

    def _why_not(self, target):
        names = {"letter": self.display_name, "owner": self.partner_id.name}
        if target == "sent" and not self.line_ids:
            return self.env._("We keep nothing of %(owner)s to confirm.", **names)
        if target == "sent" and not self._get_recipients():
            return self.env._(
                "%(owner)s has no e-mail address; enter one before %(letter)s is sent.",
                **names,
            )
        if target == "settled" and "disputed" in self.line_ids.mapped("verdict"):
            return self.env._("A line of %(letter)s is still open.", **names)
        return super()._why_not(target)

    def _prepare_confirmation_content(self):
        self.ensure_one()
        return {
            "number": self.name,
            "owner": self.partner_id.name,
            "company": self.company_id.name,
            "day": str(self.day),
            "lines": [line._prepare_content() for line in self.line_ids.sorted("id")],
        }

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        letters = super().create(vals_list)
        letters._give_numbers()
        letters._state_register()
        return letters

    def write(self, vals):
        res = super().write(vals)
        if {"day", "partner_id"} & vals.keys():
            self._state_register()
        return res

    def _give_numbers(self):
        cards = self.env["rd.property"]
        for letter in self._as_internal():
            letter.name = cards._next_of("rd.property.confirmation", letter.company_id)

    def _state_register(self):
        """Write the register of the day and what has changed since the last letter."""
        for letter in self:
            before = letter._find_previous()
            lines = letter._prepare_lines(before)
            letter._as_internal().write(
                {
                    "previous_id": before.id,
                    "line_ids": [Command.clear(), *map(Command.create, lines)],
                }
            )

    def _find_previous(self):
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("day", "<", self.day),
                ("state", "in", ("sent", "disputed", "confirmed", "settled")),
            ],
            order="day desc, id desc",
            limit=1,
        )

    def _prepare_lines(self, before):
        rows = self.env["rd.property.asof"]._get_rows(
            self.company_id, self.day, self.partner_id, gone_since=before.day
        )
        stated = {
            line.property_id.id: line
            for line in before.line_ids
            if line.change != "gone"
        }
        return [
            line
            for row in rows
            if (line := self._prepare_line(row, stated.get(row["id"])))
        ]

    @api.model
    def _prepare_line(self, row, stated):
        here = row["state"] in HELD
        if not here and not stated:
            return None
        same = stated and stated.quantity == row["quantity"]
        return {
            "property_id": row["id"],
            "number": row["number"],
            "description": row["description"],
            "specification": row["specification"],
            "mark": row["mark"],
            "quantity": row["quantity"],
            "uom": row["uom"],
            "received": row["received"] or False,
            "place": row["place"],
            "condition": row["condition"],
            "before": stated.quantity if stated else 0.0,
            "change": "gone"
            if not here
            else "same"
            if same
            else "changed"
            if stated
            else "new",
        }

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------
    def action_send(self):
        """Send the letter with its PDF and workbook; a repeat sends nothing.

        :raise UserError: without an address, or where nothing is kept
        """
        self.check_access("write")
        for letter in self:
            due = letter.company_id._rd_today() + relativedelta(days=14)
            if letter._move_to("sent", {"answer_due": due}):
                letter._fix_revision()
                letter._send_letter()
        return True

    def _get_recipients(self):
        """Return who of the owner is asked."""
        owner = self.partner_id
        people = owner.child_ids.filtered(lambda one: one.type == "contact")
        return (people | owner).filtered("email_normalized")

    def _send_letter(self):
        template = self.env.ref("rd_custody.mail_template_confirmation")
        template.send_mail(
            self.id,
            email_values={
                "recipient_ids": [Command.set(self._get_recipients().ids)],
                "email_to": False,
                "attachment_ids": [Command.set(self._make_files().ids)],
            },
        )

    def _make_files(self):
        """Return the letter as PDF and as workbook, kept with it."""
        reports = self.env["ir.actions.report"].sudo()
        language = self.partner_id.lang or self.env.lang
        reports = reports.with_context(active_model=self._name, lang=language)
        pdf, _kind = reports._render_qweb_pdf("rd_custody.report_letter", self.ids)
        book, _kind = reports._render_xlsx("rd_custody.letter_xlsx", self.ids, {})
        name = self.name.replace("/", "-")
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": f"{name}.{suffix}",
                        "raw": content,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                    for suffix, content in (("pdf", pdf), ("xlsx", book))
                ]
            )
        )

    def action_cancel(self):
        """Withdraw a letter that was not answered."""
        self.check_access("write")
        self._move_to("cancelled")
        return True

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------
    def _take_answer(self, differing, who, channel, note=None):
        """Take the answer to all lines: those named differ, the others are confirmed.

        :param dict differing: ``{line id: (kind, words, their quantity)}``
        :raise UserError: when it is not asked, or a difference has no words
        """
        self.ensure_one()
        if self.state != "sent":
            raise UserError(
                self.env._(
                    "%(letter)s does not wait for an answer.", letter=self.display_name
                )
            )
        lines = self.line_ids
        if set(differing) - set(lines.ids):
            raise UserError(
                self.env._("%s has no such line; load it again.", self.display_name)
            )
        self._record_confirmation(
            channel, who, self.revision, self.content_hash, note=note
        )
        for line in lines:
            if line.id in differing:
                line._dispute(*differing[line.id])
            else:
                line._confirm()
        self._move_to("disputed" if differing else "confirmed")
        self._follow_up()
        return True

    def _follow_up(self):
        """Count again where the quantity differs; incidents tell of the rest."""
        lines = self.line_ids.filtered(lambda line: line.verdict == "disputed")
        recount = lines.filtered(lambda line: line.difference == "quantity")
        if recount:
            count = self.env["rd.property.count"].create(self._prepare_recount(recount))
            self._as_internal().write({"count_id": count.id})
        for line in lines.filtered(lambda line: line.difference == "condition"):
            line._open_incident()
        if lines:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("%s lines differ", len(lines)),
                user_id=(self.user_id or self.create_uid).id,
            )

    def _prepare_recount(self, lines):
        return {
            "name": self.env._(
                "Recount for %(letter)s of %(owner)s",
                letter=self.name,
                owner=self.partner_id.name,
            ),
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "card_ids": [Command.set(lines.property_id.ids)],
            "user_id": self.user_id.id,
            "date_due": self.company_id._rd_today() + relativedelta(days=5),
        }

    def action_record_answer(self, differing, who=None, channel="phone", note=None):
        """Write down what the owner said by phone, fax or letter.

        :param dict differing: ``{line id: (kind, words, their quantity)}``
        :raise UserError: without a person
        """
        self.ensure_one()
        self.check_access("write")
        if channel not in CHANNELS:
            raise UserError(self.env._("Say how the answer came."))
        if not (who or "").strip():
            raise UserError(self.env._("Say who of the owner answered."))
        differing = {int(line): tuple(said) for line, said in differing.items()}
        return self._take_answer(differing, who.strip(), channel, note)

    def action_settle(self):
        """Close a letter whose differences are all settled."""
        self.check_access("write")
        self._move_to("settled")
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    # ------------------------------------------------------------------
    # What the owner sees
    # ------------------------------------------------------------------
    @api.model
    def _get_thread_with_access(
        self, thread_id, *, hash=None, pid=None, token=None, **kwargs
    ):
        """Let no link into the messages: to read and to write them takes a login."""
        return super()._get_thread_with_access(
            thread_id, hash=None, pid=None, token=None, **kwargs
        )

    @api.model
    def _get_portal_domain(self):
        """Return the letters that the present portal user may see."""
        return [
            ("partner_id", "=", self.env.user.partner_id.commercial_partner_id.id),
            ("state", "in", ("sent", "disputed", "confirmed", "settled")),
        ]

    def _get_report_base_filename(self):
        """Return how the portal names the letter."""
        self.ensure_one()
        return self.name

    def _get_portal_view(self):
        """Return the letters as their page shows them.

        :raise AccessError: for anybody else's letter
        """
        self.check_access("read")
        return self.sudo()

    def _portal_answer(self, differing, revision, content_hash, address):
        """Take the answer that a person of the owner gave on the portal.

        :raise AccessError: for anybody else's letter
        :raise UserError: for a content that has changed since
        """
        self.ensure_one()
        self.check_access("read")
        letter = self.sudo()
        if (revision, content_hash) != (letter.revision, letter.content_hash):
            raise UserError(
                self.env._(
                    "%(letter)s has changed since you opened the page; load it again.",
                    letter=letter.name,
                )
            )
        return letter._take_answer(
            differing, self.env.user.name, "portal", note=address
        )

    def _rd_prepare_paper(self):
        """Return all that is printed of the letter."""
        self.ensure_one()
        return self.env["rd.property.paper"]._prepare_letter(self)

    # ------------------------------------------------------------------
    # Rhythm
    # ------------------------------------------------------------------
    @api.model
    def _cron_letters(self):
        """Send the letters whose day has come; an owner without address waits."""
        tomorrow = self.env.company._rd_today() + relativedelta(days=1)
        owners = self.env["res.partner"].search(
            [
                ("rd_property_rhythm", "!=", False),
                ("rd_property_letter_next", "<=", tomorrow),
            ]
        )
        self.env["ir.cron"]._rd_run_each(owners, self._make_letters)

    @api.model
    def _make_letters(self, owner):
        """Ask one owner in every company that keeps something of him."""
        groups = self.env["rd.property"]._read_group(
            [
                ("partner_id", "=", owner.id),
                ("state", "in", HELD),
                ("is_own", "=", False),
            ],
            ["company_id"],
        )
        days = {company: company._rd_today() for (company,) in groups}
        # The next day is one for all companies: it has to have come in each of them.
        today = min(days.values(), default=self.env.company._rd_today())
        if owner.rd_property_letter_next > today:
            return
        for company, day in days.items():
            self._make_letter(company, owner, day)
        step = relativedelta(months=RHYTHMS[owner.rd_property_rhythm])
        while owner.rd_property_letter_next <= today:
            owner.rd_property_letter_next += step

    @api.model
    def _make_letter(self, company, owner, day):
        letters = self.with_company(company)
        values = {"company_id": company.id, "partner_id": owner.id, "day": day}
        asked = [(name, "=", value) for name, value in values.items()]
        if letters.search_count([*asked, ("state", "!=", "cancelled")]):
            return
        letter = letters.create({**values, "user_id": False})
        if letter._get_recipients():
            letter.action_send()
            return
        ask = self.env["rd.approval"].new({"company_id": company.id})
        for user in ask._get_supervisors():
            letter.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("The owner has no e-mail address"),
                user_id=user.id,
            )
