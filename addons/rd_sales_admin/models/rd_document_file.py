# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

MOST_FILES = 20
MOST_BYTES = 40 * 1024 * 1024
REFUSED = ("text/html", "image/svg+xml", "application/x-msdownload", "text/javascript")


class RdDocument(models.Model):
    """Filing: files become a version, and the version holds at once where it may."""

    _name = "rd.document"
    _inherit = ["rd.document"]

    def _check_open_for_versions(self):
        for document in self:
            if document.state in ("superseded", "destroyed"):
                raise UserError(
                    self.env._(
                        "%s is no longer valid; file the new paper as one that takes "
                        "its place.",
                        document.display_name,
                    )
                )

    @api.model
    def _file(self, kind, title, papers, record=None, **values):
        """File papers and return their entry; the same files are not filed twice.

        A paper of this kind that the record already has gets a new version.

        :param papers: list of ``(name, bytes)``
        :param record: what it belongs to; gives company, partner and number
        :param values: further values of the entry
        """
        document = self._find_of_record(kind, title, record)
        if not document:
            made = self._as_internal().create(
                {
                    "kind": kind,
                    "title": title,
                    **self._prepare_link(record),
                    **values,
                }
            )
            made._follow_end(record)
            document = made.with_env(self.env)
        document._add_version(papers)
        return document

    @api.model
    def _find_of_record(self, kind, title, record):
        if not record:
            return self.browse()
        return self.search(
            [
                ("kind", "=", kind),
                ("title", "=", title),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("state", "in", ("draft", "filed")),
            ],
            limit=1,
        )

    @api.model
    def _get_own_title(self, record, kind):
        """Return the title of a paper that files itself: the one it is asked by."""
        requirement = (
            self.env["rd.document.requirement"]
            .sudo()
            .search(
                [("model", "=", record._name), ("document_kind", "=", kind)], limit=1
            )
        )
        company = self.env["rd.document.requirement"]._get_source(record._name)
        partner = company._get_value(record, company.company)
        lang = partner.partner_id.lang if partner else None
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return requirement.with_context(lang=lang or self.env.lang).name or labels[kind]

    @api.model
    def _prepare_link(self, record):
        """Return the values by which an entry belongs to a record."""
        if not record:
            return {}
        record.ensure_one()
        source = self.env["rd.document.requirement"]._get_source(record._name)
        values = {
            "res_model": record._name,
            "res_id": record.id,
            "res_name": " ".join(source._get_numbers(record)),
        }
        if partner := source._get_value(record, source.partner):
            values["partner_id"] = partner.commercial_partner_id.id
        if company := source._get_value(record, source.company):
            values["company_id"] = company.id
        return values

    def _follow_end(self, record):
        """Count the keeping from the end of the record, where it has ended."""
        if not record:
            return
        source = self.env["rd.document.requirement"]._get_source(record._name)
        ended = source._get_value(record.sudo(), source.ended)
        if ended and not self.ended_date:
            self.ended_date = max(ended, self.date)

    def _add_version(self, papers, **values):
        """File papers as the next version; let it hold unless it is a procedure.

        :return: the version; the one that holds, where it has the same files
        """
        self.ensure_one()
        sums = self._get_checksums(papers)
        known = self.version_ids.filtered(
            lambda one: one.checksums == sums and one.state != "replaced"
        )
        if known:
            return known[0]
        version = self.env["rd.document.version"].create(
            {"document_id": self.id, **values}
        )
        version._keep_files(papers)
        if self.kind != "procedure":
            version.action_put_in_force()
        return version

    @api.model
    def _get_checksums(self, papers):
        compute = self.env["ir.attachment"]._compute_checksum
        return " ".join(compute(raw) for _name, raw in papers)

    @api.model
    def _decode_files(self, files):
        """Return ``[(name, bytes)]`` of what a client sent as files in base64."""
        if not isinstance(files, list) or not 0 < len(files) <= MOST_FILES:
            raise UserError(self.env._("File 1 to %s files at a time.", MOST_FILES))
        return [self._decode_file(item) for item in files]

    @api.model
    def _decode_file(self, item):
        item = item if isinstance(item, dict) else {}
        name = str(item.get("name") or "paper")[:200]
        try:
            raw = base64.b64decode(item.get("data") or "", validate=True)
        except (TypeError, ValueError, binascii.Error):
            raw = b""
        kind = guess_mimetype(raw) if raw else ""
        if not raw or len(raw) > MOST_BYTES or kind in REFUSED:
            raise UserError(
                self.env._(
                    "“%(file)s” is empty, larger than %(size)s MB or no paper at all.",
                    file=name,
                    size=MOST_BYTES // 1024 // 1024,
                )
            )
        return name, raw

    def action_add_version(self, files=None):
        """File the next version of these papers.

        :param files: ``[{"name", "data"}]``, base64
        :raise UserError: without a readable file, or when the paper is not valid
        """
        self.check_access("write")
        for document in self:
            document._check_open_for_versions()
            document._add_version(self._decode_files(files or []))
        return True
