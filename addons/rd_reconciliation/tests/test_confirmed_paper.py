# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The PDF an affiliate takes from the portal: its lines, hash, revision, signature."""

import base64
import re
import subprocess
import tempfile
import unicodedata
from io import BytesIO
from pathlib import Path

from freezegun import freeze_time
from PIL import Image, ImageDraw

from odoo.tests import HttpCase, tagged

from .portal_common import PortalCommon
from .test_statement_print import StatementPrintCommon, can_print


def _drawn():
    """Return a signature as the pad sends it, base64."""
    picture = Image.new("RGBA", (400, 120), (255, 255, 255, 0))
    ImageDraw.Draw(picture).line((10, 90, 120, 20, 200, 100, 390, 30), (0, 0, 0), 6)
    data = BytesIO()
    picture.save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


def _texts(pdf):
    """Return the text of each page; Kangxi radicals become characters again."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    text = unicodedata.normalize("NFKC", done.stdout.decode())
    return text.rstrip("\f").split("\f")


def _pictures(pdf):
    """Return how many pictures stand in the PDF."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        done = subprocess.run(
            ["pdfimages", "-list", str(path)], capture_output=True, check=True
        )
    return len(re.findall(rb"^\s*\d+\s+\d+\s+(?:image|smask)", done.stdout, re.M))


@tagged("post_install", "-at_install")
class TestConfirmedPaper(PortalCommon, HttpCase):
    """What the paper says before and after it was confirmed on the portal."""

    def _download(self):
        self.authenticate("north_finance", "north_finance")
        # Tests render no PDF unless asked; the page asks for a real one.
        path = f"/my/statements/{self.statement.id}/statement.pdf"
        statements = self.env["rd.statement"].with_context(force_report_rendering=True)
        self.assertEqual(self.url_open(path).headers["Content-Type"], "application/pdf")
        return statements.browse(self.statement.id)._render_paper()

    def _squeezed(self, pdf):
        return re.sub(r"\s", "", "".join(_texts(pdf)))

    @can_print
    def test_before_the_answer(self):
        pdf = self._download()
        text = self._squeezed(pdf)
        for part in self.lines.mapped("part"):
            self.assertIn(part, text)
        self.assertIn(f"Revision{self.statement.revision}", text)
        self.assertIn(self.statement.content_hash, text)
        self.assertNotIn("Confirmedby", text)
        self.assertEqual(_pictures(pdf), 0)

    @can_print
    def test_signed_on_the_portal(self):
        with freeze_time("2026-10-01 03:04:05"):
            self.statement.with_user(self.finance)._portal_confirm(
                self.statement.revision,
                self.statement.content_hash,
                "192.0.2.7",
                _drawn(),
            )
        pdf = self._download()
        text = self._squeezed(pdf)
        for line in self.lines:
            self.assertIn(line.part, text)
            self.assertIn(f"{line.amount_total:,.2f}", text)
        moment = self.company._rd_local_date(self.statement.confirmed_date).isoformat()
        for words in (
            "Confirmedbynorth_finance",
            "192.0.2.7",
            moment,
            f"revision{self.statement.revision}",
            self.statement.content_hash,
            "Signature:north_finance",
        ):
            self.assertIn(words, text)
        self.assertGreater(_pictures(pdf), 0, "the drawn signature is on the paper")

    def _sign(self):
        self.statement.with_user(self.finance)._portal_confirm(
            self.statement.revision, self.statement.content_hash, None, _drawn()
        )

    def _dispute(self, line):
        self.statement.with_user(self.finance)._portal_answer_line(
            line.id,
            self._seen(line=line, decision="disputed", reason="short", quantity=1),
        )

    @can_print
    def test_agreed_with_less_than_was_confirmed(self):
        """Fails when the paper says that they confirmed what they never saw: the
        revision which the agreement makes of the lines that stay."""
        for line in self.lines[:2]:
            self._dispute(line)
        self._sign()
        signed, total = self.statement.content_hash, self.statement.amount_total
        one, two = self.statement.difference_ids
        one.with_user(self.clerk).action_carry()
        two.with_user(self.clerk).action_accept_theirs()
        self.statement.with_user(self.clerk).action_agree()
        self.assertEqual((self.statement.state, self.statement.revision), ("agreed", 2))
        text = self._squeezed(self._download())
        self.assertIn(f"revision1,SHA-256{signed}", text)
        self.assertIn("Signature:north_finance", text)
        self.assertIn("Revision2isrevision1lesswhatwascarriedover", text)
        for amount in (total, self.statement.amount_total):
            self.assertIn(f"{amount:,.2f}", text)
        words = self.statement._prepare_print_confirmation()
        self.assertNotIn(self.statement.content_hash, words["text"])

    def test_confirmed_as_it_was_agreed(self):
        self._sign()
        self.statement.with_user(self.clerk).action_agree()
        words = self.statement._prepare_print_confirmation()
        self.assertIn(self.statement.content_hash, words["text"])
        self.assertFalse(words["since"])

    @can_print
    def test_an_older_signature_is_not_on_a_new_revision(self):
        self.statement.with_user(self.finance)._portal_confirm(
            self.statement.revision, self.statement.content_hash, None, _drawn()
        )
        self.assertTrue(self.statement._prepare_print_data()["confirmation"])
        self.statement._as_internal().write(
            {"revision": 2, "state": "sent", "confirmed_date": False}
        )
        self.assertFalse(self.statement._prepare_print_data()["confirmation"])
        self.assertEqual(_pictures(self._download()), 0)


@tagged("post_install", "-at_install")
class TestLastPage(StatementPrintCommon):
    """The signatures never stand alone on the last page."""

    @can_print
    def test_signatures_stay_with_the_sums(self):
        wrong = []
        for count in range(20, 36, 4):
            pages = self._pages(self._create_statement([{}] * count))
            last = pages[-1]
            self.assertIn("Customer (seal)", last)
            if not re.search(r"Total\s+\d", last):
                wrong.append(count)
        self.assertFalse(wrong, "lines with which the sums stand on another page")
