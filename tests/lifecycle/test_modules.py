# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Each add-on installs alone, updates without changing anything and leaves no trace."""

import ast
import itertools
import re
import subprocess

import pytest
from desk import databases, odoo_run, paths, postgres

pytestmark = pytest.mark.lifecycle

ALONE = [(addon,) for addon in paths.OUR_ADDONS]
ALL = [paths.OUR_ADDONS]

# what every removed module leaves, because Odoo itself keeps it
_KEPT = re.compile(
    # the module's own record and its category
    r"^xmlid base\.module_(category_|rd_)"
)

# what changes by itself while Odoo loads
_VOLATILE = {
    "ir_cron_trigger",
    "ir_cron_progress",
    "bus_bus",
    "ir_logging",
    "res_device_log",
}
_SIGNALS = "orm_signaling_"  # one row for each time that a cache was emptied

# everything a module can leave behind, each as one line of text
_TRACES = """
    SELECT 'table ' || table_name FROM information_schema.tables
     WHERE table_schema = 'public'
 UNION ALL SELECT 'column ' || table_name || '.' || column_name
      FROM information_schema.columns WHERE table_schema = 'public'
 UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname
      FROM pg_constraint
      JOIN pg_namespace n ON n.oid = connamespace AND n.nspname = 'public'
 UNION ALL SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public'
 UNION ALL SELECT 'function ' || proname FROM pg_proc
      WHERE proname LIKE 'rd\\_%'
 UNION ALL SELECT 'sequence ' || sequencename FROM pg_sequences
 UNION ALL SELECT 'xmlid ' || module || '.' || name FROM ir_model_data
 UNION ALL SELECT 'model ' || model FROM ir_model
 UNION ALL SELECT 'field ' || model || '.' || name FROM ir_model_fields
 UNION ALL SELECT 'cron ' || cron_name FROM ir_cron
 UNION ALL SELECT 'rule ' || coalesce(name, '') || ' ' || model_id FROM ir_rule
 UNION ALL SELECT 'access ' || name FROM ir_model_access
 UNION ALL SELECT 'parameter ' || key FROM ir_config_parameter
 UNION ALL SELECT 'group ' || id || ' ' || (name->>'en_US') FROM res_groups
 UNION ALL SELECT 'menu ' || id || ' ' || (name->>'en_US') FROM ir_ui_menu
 UNION ALL SELECT 'view ' || id || ' ' || name FROM ir_ui_view
 UNION ALL SELECT 'action ' || id || ' ' || (name->>'en_US') FROM ir_actions
 UNION ALL SELECT 'mail template ' || id FROM mail_template
 UNION ALL SELECT 'number sequence ' || id || ' ' || name FROM ir_sequence
"""

_REMOVE = """
modules = env["ir.module.module"].search([("name", "in", {modules!r})])
modules.button_immediate_uninstall()
"""

# the main company keeps its books by one chart of accounts, the second by another
_TWO_COMPANIES = """
charts = env["account.chart.template"]
first = env.ref("base.main_company")
second = env["res.company"].create(
    {{"name": "Second house", "currency_id": env.ref("base.EUR").id}}
)
charts.try_loading({first!r}, first, install_demo=False)
charts.try_loading({second!r}, second, install_demo=False)
assert (first.chart_template, second.chart_template) == ({first!r}, {second!r})
env.cr.commit()
"""

_COUNTS = """
    SELECT relname, (xpath('/row/c/text()', query_to_xml(
               format('SELECT count(*) AS c FROM %I', relname), false, true, '')))[1]
      FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""

# Our own tables whole, and of others the rows that we brought: a hash of each table,
# without what the time writes, and what an update keeps of the text it writes anew.
_CONTENTS = r"""
  WITH kept AS (
      SELECT relname::text AS name, 'TRUE' AS condition FROM pg_class
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
         AND relname LIKE 'rd\_%'
   UNION ALL
      SELECT class.relname::text, format(
                 $$id IN (SELECT res_id FROM ir_model_data
                           WHERE module LIKE 'rd\_%%' AND model IN (%s))$$,
                 string_agg(DISTINCT quote_literal(data.model), ', '))
        FROM ir_model_data data
        JOIN pg_class class ON class.relkind = 'r'
         AND class.relnamespace = 'public'::regnamespace
         AND class.relname = regexp_replace(
                 regexp_replace(replace(data.model, '.', '_'),
                                '^ir_actions_report$', 'ir_act_report_xml'),
                 '^ir_actions_(act_)?', 'ir_act_')
       WHERE data.module LIKE 'rd\_%' AND class.relname NOT LIKE 'rd\_%'
       GROUP BY class.relname)
