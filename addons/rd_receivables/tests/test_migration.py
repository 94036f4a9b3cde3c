# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import importlib.util

from freezegun import freeze_time
from psycopg2.extras import Json

from odoo.tests import tagged
from odoo.tools import file_path

from .plan_common import EVE
from .test_chase_run import RunCommon

OLD = """<div>
    <t t-set="data" t-value="object._prepare_letter()"/>
    <p>What the company wrote itself</p>
    <table border="1">
        <tr t-foreach="data['rows']" t-as="row">
            <td t-foreach="row" t-as="cell"><t t-out="cell"/></td>
        </tr>
        <tr>
            <th t-foreach="data['sums']" t-as="cell">
                <t t-out="cell if cell_index else data['total']"/>
            </th>
        </tr>
    </table>
</div>"""


@tagged("post_install", "-at_install")
class TestMigration(RunCommon):
    """Databases of the first version go on sending."""

    def _script(self):
        path = file_path("rd_receivables/migrations/19.0.1.1.0/post-migration.py")
        spec = importlib.util.spec_from_file_location("rd_post_migration", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def _migrate(self):
        self.env.flush_all()
        self._script().migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_template_of_the_first_version(self):
        """The row of sums is renewed in every language; what people wrote stays."""
        template = self.env.ref("rd_receivables.mail_template_chase")
        bodies = {"en_US": OLD, "zh_CN": OLD.replace("What", "什么")}
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = %s WHERE id = %s",
            (Json(bodies), template.id),
        )
        self.env.invalidate_all()
        line = self._line(self._prepare())
        with self.assertRaises(Exception) as caught:
            template._render_field("body_html", line.ids)
        self.assertIn("sums", str(caught.exception))
        self._migrate()
        body = template._render_field("body_html", line.ids)[line.id]
        self.assertIn("What the company wrote itself", body)
        self.assertIn("1,000.00", body)
        self.assertIn("<th>Total</th>", body)
        self.env.cr.execute(
            "SELECT body_html->>'zh_CN' FROM mail_template WHERE id = %s",
            (template.id,),
        )
        chinese = self.env.cr.fetchone()[0]
        self.assertIn("什么", chinese)
        self.assertNotIn("sums", chinese)

    def test_lines_of_the_first_version_follow_the_facts(self):
        """Fails when what was only proposed passes for what somebody typed."""
        plan, frozen = self._propose(), self._approve(self._propose("2025-04-01"))
        lines = (plan | frozen).line_ids
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE rd_collection_plan_line SET proposed_date = NULL, "
            "proposed_amount = NULL WHERE id = ANY(%s)",
            (lines.ids,),
        )
        self.env.invalidate_all()
        self._migrate()
        line = self._line(plan, self.due)
        self.assertEqual(line.proposed_date, line.planned_date)
        self.assertEqual(line.proposed_amount, 500)
        self.assertFalse(any(frozen.line_ids.mapped("proposed_amount")))
        self._pay(self.due, 200, "2025-02-20")
        with freeze_time(EVE):
            plan.action_propose()
        self.assertEqual(line.planned_amount, 300)

    def test_pause_of_a_week_loses_no_week_any_more(self):
        for before, after in ((7, 6), (10, 10), (0, 0)):
            self.company.rd_chase_pause_days = before
            self._migrate()
            self.assertEqual(self.company.rd_chase_pause_days, after)

    def test_levels_of_the_first_version(self):
        """The delivered words are renewed in English; what people wrote stays."""
        levels = self.env["rd.chase.level"]._ensure(self.env.company).filtered("text")
        level, own = levels.with_context(lang="en_US")[:2]
        old, now = next(iter(self._script().LEVELS.items()))
        self.env.flush_all()
        for one, text in ((level, old), (own, "What the company wrote itself")):
            self.env.cr.execute(
                "UPDATE rd_chase_level SET text = %s WHERE id = %s",
                (Json({"en_US": text, "zh_CN": "款项即将到期。"}), one.id),
            )
        self._migrate()
        self.assertEqual(level.text, now)
        self.assertIn(now, [text for *_rest, text in levels._get_defaults()])
        self.assertEqual(own.text, "What the company wrote itself")
        self.env.cr.execute(
            "SELECT text->>'zh_CN' FROM rd_chase_level WHERE id = %s", (level.id,)
        )
        self.assertEqual(self.env.cr.fetchone()[0], "款项即将到期。")

    def test_template_of_this_version_stays(self):
        template = self.env.ref("rd_receivables.mail_template_chase")
        before = template.body_html
        self._migrate()
        self.assertEqual(template.body_html, before)
