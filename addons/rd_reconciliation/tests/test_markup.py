# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Markup in every text that someone outside can fill is text wherever it is shown."""

import json

from lxml import html

from odoo.tests import HttpCase, new_test_user, tagged

from .payloads import MARKUP, bundles
from .portal_common import PortalCommon

EVIL = (
    "<img src=x onerror=\"top.rd_markup='{0}'\"><svg onload=\"top.rd_markup='{0}'\">"
    "</textarea></title><script>top.rd_markup='{0}'</script>"
    "\"' onmouseover=top.rd_markup='{0}' {{7*7}} =1+1"
)
# Texts that the system keeps: nobody types or uploads them.
KEPT = {
    *("content_hash", "approved_hash", "access_token", "sha256", "key", "undo_values"),
    *("res_model", "requested_action", "email", "email_normalized", "lang"),
    *("note_key", "name_key", "group_key", "currency_code", "number", "code"),
    *("rule", "reason_template", "ip_address"),
}
MODELS = (
    *("rd.statement", "rd.statement.line", "rd.statement.answer"),
    *("rd.statement.charge", "rd.ledger", "rd.ledger.line", "rd.ledger.profile"),
    *("rd.match", "rd.difference"),
    *("rd.part.alias", "rd.shipping.list", "rd.shipping.list.line"),
    *("rd.statement.sending", "rd.approval", "rd.drift"),
)
# Tells whether something of a page would run, and whether something was rendered.
LIVE = """
    const isLive = (page) => {
        const links = ["href", "src", "action", "formaction", "xlink:href", "data"];
        const runs = (one) =>
            one.value.includes("rd_markup") &&
            (one.name.startsWith("on") ||
                one.name === "srcdoc" ||
                (links.includes(one.name) &&
                    /^\\s*(java\\s*script|vbscript|data):/i.test(one.value)));
        const found = [...page.querySelectorAll("*")].some((element) =>
            [...element.attributes].some(runs)
        );
        return found || page.body.textContent.includes("rd_rendered");
    };
"""
# Runs on a page of the portal: each address in a frame of its own.
PORTAL = (
    f"(async () => {{{LIVE}"
    + """
    for (const path of %s) {
        const frame = document.createElement("iframe");
        frame.style = "width: 390px; height: 844px";
        frame.src = path;
        document.body.append(frame);
        await new Promise((resolve) => frame.addEventListener("load", resolve));
        await new Promise((resolve) => setTimeout(resolve, 400));
        const page = frame.contentDocument;
        if (!page.body.textContent.includes("onerror")) {
            console.error(path + " shows none of the texts");
        }
        if (isLive(page) || window.rd_markup) {
            console.error(path + " runs markup of " + window.rd_markup);
        }
        frame.remove();
    }
    console.log("test successful");
})();
"""
)
# Runs in the web client: each view of each model, one after the other.
CLIENT = (
    f"(async () => {{{LIVE}"
    + """
    const env = odoo.__WOWL_DEBUG__.root.env;
    for (const [model, id, views] of %s) {
        for (const view of views) {
            try {
                await env.services.action.doAction({
                    type: "ir.actions.act_window",
                    res_model: model,
                    name: model,
                    res_id: view === "form" ? id : undefined,
                    views: [[false, view]],
                    domain: [],
                    target: "current",
                }, { clearBreadcrumbs: true });
            } catch (error) {
                const text = error.data?.message || error;
                console.error(model + " " + view + ": " + text);
            }
            await new Promise((resolve) => setTimeout(resolve, 500));
            if (isLive(document) || window.rd_markup) {
                console.error(model + " " + view + " runs " + window.rd_markup);
            }
        }
    }
    console.log("test successful");
})();
"""
)
DESK = (
    f"(async () => {{{LIVE}"
    + """
    for (let turn = 0; turn < 60 && !document.querySelector(".rd_desk"); turn++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const client = document.querySelector(".o_action_manager");
    if (!client.textContent.includes("onerror")) {
        console.error("the desk shows none of the texts");
    }
    if (isLive(document) || window.rd_markup) {
        console.error("the desk runs markup of " + window.rd_markup);
    }
    console.log("test successful");
})();
"""
)