SELECT name, (xpath('/row/c/text()', query_to_xml(format(
           $$SELECT md5(coalesce(string_agg(one, ' ' ORDER BY one), '')) AS c
               FROM (SELECT md5((to_jsonb(own) - ARRAY[
                         'write_date', 'write_uid', 'lastcall', 'nextcall',
                         'failure_count', 'first_failure_date',
                         'arch_prev'])::text) AS one
                       FROM %I own WHERE %s) AS rows$$,
           name, condition), false, true, '')))[1]
  FROM kept
"""


def contents(cluster, name):
    """Return a hash of each table's rows: our own, and those that we brought."""
    return dict(databases.sql(cluster, _CONTENTS, name))


def traces(cluster, name):
    """Return everything that a module could leave behind."""
    return {row[0] for row in databases.sql(cluster, _TRACES, name)}


def schema(cluster, name):
    """Return the database's schema as pg_dump writes it."""
    done = subprocess.run(
        [str(postgres.programs() / "pg_dump"), "--schema-only", "--no-owner", name],
        capture_output=True,
        text=True,
        env=cluster.environment(),
        check=True,
    )
    # the newest releases write a random word into each dump
    return [line for line in done.stdout.splitlines() if "restrict" not in line]


def counts(cluster, name):
    """Return the number of rows of each table."""
    rows = databases.sql(cluster, _COUNTS, name)
    numbers = {table: int(number) for table, number in rows}
    return {
        table: number
        for table, number in numbers.items()
        if table not in _VOLATILE and not table.startswith(_SIGNALS)
    }


def check_update_twice(cluster, run_odoo, name, modules):
    """Assert that updating twice changes neither schema nor rows nor their values."""
    before = schema(cluster, name), counts(cluster, name), contents(cluster, name)
    for _time in range(2):
        run_odoo("-d", name, "-u", ",".join(modules), *odoo_run.BATCH)
        assert schema(cluster, name) == before[0]
        now = counts(cluster, name)
        assert {k: v for k, v in now.items() if before[1].get(k) != v} == {}
        assert changed(before[2], contents(cluster, name)) == set()


def changed(before, after):
    """Return the tables of which anything is not what it was."""
    return {
        table
        for table in before.keys() | after.keys()
        if before.get(table) != after.get(table)
    }


def remove(run_odoo, name, modules):
    """Uninstall the modules."""
    run_odoo(
        *("-d", name, "--no-http", "--workers=0", "--max-cron-threads=0"),
        program="shell",
        stdin=_REMOVE.format(modules=list(modules)),
    )


def check_removal(cluster, run_odoo, name, modules, before):
    """Assert that removing the modules leaves what was there before, no more."""
    remove(run_odoo, name, modules)
    left = traces(cluster, name) - before
    left = {line for line in left if not _KEPT.match(line)}
    assert not left, "left behind:\n" + "\n".join(sorted(left))


def orders_of_removal():
    """Return every order in which the add-ons can be removed one by one."""
    needs = {
        addon: set(ast.literal_eval(manifest.read_text())["depends"])
        for addon in paths.OUR_ADDONS
        for manifest in [paths.ADDONS / addon / "__manifest__.py"]
    }
    return [
        order
        for order in itertools.permutations(paths.OUR_ADDONS)
        if not any(needs[later] & set(order[:at]) for at, later in enumerate(order))
    ]


def our_installed(cluster, name):
    """Return the names of our add-ons that a database has."""
    rows = databases.sql(
        cluster,
        "SELECT name FROM ir_module_module WHERE state = 'installed'"
        " AND name LIKE 'rd\\_%'",
        name,
    )
    return {row[0] for row in rows}


def test_each_installs_without_the_others(
    cluster, make_database, base_template, run_odoo
):
    """What an add-on takes from one that it does not name is not there."""
    first, *others = paths.OUR_ADDONS
    start = make_database(base_template)
    run_odoo("-d", start, "-i", first, *odoo_run.BATCH)
    assert our_installed(cluster, start) == {first}
    for addon in others:
        name = make_database(start)
        run_odoo("-d", name, "-i", addon, *odoo_run.BATCH)
        assert {first, addon} <= our_installed(cluster, name)


