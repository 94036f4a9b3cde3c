# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import re
from collections import OrderedDict

import lxml.html
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models import ir_actions_report as core

from ..tools.chromium import ChromiumError, find_chromium, html_to_pdf

_logger = logging.getLogger(__name__)


class IrActionsReport(models.Model):
    """Reports that are whole documents of their own, printed by Chromium.

    Such a report calls ``rd_sales_admin.print_layout``: one HTML document per
    record, which needs nothing outside itself. Where there is no Chromium it is
    handed to wkhtmltopdf as it is (no repeated header rows there).
    """

    _name = "ir.actions.report"
    _inherit = ["ir.actions.report"]

    rd_print_engine = fields.Boolean(
        string="Print with Chromium",
        help="The report is one self-contained document per record: header rows "
        "repeat on every page, pages are numbered, text can be searched.",
    )

    @api.model
    def get_wkhtmltopdf_state(self):
        """Chromium prints too: a missing wkhtmltopdf keeps nobody from printing."""
        state = super().get_wkhtmltopdf_state()
        return "ok" if state in ("install", "broken") and find_chromium() else state

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print record by record, so that every document counts its own pages."""
        if not self._get_report(report_ref).rd_print_engine or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        streams = OrderedDict()
        for res_id in dict.fromkeys(res_ids):
            streams.update(
                super()._render_qweb_pdf_prepare_streams(report_ref, data, [res_id])
            )
        return streams

    def _prepare_html(self, html, report_model=False):
        """Leave our own documents whole: they bring their head and their style."""
        if not self.rd_print_engine:
            return super()._prepare_html(html, report_model=report_model)
        root = lxml.html.fromstring(html, parser=lxml.html.HTMLParser(encoding="utf-8"))
        nodes = root.xpath("//div[@data-oe-model=$model]", model=report_model or "")
        res_ids = [int(node.get("data-oe-id", 0)) for node in nodes]
        return [html.decode()], res_ids, None, self._rd_footer(), {}

    def _rd_footer(self):
        """Return the page numbers for wkhtmltopdf; Chromium's are in the style."""
        if find_chromium():
            return None
        text = self._rd_page_text(
            Markup('<span class="page"></span>'), Markup('<span class="topage"></span>')
        )
        body = Markup('<div id="minimal_layout_report_footers"><div>%s</div></div>')
        return self.env["ir.qweb"]._render(
            "web.minimal_layout",
            {
                "subst": True,
                "body": body % text,
                "base_url": self._get_report_url(),
                "report_xml_id": self.xml_id,
                "debug": False,
            },
        )

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        report = self._get_report(report_ref) if report_ref else self.sudo()
        browser = find_chromium()
        if browser and report.rd_print_engine:
            return self._rd_run_chromium(browser, "".join(bodies), report)
        if core._wkhtml().state == "install":
            raise UserError(
                self.env._(
                    "“%s” cannot be printed: there is no wkhtmltopdf on this server.",
                    report.name,
                )
            )
        return super()._run_wkhtmltopdf(
            bodies,
            report_ref=report_ref,
            header=header,
            footer=footer,
            landscape=landscape,
            specific_paperformat_args=specific_paperformat_args,
            set_viewport_size=set_viewport_size,
        )

    @api.model
    def _rd_run_chromium(self, browser, html, report):
        """Return the PDF of one document; what went wrong is logged."""
        try:
            return html_to_pdf(html, browser)
        except ChromiumError as error:
            _logger.warning("%s prints no PDF: %s", browser, error)
            raise UserError(
                self.env._(
                    "“%s” could not be printed; please try again, and if it stays "
                    "so ask your administrator to look into the server's log.",
                    report.name,
                )
            ) from error

    # ------------------------------------------------------------------
    # The page, for print_layout
    # ------------------------------------------------------------------
    @api.model
    def _rd_page_css(self, landscape=False, foot="", size=None):
        """Return the rules of the page: size, page numbers, words at its foot.

        :param bool landscape: lay the A4 sheet on its side
        :param str foot: any text, printed at the lower left of every page
        :param str size: a page of the style sheet other than A4, ``241mm 140mm``
        """
        counters = {
            "\x01": Markup("counter(page)"),
            "\x02": Markup("counter(pages)"),
        }
        parts = re.split("([\x01\x02])", self._rd_page_text("\x01", "\x02"))
        number = Markup(" ").join(
            counters.get(part) or self._rd_css_string(part) for part in parts
        )
        return Markup(
            "@page { size: %(size)s; @bottom-left { content: %(foot)s } "
            "@bottom-right { content: %(number)s } }"
        ) % {
            "size": size or ("A4 landscape" if landscape else "A4"),
            "foot": self._rd_css_string(foot),
            "number": number,
        }

    @api.model
    def _rd_page_text(self, page, pages):
        return self.env._("Page %(page)s of %(pages)s", page=page, pages=pages)

    @api.model
    def _rd_css_string(self, text):
        """Return any text as a CSS string that nothing can break out of."""
        escaped = re.sub(
            r"[^0-9A-Za-z\u00a1-\U0010ffff]",
            lambda match: f"\\{ord(match[0]):x} ",
            text,
        )
        return Markup('"%s"') % escaped