@tagged("post_install", "-at_install")
class TestMarkup(PortalCommon, HttpCase):
    """A real browser opens every page and view over texts that carry markup."""

    evil = EVIL

    @classmethod
    def _evil(cls, name):
        """Return the text for one field; what would run says which it was."""
        return cls.evil.replace("{0}", name)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", cls.base_url())
        cls._dispute()
        cls._read_account(
            cls.statement,
            [("2026-09-10", "SH-1", "P-100", 8, 90.4), ("2026-09-11", "X", "Y", 1, 5)],
            filename="theirs.csv",
            opening=0,
        )
        cls.statement.action_match()
        cls._fill()
        cls.viewer = new_test_user(
            cls.env,
            login="rd_viewer",
            password="rd_viewer",
            groups="rd_sales_admin.rd_sales_admin_group_supervisor,"
            "rd_sales_admin.rd_sales_admin_group_finance",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def _dispute(cls):
        for line in cls.lines[:2]:
            cls.statement.with_user(cls.finance)._portal_answer_line(
                line.id,
                cls._seen(
                    line=line,
                    decision="disputed",
                    reason="other",
                    note=cls._evil("note"),
                ),
            )
        cls.statement.message_post(body=cls._evil("message"))

    @classmethod
    def _fill(cls):
        """Put markup into every text of ours, and into what core names."""
        for model in MODELS:
            cls._fill_model(cls.env[model])
        cls.affiliate.name = cls._evil("affiliate")
        (cls.buyer | cls.finance).partner_id.write({"name": cls._evil("person")})
        for part in cls.parts:
            part.name = cls._evil("part")
        orders = cls.lines.sale_line_id.order_id
        orders.client_order_ref = cls._evil("order")
        orders.order_line.rd_customer_line = cls._evil("order line")
        cls.picking.rd_note = cls._evil("delivery note")
        cls.env["ir.attachment"].search(
            [("res_model", "in", MODELS), ("res_field", "=", False)]
        ).write({"name": cls._evil("file")})
        # What the page answers to is what stands there now.
        cls.statement._fix_revision()

    @classmethod
    def _fill_model(cls, records):
        cls.env.flush_all()
        for name, field in records._fields.items():
            if not field.store or field.translate or name in KEPT:
                continue
            if field.type in ("char", "text"):
                value = cls._evil(f"{records._name} {name}")
            elif field.type == "json" and name == "raw":
                value = json.dumps({"note": cls._evil("cell")})
            else:
                continue
            # Some names stand once only; their number keeps them apart.
            told = "%s || id::text" if name == "name" else "%s"
            cls.env.cr.execute(
                f'UPDATE "{records._table}" SET "{name}" = {told} '
                f'WHERE "{name}" IS NOT NULL OR %s',
                [value, field.type != "json" and name in ("note", "remark", "reason")],
            )
        cls.env.invalidate_all()

    # ------------------------------------------------------------------
    # In a browser
    # ------------------------------------------------------------------
    def test_portal(self):
        base = f"/my/statements/{self.statement.id}"
        paths = ["/my/statements", base, f"{base}?filterby=disputed", "/my/deliveries"]
        self.browser_js("/my", PORTAL % json.dumps(paths), login="north_finance")

    def test_link_by_token(self):
        base = f"/my/statements/{self.statement.id}"
        paths = [f"{base}?access_token={self.statement.access_token}"]
        self.browser_js("/web/login", PORTAL % json.dumps(paths))

    def test_web_client(self):
        opened = []
        for model in (*MODELS, "res.partner", "stock.picking", "sale.order"):
            views = self.env["ir.ui.view"].search(
                [("model", "=", model), ("type", "in", ("form", "list", "kanban"))]
            )
            record = self._get_shown(model)
            if record and views:
                types = sorted(set(views.mapped("type")))
                opened.append((model, record.id, types))
        self.assertGreater(len(opened), 10)
        self.browser_js(
            "/odoo",
            CLIENT % json.dumps(opened),
            ready="odoo.isReady === true",
            login="rd_viewer",
            timeout=180,
        )

    def _get_shown(self, model):
        known = {
            "rd.statement": self.statement,
            "res.partner": self.affiliate,
            "stock.picking": self.picking,
            "sale.order": self.lines.sale_line_id.order_id[:1],
        }
        return known.get(model) or self.env[model].search([], limit=1)

    def test_exception_desk(self):
        self.browser_js("/odoo/exceptions", DESK, login="rd_viewer", timeout=90)

    # ------------------------------------------------------------------
    # By mail
    # ------------------------------------------------------------------
    def test_mails(self):
        self.affiliate.write({"email": "ap@northern.example"})
        self.statement.with_user(self.clerk).action_send_mail()
        self.statement.with_user(self.finance).sudo()._post_with_proof(
            self._evil("outcome"), self.env["ir.attachment"]
        )
        bodies = self.env["mail.message"].search([]).mapped("body")
        bodies += self.env["mail.mail"].search([]).mapped("body_html")
        found = 0
        for body in filter(None, bodies):
            tree = html.fromstring(f"<div>{body}</div>")
            live = tree.xpath("//@onerror | //@onload | //@onmouseover | //script")
            self.assertFalse(live, body)
            found += "onerror" in tree.text_content()
            self.assertNotIn(" 49 ", tree.text_content())
        self.assertGreater(found, 2, "the texts are in the mails, as texts")


@tagged("-standard", "rd_nightly", "post_install", "-at_install")
class TestMarkupNightly(TestMarkup):
    """The same with sixty texts, ten of them at a time, in every field of ours."""

    def test_sixty_texts(self):
        self.assertEqual(len(set(MARKUP)), 60)
        for number, text in enumerate(bundles()):
            with self.subTest(bundle=number):
                type(self).evil = text
                self._fill()
                self.statement.message_post(body=self._evil("message"))
                self.test_portal()
                self.test_link_by_token()
                self.test_web_client()
                self.test_exception_desk()
