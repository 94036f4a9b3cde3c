# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A database of the previous release becomes one of this, and nothing is left behind.

The previous release is taken out of the project's own history, so a clone without
it (a shallow one, an archive) skips, saying so.
"""

import subprocess
from pathlib import Path

import pytest
from desk import databases, odoo_log, odoo_run, paths

pytestmark = [pytest.mark.lifecycle, pytest.mark.nightly]

PREVIOUS = Path(__file__).with_name("previous")

# What a database must have alike, whether it was installed or brought here.
_STRUCTURE = """
    SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type
           || ' ' || is_nullable
      FROM information_schema.columns
     WHERE table_schema = 'public' AND {ours}
 UNION ALL SELECT 'index ' || indexname FROM pg_indexes
     WHERE schemaname = 'public' AND {indexed}
 UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname
      FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace AND conname LIKE '%rd\\_%'
 UNION ALL SELECT 'xmlid ' || module || '.' || name FROM ir_model_data
     WHERE module LIKE 'rd\\_%'
"""
_OURS = "(table_name LIKE 'rd\\_%' OR column_name LIKE 'rd\\_%')"
_INDEXED = "(tablename LIKE 'rd\\_%' OR indexname LIKE '%rd\\_%')"
# What the files give once (noupdate) and the code goes on calling.
_TEMPLATES = """
    SELECT d.module || '.' || d.name, t.subject::text, t.body_html::text
      FROM mail_template t
      JOIN ir_model_data d ON d.model = 'mail.template' AND d.res_id = t.id
     WHERE d.module LIKE 'rd\\_%'
"""
_CRONS = """
    SELECT d.name, c.interval_number || ' ' || c.interval_type, a.code
      FROM ir_cron c
      JOIN ir_act_server a ON a.id = c.ir_actions_server_id
      JOIN ir_model_data d ON d.model = 'ir.cron' AND d.res_id = c.id
     WHERE d.module LIKE 'rd\\_%'
"""
# A customer, his order and the plan of what he owes, from the release that is left.
_TRADE = """
from datetime import date, timedelta
company = env.company
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
company.rd_start_date = date(2026, 9, 1)
partner = env["res.partner"].create(
    {"name": "Northern Works", "is_company": True, "rd_partner_class": "affiliate"})
part = env["product.product"].create(
    {"name": "Part", "default_code": "P-100", "is_storable": True,
     "invoice_policy": "delivery"})
order = env["sale.order"].create({"partner_id": partner.id, "order_line": [
    (0, 0, {"product_id": part.id, "product_uom_qty": 10, "price_unit": 10})]})
order.action_confirm()
move = order.picking_ids.move_ids
move.quantity, move.picked = 10, True
order.picking_ids._action_done()
env["rd.part.alias"].create({"partner_id": partner.id, "code": "NW-1",
    "product_id": part.id, "company_id": company.id})
today = company._rd_today()
move = env["account.move"].create({"move_type": "out_invoice",
    "partner_id": partner.id, "invoice_date": today, "invoice_date_due": today,
    "invoice_line_ids": [(0, 0, {"name": "x", "price_unit": 100, "tax_ids": []})]})
move.action_post()
month = (today.replace(day=1) + timedelta(days=40)).replace(day=1)
env["rd.collection.plan"].create({"month": month}).action_propose()
env.cr.commit()
"""
# What is planned on an open plan was proposed, as far as anybody knows.
_PLANNED = """
    SELECT planned_amount, planned_date IS NOT NULL,
           proposed_amount = planned_amount, proposed_date = planned_date
      FROM rd_collection_plan_line
"""
_KEPT = """
    SELECT l.qty_delivered, l.qty_to_invoice, a.code, p.rd_partner_class
      FROM sale_order_line l
      JOIN sale_order o ON o.id = l.order_id
      JOIN res_partner p ON p.id = o.partner_id
      JOIN rd_part_alias a ON a.partner_id = p.id
"""


def git(*arguments, **options):
    """Run git in the project; return what came of it."""
    command = ["git", "-C", str(paths.ROOT), *arguments]
    return subprocess.run(command, capture_output=True, **options)


@pytest.fixture
def previous(tmp_path):
    """The folder with the add-ons of the previous release."""
    lines = PREVIOUS.read_text().splitlines()
    name = next(line for line in lines if line and not line.startswith("#"))
    try:
        found = git("archive", name, "addons")
    except FileNotFoundError:
        pytest.skip("git is not there to read the previous release with")
    if found.returncode:
        pytest.skip(f"this clone does not hold {name}, the previous release")
    subprocess.run(["tar", "-x", "-C", tmp_path], input=found.stdout, check=True)
    return tmp_path / "addons"


def install_previous(cluster, database, folder):
    """Install the add-ons of another release, and let them write something."""
    others = [one for one in paths.addons_path().split(",") if "addons" in one]
    others = [one for one in others if Path(one) != paths.ADDONS]
    where = f"--addons-path={','.join([*others, str(folder)])}"
    log = paths.LOG / "upgrade-previous.log"
    modules = ",".join(paths.OUR_ADDONS)
    code = odoo_run.run_odoo(
        cluster, log, "-d", database, where, "-i", modules, *odoo_run.BATCH
    )
    assert code == 0 and not odoo_log.errors(log), log
    code = odoo_run.run_odoo(
        cluster,
        log,
        *("-d", database, where),
        *("--no-http", "--workers=0", "--max-cron-threads=0"),
        program="shell",
        stdin=_TRADE,
    )
    assert code == 0, log.read_text(errors="replace")[-3000:]


def structure(cluster, name):
    """Return what an installed database has of ours."""
    text = _STRUCTURE.format(ours=_OURS, indexed=_INDEXED)
    return {row[0] for row in databases.sql(cluster, text, name)}


def test_upgrade_from_the_previous_release(
    cluster, make_database, base_template, suite_template, run_odoo, previous
):
    name = make_database(base_template)
    install_previous(cluster, name, previous)
    kept = databases.sql(cluster, _KEPT, name)
    assert len(kept) == 1
    run_odoo("-d", name, "-u", ",".join(paths.OUR_ADDONS), *odoo_run.BATCH)
    lacking = structure(cluster, suite_template) - structure(cluster, name)
    assert not lacking, "an upgrade does not bring:\n" + "\n".join(sorted(lacking))
    assert databases.sql(cluster, _KEPT, name) == kept
    planned = databases.sql(cluster, _PLANNED, name)
    assert planned == [["100.0", "t", "t", "t"]]
    for statement in (_TEMPLATES, _CRONS):
        fresh = by_name(databases.sql(cluster, statement, suite_template))
        now = by_name(databases.sql(cluster, statement, name))
        for key, texts in fresh.items():
            assert now.get(key) == texts, f"an upgrade leaves {key} as it was"


def by_name(rows):
    """Return the texts of each record, without what is white between tags."""
    return {
        row[0]: ["".join("".join(text.split("\\n")).split()) for text in row[1:]]
        for row in rows
    }
