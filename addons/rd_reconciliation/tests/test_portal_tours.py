# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .portal_common import PortalCommon

# No act reaches the server any more, and no file can be read.
BROKEN = """
    const wait = (find) => new Promise((resolve, reject) => {
        const began = Date.now();
        const look = () => {
            const found = find();
            if (found) {
                resolve(found);
            } else if (Date.now() - began > 5000) {
                reject(new Error("not seen: " + find));
            } else {
                setTimeout(look, 50);
            }
        };
        look();
    });
    const shown = (element) => {
        const text = element.querySelector(".rd_error").textContent;
        return text && { text };
    };
    (async () => {
        const { open, send } = XMLHttpRequest.prototype;
        XMLHttpRequest.prototype.open = function (method, url) {
            this.isAct = url.includes("/my/statements/");
            return open.apply(this, arguments);
        };
        XMLHttpRequest.prototype.send = function () {
            if (this.isAct) {
                this.dispatchEvent(new Event("error"));
                return;
            }
            return send.apply(this, arguments);
        };
        FileReader.prototype.readAsDataURL = function () {
            setTimeout(() => this.onerror?.(new Event("error")));
        };
        const line = document.querySelector(".rd_line");
        line.querySelector(".rd_agree").click();
        const lost = await wait(() => shown(line));
        if (!lost.text.startsWith("We have no answer to this")) {
            throw new Error("shown: " + lost.text);
        }
        line.querySelector(".rd_dispute").click();
        const form = document.querySelector("#rd_dispute form");
        const reason = form.querySelector("[name=reason][value=short]");
        reason.click();
        form.quantity.value = "8";
        const files = new DataTransfer();
        files.items.add(new File(["x"], "photo.png", { type: "image/png" }));
        form.file.files = files.files;
        form.requestSubmit();
        const unread = await wait(() => shown(form));
        if (!unread.text.startsWith("The file cannot be read")) {
            throw new Error("shown: " + unread.text);
        }
        if (form.querySelector(".rd_send").disabled) {
            throw new Error("cannot be sent again");
        }
        // The page is left only when it has loaded whole.
        const loaded = () => performance.getEntriesByType("resource");
        const isLast = ({ name }) => name.includes("assets_chatter.min.js");
        await wait(() => loaded().some(isLast)).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 1000));
        console.log("test successful");
    })().catch((error) => console.error(error.message));
"""


@tagged("post_install", "-at_install")
class TestPortalTours(PortalCommon, HttpCase):
    """An affiliate's people on the portal, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", cls.base_url())

    def _on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True

    def _check_answered(self):
        """Two lines disputed with a photo, a ledger read, the rest signed."""
        self.statement.invalidate_recordset()
        self.assertEqual(self.statement.state, "disputed")
        self.assertEqual(
            self.lines.mapped("verdict"), ["difference", "difference", "confirmed"]
        )
        codes = {
            item.line_ids.part: item.code for item in self.statement.difference_ids
        }
        self.assertEqual(codes, {"P-100": "quantity_short", "P-200": "price"})
        answers = self.statement.answer_ids.sorted("id")
        self.assertEqual(
            answers.mapped("decision"), ["disputed", "disputed", "ledger", "all"]
        )
        self.assertEqual(len(answers.attachment_ids), 2)
        self.assertTrue(answers[-1].signature)
        self.assertEqual(answers[-1].user_id, self.finance)

    def test_statement_on_a_phone(self):
        self._on_a_phone()
        self.start_tour("/my", "rd_portal_statement_tour", login="north_finance")
        self._check_answered()

    def test_statement_at_a_desk(self):
        self.start_tour("/my", "rd_portal_statement_tour", login="north_finance")
        self._check_answered()

    def test_confirm_on_a_phone(self):
        self._on_a_phone()
        self.start_tour(
            f"/my/statements/{self.statement.id}",
            "rd_portal_confirm_tour",
            login="north_finance",
        )
        self.statement.invalidate_recordset()
        self.assertEqual(self.statement.state, "confirmed")

    def test_delivery_on_a_phone(self):
        self._on_a_phone()
        self.start_tour(
            "/my/deliveries", "rd_portal_delivery_tour", login="north_buyer"
        )
        self.picking.invalidate_recordset()
        self.assertEqual(self.picking.rd_portal_user_id, self.buyer)
        self.assertEqual(
            sorted(self.picking.move_ids.mapped("rd_confirmed_qty")), [4.0, 9.0, 100.0]
        )

    def test_what_fails_on_the_way_is_one_sentence(self):
        """Fails when a lost network or an unreadable photo shows technical text, or
        nothing at all."""
        self._on_a_phone()
        self.browser_js(
            f"/my/statements/{self.statement.id}",
            BROKEN,
            # set when the page's scripts have taken over; a tap before is replayed
            "document.body.getAttribute('is-ready') === 'true'",
            login="north_finance",
        )
        self.assertEqual(set(self.lines.mapped("verdict")), {"pending"})

    def test_its_sentences_are_in_the_users_language(self):
        modules = self.env["ir.http"]._get_translation_frontend_modules_name()
        self.assertIn("rd_reconciliation", modules)