@pytest.mark.parametrize(
    "modules",
    [*(pytest.param(one, marks=pytest.mark.nightly) for one in ALONE), *ALL],
    ids=lambda m: "+".join(m)[:40],
)
def test_installs_and_leaves_no_trace(
    cluster, make_database, base_template, run_odoo, modules
):
    name = make_database(base_template)
    before = traces(cluster, name)
    run_odoo("-d", name, "-i", ",".join(modules), *odoo_run.BATCH)
    installed = our_installed(cluster, name)
    assert set(modules) <= installed
    check_removal(cluster, run_odoo, name, sorted(installed), before)


def test_update_twice_changes_nothing(cluster, database, run_odoo):
    check_update_twice(cluster, run_odoo, database, paths.OUR_ADDONS)


def test_a_rewritten_value_is_seen(cluster, database):
    """Fails when only the numbers of rows are compared."""
    before = contents(cluster, database)
    assert {"rd_scorecard_measure", "ir_cron", "ir_act_window"} <= before.keys()
    values = {
        "rd_scorecard_measure": "target = target + 1",
        "ir_cron": "interval_number = interval_number + 1",
        "ir_act_report_xml": "attachment = 'x'",
    }
    ours = "id IN (SELECT res_id FROM ir_model_data WHERE module LIKE 'rd\\_%')"
    for table, value in values.items():
        databases.sql(cluster, f"UPDATE {table} SET {value} WHERE {ours}", database)
        after = contents(cluster, database)
        assert changed(before, after) == {table}
        before = after
    for table in ("ir_cron", "ir_act_window"):
        rewrite = f"UPDATE {table} SET write_date = now() WHERE {ours}"
        databases.sql(cluster, rewrite, database)
    assert changed(before, contents(cluster, database)) == set()


@pytest.mark.nightly
@pytest.mark.parametrize("modules", ALONE, ids=lambda m: m[0])
def test_alone_update_twice_changes_nothing(
    cluster, make_database, base_template, run_odoo, modules
):
    name = make_database(base_template)
    run_odoo("-d", name, "-i", ",".join(modules), *odoo_run.BATCH)
    check_update_twice(cluster, run_odoo, name, modules)


@pytest.mark.nightly
@pytest.mark.parametrize("modules", ALONE + ALL, ids=lambda m: "+".join(m)[:40])
def test_installs_with_demo(cluster, make_database, run_odoo, modules):
    name = make_database(databases.ensure_base(cluster, demo=True))
    run_odoo("-d", name, "-i", ",".join(modules), "--with-demo", *odoo_run.BATCH)
    failed = databases.sql(cluster, "SELECT count(*) FROM ir_demo_failure", name)
    assert failed == [["0"]]


@pytest.mark.nightly
@pytest.mark.parametrize("charts", [("cn", "generic_coa"), ("generic_coa", "cn")])
def test_two_companies_with_other_charts(
    cluster, make_database, base_template, run_odoo, charts
):
    name = make_database(base_template)
    run_odoo(
        *("-d", name, "--no-http", "--workers=0", "--max-cron-threads=0"),
        program="shell",
        stdin=_TWO_COMPANIES.format(first=charts[0], second=charts[1]),
    )
    before = traces(cluster, name)
    run_odoo("-d", name, "-i", ",".join(paths.OUR_ADDONS), *odoo_run.BATCH)
    check_update_twice(cluster, run_odoo, name, paths.OUR_ADDONS)
    check_removal(cluster, run_odoo, name, paths.OUR_ADDONS, before)


@pytest.mark.nightly
def test_installs_again_after_removal(cluster, make_database, base_template, run_odoo):
    name = make_database(base_template)
    before = traces(cluster, name)
    modules = ",".join(paths.OUR_ADDONS)
    for _time in range(2):
        run_odoo("-d", name, "-i", modules, *odoo_run.BATCH)
        check_removal(cluster, run_odoo, name, paths.OUR_ADDONS, before)


def test_orders_of_removal():
    """An add-on goes before what it needs; between these the order is free."""
    assert len(orders_of_removal()) == 3


@pytest.mark.nightly
@pytest.mark.parametrize("order", orders_of_removal(), ids=",".join)
def test_removed_one_by_one(cluster, make_database, base_template, run_odoo, order):
    """What is left after each works on, and the last one takes all away."""
    name = make_database(base_template)
    before = traces(cluster, name)
    run_odoo("-d", name, "-i", ",".join(order), *odoo_run.BATCH)
    for at, addon in enumerate(order[:-1], start=1):
        remove(run_odoo, name, [addon])
        rest = order[at:]
        assert our_installed(cluster, name) == set(rest)
        run_odoo("-d", name, "-u", ",".join(rest), *odoo_run.BATCH)
    check_removal(cluster, run_odoo, name, order[-1:], before)
