# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    account_move_due,
    account_move_line_due,
    account_payment_term_line,
    rd_acceptance_bill,
    rd_approval,
    rd_collection_plan,
    rd_collection_plan_line,
    rd_collection_plan_change,
    rd_collection_plan_figures,
    rd_collection_plan_line_figures,
    rd_collection_plan_print,
    rd_close,
    rd_fapiao,
    rd_receivable_reader,
    rd_statement,
    res_company,
    res_config_settings,
    res_partner,
    res_partner_due,
)
from . import rd_close_plan
from . import rd_cockpit
from . import rd_close_freezing
