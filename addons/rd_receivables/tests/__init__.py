# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_acceptance_bill,
    test_ageing_as_of,
    test_ageing_paper,
    test_cockpit,
    test_collection_figures,
    test_collection_histories,
    test_collection_plan,
    test_due_anchor,
    test_collection_plan_print,
    test_due_chain,
    test_delivery_stop,
    test_rd_ageing_report,
    test_receivable_exception,
    test_exception_month,
    test_chase_guard,
    test_chase_run,
    test_chase_tours,
    test_chase_worklist,
    test_migration,
    test_open_items_portal,
    test_promise,
    test_receivables_history,
    test_receivables_tours,
    test_res_partner,
    test_stage_dues,
)
from . import test_scorecard
from . import test_intake
