# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mimetypes import guess_mimetype

SIGNERS = (
    "rd_sales_admin.rd_sales_admin_group_clerk",
    "rd_sales_admin.rd_sales_admin_group_warehouse",
)
MOST_FILES = 10
MOST_BYTES = 20 * 1024 * 1024
RECEIPT_FIELDS = (
    "rd_signed_by",
    "rd_signer_assumed",
    "rd_signed_date",
    "rd_receipt_ids",
    "rd_recorded_by_id",
    "rd_recorded_date",
)


class StockPicking(models.Model):
    """The signed receipt of a delivery: who signed, when, the scan, what was taken.

    Corrections leave a trace in the chatter; once a later add-on has locked the
    delivery (its quantities were agreed) the receipt stays as it is.
    """

    _name = "stock.picking"
    _inherit = ["stock.picking", "rd.guarded.mixin"]

    rd_signed_by = fields.Char(
        string="Signed by",
        readonly=True,
        copy=False,
        tracking=True,
        help="Person of the customer who signed the delivery note.",
    )
    rd_signer_assumed = fields.Boolean(
        string="Signer not named",
        readonly=True,
        copy=False,
        help="Recorded without a name: it is who signed there last time, or the "
        "customer.",
    )
    rd_signer = fields.Char(string="Signer", compute="_compute_rd_signer")
    rd_signed_date = fields.Datetime(
        string="Signed on", readonly=True, copy=False, tracking=True, index=True
    )
    rd_receipt_ids = fields.Many2many(
        "ir.attachment",
        "rd_picking_receipt_rel",
        "picking_id",
        "attachment_id",
        string="Signed note",
        readonly=True,
        copy=False,
        bypass_search_access=True,
        help="Scan or photo of the signed delivery note.",
    )
    rd_recorded_by_id = fields.Many2one(
        "res.users", string="Receipt recorded by", readonly=True, copy=False
    )
    rd_recorded_date = fields.Datetime(
        string="Receipt recorded on", readonly=True, copy=False
    )
    rd_receipt_state = fields.Selection(
        [
            ("waiting", "Waiting for signature"),
            ("signed", "Signed, all accepted"),
            ("partial", "Signed, not all accepted"),
        ],
        string="Receipt",
        compute="_compute_rd_receipt_state",
        search="_search_rd_receipt_state",
    )
    rd_receipt_locked = fields.Boolean(
        string="Receipt locked",
        compute="_compute_rd_receipt_locked",
        help="Its quantities were agreed with the customer; the receipt stays as is.",
    )
    rd_waiting_days = fields.Integer(
        string="Days since dispatch",
        compute="_compute_rd_waiting_days",
        help="By the company's calendar.",
    )

    @api.model
    def _get_guarded_fields(self):
        names = {*RECEIPT_FIELDS, "rd_shipping_list_id"}
        return super()._get_guarded_fields() | names

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends(
        "state", "rd_signed_date", "move_ids.rd_short_qty", "move_ids.rd_rejected_qty"
    )
    def _compute_rd_receipt_state(self):
        for picking in self:
            if picking.rd_signed_date:
                lacking = any(
                    move.rd_short_qty or move.rd_rejected_qty
                    for move in picking.move_ids
                )
                picking.rd_receipt_state = "partial" if lacking else "signed"
            else:
                waits = picking.state == "done" and picking._rd_is_delivery()
                picking.rd_receipt_state = "waiting" if waits else False

    @api.depends("rd_signed_by", "rd_signer_assumed", "partner_id.display_name")
    @api.depends_context("lang")
    def _compute_rd_signer(self):
        for picking in self:
            who = picking.rd_signed_by or ""
            if picking.rd_signer_assumed and who == picking.partner_id.display_name:
                who = self.env._("%(who)s (not named)", who=who)
            elif picking.rd_signer_assumed:
                who = self.env._("%(who)s (as last time, not named)", who=who)
            picking.rd_signer = who

    @api.model
    def _search_rd_receipt_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        signed = Domain("rd_signed_date", "!=", False)
        lacking = Domain("move_ids.rd_short_qty", ">", 0)
        lacking |= Domain("move_ids.rd_rejected_qty", ">", 0)
        places = {
            "waiting": self._rd_get_waiting_domain(),
            "signed": signed & ~lacking,
            "partial": signed & lacking,
        }
        return Domain.OR(places[key] for key in value if key in places)

    @api.model
    def _rd_get_waiting_domain(self):
        """Return the domain of deliveries in scope that nobody has signed yet.

        What came back whole needs no signature any more.
        """
        scope = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "date_done",
                ">=",
                company._rd_day_start(company.rd_start_date)
                if company.rd_start_date
                else fields.Datetime.to_datetime("1900-01-01"),
            )
            for company in self.env.companies
        )
        return (
            scope
            & Domain("state", "=", "done")
            & Domain("location_dest_id.usage", "=", "customer")
            & Domain("location_id.usage", "!=", "customer")
            & Domain("rd_signed_date", "=", False)
            & Domain("move_ids", "any", [("sale_line_id", "!=", False)])
            & Domain("id", "not in", self._query_all_returned())
        )

    @api.model
    def _query_all_returned(self):
        """Select deliveries of which everything has come back."""
        return SQL(
            """(
            SELECT move.picking_id
              FROM stock_move move
              JOIN stock_move back ON back.origin_returned_move_id = move.id
             WHERE back.state = 'done'
               AND move.state = 'done'
               AND move.picking_id IS NOT NULL
             GROUP BY move.picking_id
            HAVING NOT EXISTS (
                SELECT FROM stock_move whole
                 WHERE whole.picking_id = move.picking_id
                   AND whole.state = 'done'
                   AND whole.quantity > COALESCE((
                       SELECT SUM(returned.quantity) FROM stock_move returned
                        WHERE returned.origin_returned_move_id = whole.id
                          AND returned.state = 'done'), 0)
            )
            )"""
        )

    def _compute_rd_receipt_locked(self):
        locked = self._rd_get_locked()
        for picking in self:
            picking.rd_receipt_locked = picking in locked

    @api.depends("date_done", "company_id")
    def _compute_rd_waiting_days(self):
        for picking in self:
            company = picking.company_id or self.env.company
            left = picking.date_done
            picking.rd_waiting_days = (
                (company._rd_today() - company._rd_local_date(left)).days if left else 0
            )

    def _rd_is_delivery(self):
        """Tell whether the transfer takes goods from us to a customer."""
        self.ensure_one()
        return (
            self.location_dest_id.usage == "customer"
            and self.location_id.usage != "customer"
        )

    def _rd_get_note(self):
        """Return the number by which the delivery is known outside."""
        return self.rd_note or self.name or ""

    def _rd_get_locked(self):
        """Return those of these deliveries whose receipt no longer changes.

        On the ground floor none does; who agrees quantities adds his through
        ``super()``.
        """
        return self.browse()

    # ------------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------------
    def action_rd_sign_all(self, files=None):
        """Record that the deliveries were signed just now and accepted in full.

        Nobody names the signer: it is put down as who signed last time.

        :param files: ``[{"name", "data"}]``, scans or photos, base64
        :raise UserError: when a delivery cannot be signed, or a file is no scan
        """
        self._rd_check_signer()
        for picking in self:
            picking._rd_check_unsigned()
            papers = picking._rd_keep_files(files or [])
            who, now = picking._rd_guess_signer(), fields.Datetime.now()
            picking._rd_sign(who, now, papers, assumed=True)
        return True

    def action_rd_sign(self):
        """Open the form for a receipt with figures, or for correcting one."""
        self.ensure_one()
        self._rd_check_signer()
        self._rd_check_signable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Signed receipt of %s", self._rd_get_note()),
            "res_model": "rd.receipt.sign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_picking_id": self.id},
        }

    def action_rd_withdraw_receipt(self, reason=None):
        """Take back a receipt that was recorded by mistake, with the reason.

        :raise UserError: without a reason, or once the quantities were agreed
        """
        self.env["rd.close"]._check_desk()
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the receipt is taken back."))
        for picking in self.filtered("rd_signed_date"):
            picking._rd_check_withdrawable()
            picking.move_ids._rd_write_receipt({})
            picking._as_internal().write(
                dict.fromkeys(RECEIPT_FIELDS, False)
                | {"rd_receipt_ids": [Command.clear()]}
            )
            picking.message_post(
                body=self.env._("Receipt taken back: %s", reason.strip())
            )
        self._rd_receipt_changed()
        return True

    def _rd_check_withdrawable(self):
        """Refuse to take back what was agreed, or the customer confirmed himself."""
        self._rd_check_signable()

    def _rd_check_signer(self):
        """Refuse anyone but the desk and the warehouse."""
        self.check_access("read")
        if self.env.su or any(self.env.user.has_group(group) for group in SIGNERS):
            return
        raise UserError(
            self.env._("Only the warehouse and the desk record signed receipts.")
        )

    def _rd_check_signable(self):
        """Refuse what is no finished delivery, or was agreed already."""
        for picking in self:
            if picking.state != "done" or not picking._rd_is_delivery():
                raise UserError(
                    self.env._(
                        "%(note)s is no finished delivery to a customer; there is "
                        "nothing to sign.",
                        note=picking._rd_get_note(),
                    )
                )
            if picking._rd_get_locked():
                picking._rd_raise_locked()

    def _rd_raise_locked(self):
        self.ensure_one()
        raise UserError(
            self.env._(
                "The quantities of %(note)s were agreed with the customer, so its "
                "receipt stays; put right in the next month what is wrong.",
                note=self._rd_get_note(),
            )
        )

    def _rd_check_unsigned(self):
        self._rd_check_signable()
        if self.rd_signed_date:
            raise UserError(
                self.env._(
                    "%(note)s was already signed by %(who)s; correct its receipt "
                    "instead.",
                    note=self._rd_get_note(),
                    who=self.rd_signer,
                )
            )

    def _rd_guess_signer(self):
        """Return who signs here: whoever was named last time, else the customer."""
        self.ensure_one()
        last = self.sudo().search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("rd_signed_by", "!=", False),
                ("rd_signer_assumed", "=", False),
            ],
            order="rd_signed_date desc, id desc",
            limit=1,
        )
        return last.rd_signed_by or self.partner_id.display_name or ""

    def _rd_sign(self, who, moment, papers, quantities=None, assumed=False):
        """Write the receipt of one delivery, or correct it.

        :param str who: person of the customer
        :param moment: naive UTC datetime of the signature
        :param papers: attachments of this delivery that show it
        :param quantities: ``{move id: {"short", "rejected", "conceded"}}``
        :param bool assumed: whether nobody has said who it was
        """
        self.ensure_one()
        self._rd_check_signable()
        self._rd_check_signature(who, moment)
        # The receipt is the desk's; whoever records it need not own transfers.
        picking = self.sudo()
        changes = picking.move_ids._rd_write_receipt(quantities or {})
        picking._as_internal().write(
            {
                "rd_signed_by": who.strip(),
                "rd_signer_assumed": assumed,
                "rd_signed_date": moment,
                "rd_receipt_ids": [Command.link(paper.id) for paper in papers],
                "rd_recorded_by_id": self.env.uid,
                "rd_recorded_date": fields.Datetime.now(),
            }
        )
        if changes:
            picking._rd_post_lines(self.env._("Receipt:"), changes)
        picking._rd_receipt_changed()

    def _rd_post_lines(self, head, lines):
        """Note some lines of text on the delivery."""
        body = Markup("<br/>").join([head, *lines])
        self.message_post(body=body)

    def _rd_check_signature(self, who, moment):
        """Refuse a receipt without a name, before the dispatch or in the future."""
        company = self.company_id
        day = company._rd_local_date(moment)
        if not (who or "").strip():
            raise UserError(
                self.env._("Say who signed for %(note)s.", note=self._rd_get_note())
            )
        left = company._rd_local_date(self.date_done)
        if not left <= day <= company._rd_today():
            raise UserError(
                self.env._(
                    "%(note)s left on %(left)s; it cannot have been signed on %(day)s.",
                    note=self._rd_get_note(),
                    left=left,
                    day=day,
                )
            )

    def _rd_receipt_changed(self):
        """Hook for what has to follow a new or corrected receipt."""
        closes = self.env["rd.close"].sudo()
        for picking in self:
            open_closes = closes.search(
                [("company_id", "=", picking.company_id.id), ("state", "=", "open")]
            )
            partners = picking.move_ids.sale_line_id.order_id.partner_invoice_id
            open_closes._wake(partners.commercial_partner_id)

    # ------------------------------------------------------------------
    # Scans
    # ------------------------------------------------------------------
    def _rd_keep_files(self, files):
        """Return attachments of this delivery made of ``[{"name", "data"}]``."""
        self.ensure_one()
        if not isinstance(files, list) or len(files) > MOST_FILES:
            raise UserError(self.env._("A receipt has at most %s pages.", MOST_FILES))
        values = [self._rd_prepare_scan(item) for item in files]
        return self.env["ir.attachment"].sudo().create(values)

    def _rd_prepare_scan(self, item):
        item = item if isinstance(item, dict) else {}
        name = str(item.get("name") or self._rd_get_note())[:200]
        try:
            raw = base64.b64decode(item.get("data") or "", validate=True)
        except (TypeError, ValueError, binascii.Error):
            raw = b""
        self._rd_check_paper(name, raw)
        return {
            "name": name,
            "raw": raw,
            "res_model": self._name,
            "res_id": self.id,
        }

    @api.model
    def _rd_check_paper(self, name, raw):
        """Refuse what is no picture and no PDF, or far too large."""
        kind = guess_mimetype(raw) if raw else ""
        scan = kind == "application/pdf" or (
            kind.startswith("image/") and kind != "image/svg+xml"
        )
        if not scan or len(raw) > MOST_BYTES:
            raise UserError(
                self.env._(
                    "“%(file)s” is no picture or PDF of at most %(size)s MB.",
                    file=name,
                    size=MOST_BYTES // 1024 // 1024,
                )
            )

    def _rd_adopt_papers(self, papers):
        """Make files uploaded to a form papers of this delivery, and return them.

        :raise UserError: for a file that is not the user's own upload
        """
        self.ensure_one()
        for paper in papers:
            own = paper.create_uid == self.env.user and not paper.res_field
            if not own or paper.res_model not in (False, "rd.receipt.sign", self._name):
                raise UserError(
                    self.env._("“%s” is not a file you have uploaded.", paper.name)
                )
            self._rd_check_paper(paper.name, paper.raw or b"")
        papers.sudo().write({"res_model": self._name, "res_id": self.id})
        return papers
