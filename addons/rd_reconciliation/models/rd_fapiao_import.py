# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib
from collections import defaultdict
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin import ledger
from odoo.addons.rd_sales_admin.ledger.clean import clean_key

TEXT, NUMBER, DATE = "text", "number", "date"
COLUMNS = {
    "number": ledger.Field(
        TEXT,
        (
            "数电发票号码",
            "数电票号码",
            "全电发票号码",
            "发票号码",
            "發票號碼",
            "invoice number",
        ),
        key=True,
    ),
    "paper_number": ledger.Field(TEXT, ("发票号码", "發票號碼"), key=True),
    "code": ledger.Field(TEXT, ("发票代码", "發票代碼", "invoice code"), key=True),
    "date": ledger.Field(
        DATE, ("开票日期", "開票日期", "开票时间", "開票時間", "invoice date")
    ),
    "buyer": ledger.Field(
        TEXT,
        ("购方名称", "购买方名称", "購方名稱", "購買方名稱", "购货方名称", "buyer"),
    ),
    "buyer_vat": ledger.Field(
        TEXT,
        (
            "购方识别号",
            "购买方识别号",
            "购方税号",
            "购买方纳税人识别号",
            "购方纳税人识别号",
            "buyer tax number",
        ),
        key=True,
    ),
    "untaxed": ledger.Field(
        NUMBER, ("金额", "金額", "不含税金额", "合计金额", "amount")
    ),
    "tax": ledger.Field(NUMBER, ("税额", "稅額", "合计税额", "tax")),
    "total": ledger.Field(NUMBER, ("价税合计", "價稅合計", "含税金额", "total")),
    "kind": ledger.Field(TEXT, ("发票票种", "发票种类", "发票类型", "票种", "kind")),
    "status": ledger.Field(TEXT, ("发票状态", "發票狀態", "状态", "status")),
}
REQUIRED = ("date", "buyer", "untaxed", "tax")
# Voided in its month, without another number; or taken back by a red letter.
VOIDED_WORDS = ("作废", "作廢", "void")
RED_WORDS = ("红冲", "紅沖", "red-letter")
# Only a part of it was: the rest, and its number, count on.
PART_WORDS = ("部分", "partial", "partly", "in part")


class RdFapiaoImport(models.Model):
    """The tax system's list of issued invoices, read back and matched.

    A row is taken where exactly one open request has its buyer and its amounts and
    no other row has them too; everything else is listed with the reason.
    """

    _name = "rd.fapiao.import"
    _description = "List of Issued Tax Invoices"
    _inherit = ["mail.thread", "rd.hand.in.mixin"]
    _order = "id desc"
    _rec_name = "filename"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    file = fields.Binary(string="Spreadsheet", attachment=True, required=True)
    filename = fields.Char()
    sha256 = fields.Char(string="Content hash", readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Handed in"), ("done", "Read and matched")],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many(
        "rd.fapiao.import.line", "import_id", readonly=True, copy=False
    )
    skipped_note = fields.Text(string="Rows left out", readonly=True, copy=False)
    row_count = fields.Integer(compute="_compute_counts")
    open_count = fields.Integer(compute="_compute_counts")

    _file_once = models.UniqueIndex(
        "(company_id, sha256) WHERE sha256 IS NOT NULL",
        "This very file has already been read.",
    )

    @api.depends("line_ids.verdict")
    def _compute_counts(self):
        for record in self:
            record.row_count = len(record.line_ids)
            record.open_count = len(
                record.line_ids.filtered(lambda line: line._is_open())
            )

    @api.model
    def _get_transitions(self):
        return {"done": ("draft",)}

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"sha256", "line_ids", "skipped_note"}

    @api.model
    def _get_frozen_states(self):
        return ("done",)

    def action_read(self):
        """Read the lists and issue what matches exactly; a repeat takes nothing.

        :raise UserError: one sentence when the file cannot be read or was read before
        """
        self.check_access("write")
        self.env["rd.fapiao"]._check_role("finance")
        for record in self.filtered(lambda item: item.state == "draft"):
            record._read_rows()
            record.line_ids._match()
            record._move_to("done")
        return True

    def _read_rows(self):
        self.ensure_one()
        data = base64.b64decode(self.file or b"")
        self._check_new_file(hashlib.sha256(data).hexdigest())
        texts = self.env["rd.ledger.profile"]
        try:
            found = ledger.read_list(data, self.filename or "", COLUMNS, REQUIRED)
        except ledger.Refused as refused:
            raise UserError(texts._text(refused.reason)) from refused
        skipped = [f"{item.row}: {texts._text(item.reason)}" for item in found.skipped]
        self._as_internal().write(
            {"sha256": found.sha256, "skipped_note": "\n".join(skipped)}
        )
        self.env["rd.fapiao.import.line"]._as_internal().create(
            self._prepare_rows(found.rows)
        )

    def _prepare_rows(self, rows):
        """Return the values per tax invoice; rows of one number are added up.

        Eight digits name a tax invoice only together with its code.
        """
        grouped = defaultdict(list)
        for number, values in rows:
            digits = values.get("number") or values.get("paper_number")
            code = values.get("code") if len(digits or "") == 8 else None
            grouped[digits or f"row {number}", code].append((number, values))
        return [self._prepare_row(group) for group in grouped.values()]

    def _prepare_row(self, group):
        number, first = group[0]
        day = first.get("date")
        sums = {
            name: float(sum(values.get(name) or 0 for _number, values in group))
            for name in ("untaxed", "tax", "total")
        }
        return {
            "import_id": self.id,
            "row": number,
            "number": first.get("number") or first.get("paper_number"),
            "code": first.get("code"),
            "date": day.date() if isinstance(day, datetime) else day,
            "buyer": first.get("buyer"),
            "buyer_key": clean_key(first.get("buyer") or ""),
            "buyer_vat": first.get("buyer_vat"),
            "kind_text": first.get("kind"),
            "is_void": _says(first, *VOIDED_WORDS, *RED_WORDS)
            and not _says(first, *PART_WORDS),
            "is_voided": _says(first, *VOIDED_WORDS)
            and not _says(first, *RED_WORDS, *PART_WORDS),
            "amount_untaxed": sums["untaxed"],
            "amount_tax": sums["tax"],
            "amount_total": sums["total"] or sums["untaxed"] + sums["tax"],
            "verdict": "no_request",
        }


def _says(row, *words):
    """Tell whether one of the words stands in the status of the row."""
    status = (row.get("status") or "").lower()
    return any(word in status for word in words)
