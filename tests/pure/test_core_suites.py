# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What of Odoo's own tests counts as broken by our add-ons."""

from desk import core_suites, databases, odoo_log

_LOG = """\
2026-01-02 03:04:05,678 9 ERROR db odoo.addons.sale.tests.test_x: FAIL: TestA.test_b
Traceback (most recent call last):
2026-01-02 03:04:05,678 9 ERROR db odoo.addons.sale.tests.test_x: ERROR: TestA.test_c
2026-01-02 03:04:05,678 9 ERROR db odoo.addons.sale.tests.test_x: \
FAIL: Subtest TestA.test_d (row=1)
2026-01-02 03:04:05,678 9 ERROR db odoo.addons.sale.tests.test_x: \
ERROR: setUpClass (odoo.addons.sale.tests.test_x.TestE)
2026-01-02 03:04:05,678 9 INFO db odoo.addons.sale.tests.test_x: Starting TestA.test_f
2026-01-02 03:04:05,678 9 ERROR db odoo.tests.result: 3 failed, 1 error(s) of 9 tests
"""


def test_names_of_what_failed():
    records, _foreign = odoo_log.parse(_LOG)
    assert core_suites.failed_tests(records) == {
        "TestA.test_b",
        "TestA.test_c",
        "TestA.test_d",
        "setUpClass (odoo.addons.sale.tests.test_x.TestE",
    }


def test_only_what_stock_odoo_passes_is_ours(monkeypatch):
    stock = core_suites.Run("sale", 7, ["TestA.test_b"])
    ours = core_suites.Run("sale", 5, ["TestA.test_b", "TestA.test_c", "TestA.test_d"])
    monkeypatch.setattr(core_suites, "_stock", lambda cluster, module: stock)
    monkeypatch.setattr(core_suites, "_run", lambda *arguments: ours)
    monkeypatch.setattr(databases, "ensure_suite", lambda cluster: "suite")
    monkeypatch.setattr(core_suites, "EXCEPTIONS", {"sale:TestA.test_d": "because"})
    row = core_suites.compare(None, "sale")
    assert row["new"] == ["TestA.test_c"]
    assert row["excused"] == ["TestA.test_d"]


def test_each_exception_has_a_reason():
    for name, reason in core_suites.EXCEPTIONS.items():
        module, _colon, test = name.partition(":")
        assert module in core_suites.MODULES and "." in test
        assert len(reason.split()) > 4, name
