# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from odoo.addons.mail.tools.alias_error import AliasError

SHEETS = (".xlsx", ".xlsm", ".xls", ".csv", ".txt", ".ods", ".xlsb")
MEND_VERDICTS = ("no_order", "refused", "missing")
SHOWN = 50


class RdShippingList(models.Model):
    """Handing a list in from the phone or by mail; the verdict goes back at once."""

    _name = "rd.shipping.list"
    _inherit = ["rd.shipping.list"]

    received_from = fields.Char(
        string="Received from",
        readonly=True,
        copy=False,
        help="Address of the mail that brought the list.",
    )
    period_open = fields.Boolean(
        string="Period comes from the rows",
        readonly=True,
        copy=False,
        help="Nobody has named a period: it is taken from the rows once they count.",
    )
    mend_ids = fields.Many2many(
        "rd.shipping.list.line",
        compute="_compute_mend_ids",
        string="Rows to mend",
        help="What the warehouse has to put right or answer.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"received_from", "period_open"}

    def write(self, vals):
        """Keep a period that a person names, whatever the rows say."""
        res = super().write(vals)
        if {"date_from", "date_to"} & vals.keys() and not self._is_internal():
            self.filtered("period_open")._as_internal().write({"period_open": False})
        return res

    @api.depends("line_ids.verdict")
    def _compute_mend_ids(self):
        for record in self:
            record.mend_ids = record.line_ids.filtered(
                lambda line: line.verdict in MEND_VERDICTS
            )

    def _after_transition(self, target):
        res = super()._after_transition(target)
        expected = self.env["rd.shipping.expected"].sudo()
        for record in self:
            expected.search(
                [
                    ("warehouse_id", "=", record.warehouse_id.id),
                    ("date_to", ">=", record.date_from),
                    ("date_from", "<=", record.date_to),
                ]
            )._note_received()
        return res

    # ------------------------------------------------------------------
    # Without a form
    # ------------------------------------------------------------------
    @api.model
    def _hand_in(self, warehouse, data, filename, sender=False):
        """Take a file as the list of a warehouse and give each row its verdict.

        The period is the expected one that the rows lie in, else their own days.

        :raise UserError: one sentence when it cannot be read or was here before
        """
        first, last = warehouse._rd_get_current_period(warehouse.company_id._rd_today())
        record = self.create(
            {
                "company_id": warehouse.company_id.id,
                "warehouse_id": warehouse.id,
                "date_from": first,
                "date_to": last,
                "file": base64.b64encode(data),
                "filename": filename,
            }
        )
        record._as_internal().write({"received_from": sender, "period_open": True})
        record._check_new_file(record._get_sha256())
        record._read_by_layout()
        record._take_checked()
        return record

    def _take_checked(self):
        """Name the period of the lists that nobody named one for, then go on."""
        for record in self:
            if record.period_open and record.layout_state == "known":
                record._fit_period()
        return super()._take_checked()

    @api.model
    def _hand_in_encoded(self, warehouse, file, filename):
        """Take a file as a form sends it, see :meth:`_hand_in`."""
        try:
            data = base64.b64decode(file or b"")
        except (TypeError, ValueError, binascii.Error):
            raise UserError(
                self.env._("%s did not arrive whole; please choose it again.", filename)
            ) from None
        return self._hand_in(warehouse, data, filename)

    def _fit_period(self):
        """Take the days of the rows, widened to the period expected for them, but
        not beyond today: what leaves later is on none of today's lists."""
        self.ensure_one()
        days = self.line_ids.mapped("date")
        if not days:
            raise UserError(
                self.env._(
                    "No row of %s could be read as a shipment; nothing was handed in.",
                    self.filename,
                )
            )
        first, last = min(days), max(days)
        today = self.company_id._rd_today()
        expected = self.env["rd.shipping.expected"].sudo()
        owed = expected._ensure(self.company_id).filtered(
            lambda item: (
                item.warehouse_id == self.warehouse_id
                and item.state == "expected"
                and item.date_from <= last
                and item.date_to >= first
            )
        )
        self._as_internal().write(
            {
                "period_open": False,
                "date_from": min([first, *owed.mapped("date_from")]),
                "date_to": max([last, *(min(one.date_to, today) for one in owed)]),
            }
        )

    # ------------------------------------------------------------------
    # Mail
    # ------------------------------------------------------------------
    def _alias_get_error(self, message, message_dict, alias):
        """Answer an unknown sender, or a mail without a readable list, in one plain
        sentence; nothing is made of it."""
        error = super()._alias_get_error(message, message_dict, alias)
        if error:
            return error
        refusal = self._why_not_by_mail(message_dict, alias)
        if not refusal:
            return False
        # Read by the alias where it writes its answer.
        message_dict["rd_refusal"] = refusal
        return AliasError("rd_shipping_list", refusal)

    @api.model
    def _why_not_by_mail(self, message_dict, alias):
        """Return the sentence why this mail brings no list, or False."""
        warehouse = self._get_alias_warehouse(alias)
        sender = self._get_sender(warehouse, message_dict)
        self = self.with_context(lang=sender.lang or self.env.lang)
        if not sender:
            return self.env._(
                "This address takes shipping lists from the warehouse's own contacts "
                "only; %s is not one of them.",
                email_normalize(message_dict.get("email_from")) or "",
            )
        sheets = self._get_sheets(message_dict)
        if not sheets:
            return self.env._(
                "No spreadsheet was attached; please send the list as a file "
                "(xlsx, xls or csv)."
            )
        refusals = [self._try_file(warehouse, *sheet) for sheet in sheets]
        return False if not all(refusals) else " ".join(refusals)

    @api.model
    def _get_alias_warehouse(self, alias):
        warehouses = self.env["stock.warehouse"].sudo()
        return warehouses.search([("rd_list_alias_id", "=", alias.id)], limit=1)

    @api.model
    def _get_sender(self, warehouse, message_dict):
        """Return the known partner who wrote, or an empty record."""
        address = email_normalize(message_dict.get("email_from"))
        return (
            warehouse._rd_get_senders().filtered(
                lambda partner: address and partner.email_normalized == address
            )[:1]
            if warehouse
            else self.env["res.partner"]
        )

    @api.model
    def _get_sheets(self, message_dict):
        """Return ``[(content, name)]`` of the spreadsheets attached to a mail."""
        sheets = []
        for attachment in message_dict.get("attachments") or []:
            name, content = attachment[0] or "", attachment[1]
            if name.lower().endswith(SHEETS):
                data = content.encode() if isinstance(content, str) else content
                sheets.append((data, name))
        return sheets

    @api.model
    def _try_file(self, warehouse, data, filename):
        """Return why a file cannot be handed in, or False; nothing stays of it."""
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            self.sudo()._hand_in(warehouse, data, filename)
            self.env.flush_all()
        except UserError as refusal:
            return str(refusal)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
        return False

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Hand in every spreadsheet of a mail and answer its sender with the verdict.

        What was here before, or cannot be read, is named in the answer; it does
        nothing. The mail itself is kept on the first list.
        """
        if not self.env.su:
            # The mail gateway works as the system; nobody else brings mail.
            raise AccessError(self.env._("Mail comes in by the mail server only."))
        values = custom_values or {}
        warehouse = self.env["stock.warehouse"].browse(values.get("warehouse_id"))
        sender = self._get_sender(warehouse, msg_dict)
        self = self.with_context(lang=sender.lang or self.env.lang)
        made, refusals = self.browse(), []
        # A mail server may be set to make lists of mail that no alias has taken.
        for data, name in self._get_sheets(msg_dict) if warehouse else ():
            refusal = self._try_file(warehouse, data, name)
            if refusal:
                refusals.append(refusal)
            else:
                made |= self._hand_in(warehouse, data, name, msg_dict["email_from"])
        if not made:
            raise UserError(self.env._("This mail brings no list to hand in."))
        for record in made:
            record._answer_sender(sender, refusals)
        return made[0]

    def _answer_sender(self, sender, refusals=()):
        """Send the verdict: figures, the rows to mend as a table and as a workbook."""
        self.ensure_one()
        # Whoever the mail gateway works for need not follow the list.
        self.with_context(mail_post_autofollow_author_skip=True).message_post(
            body=self._get_verdict_body(refusals),
            subject=self.env._("Shipping list %s", self.filename),
            partner_ids=sender.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=self._get_mend_files(),
        )

    def _get_mend_files(self):
        if not self.mend_ids and not self.rows_skipped:
            return []
        report = self.env["report.rd_sales_admin.mend_xlsx"]
        report = report.with_context(active_model=self._name)
        content, _kind = report.create_xlsx_report(self.ids, {})
        return [(self.env._("Rows to mend") + ".xlsx", content)]

    def _get_verdict_body(self, refusals=()):
        """Return the verdict as a mail shows it; typed text is escaped."""
        heads, rows = self._prepare_mend_rows()
        parts = [Markup("<p>%s</p>") % text for text in refusals]
        parts.append(Markup("<p>%s</p>") % self._get_verdict_sentence())
        if rows:
            cells = Markup("").join(Markup("<th>%s</th>") % head for head in heads)
            lines = Markup("").join(
                Markup("<tr>%s</tr>")
                % Markup("").join(Markup("<td>%s</td>") % cell for cell in row)
                for row in rows[:SHOWN]
            )
            parts.append(
                Markup('<table border="1" cellpadding="4"><tr>%s</tr>%s</table>')
                % (cells, lines)
            )
        return Markup("").join(parts)

    def _get_verdict_sentence(self):
        if self.layout_state == "asked":
            return self.env._(
                "%(file)s for %(warehouse)s has arrived; it looks different from the "
                "lists before, so the sales desk looks at it first.",
                file=self.filename or "",
                warehouse=self.warehouse_id.name,
            )
        ready = self.line_ids.filtered(lambda line: line.verdict in ("new", "changed"))
        return self.env._(
            "%(file)s for %(warehouse)s, %(first)s to %(last)s: %(rows)s rows read, "
            "%(ready)s ready to deliver, %(mend)s to mend, %(skipped)s left out.",
            file=self.filename or "",
            warehouse=self.warehouse_id.name,
            first=self.date_from,
            last=self.date_to,
            rows=len(self.line_ids),
            ready=len(ready),
            mend=len(self.mend_ids),
            skipped=self.rows_skipped,
        )

    def _prepare_mend_rows(self):
        """Return ``(heads, rows)`` of what the warehouse has to put right."""
        env = self.env
        heads = [
            *(env._("Row"), env._("Date"), env._("Delivery note")),
            *(env._("Part number"), env._("Customer"), env._("Quantity")),
            *(env._("Unit"), env._("What is to be done")),
        ]
        rows = [
            [
                *(line.row, line.date, line.note or "", line.part or ""),
                *(line.partner_name or line.partner_id.name or "", line.quantity),
                *(line.unit or "", line.message or ""),
            ]
            for line in self.mend_ids
        ]
        return heads, rows
