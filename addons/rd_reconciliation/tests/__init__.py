# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from importlib.util import find_spec

from . import test_access_matrix
from . import test_account
from . import test_account_differences
from . import test_account_tours
from . import test_check_run
from . import test_collect
from . import test_confirmed_paper
from . import test_cockpit_chain
from . import test_cutoff_habit
from . import test_exception_desk
from . import test_field_matrix
from . import test_guards
from . import test_hoot
from . import test_ledger_marks
from . import test_desk_scale
from . import test_desk_tours
from . import test_ledger_layout
from . import test_adjustments
from . import test_json2
from . import test_late_facts
from . import test_late_prices
from . import test_ledger_profile
from . import test_mail_words
from . import test_statement_chain
from . import test_samples
from . import test_sending
from . import test_send_again
from . import test_statement_layout
from . import test_statement_print
from . import test_time_zones
from . import test_tours
from . import test_query_counts
from . import test_refusals
from . import test_answer_mail_tour
from . import test_basis
from . import test_dispatched_report
from . import test_invoice_split
from . import test_invoice_sync
from . import test_invoice_request
from . import test_fapiao
from . import test_fapiao_import
from . import test_billing_paths
from . import test_invoicing_tours
from . import test_markup
from . import test_no_order_line
from . import test_portal_answers
from . import test_portal_routes
from . import test_portal_tours
from . import test_contract_stages
from . import test_one_way

# The random walk needs a library that only developers have.
if find_spec("hypothesis"):
    from . import test_chain_walk
from . import test_handover_chain
from . import test_handover_portal
from . import test_scorecard
from . import test_customer_review
from . import test_intake
from . import test_sql_payloads
from . import test_money_baskets
from . import test_json2_month
from . import test_step_days
