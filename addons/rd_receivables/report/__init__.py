# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    rd_ageing_report,
    rd_ageing_report_matrix,
    rd_ageing_xlsx,
    rd_cash_in_report,
    rd_collection_plan_xlsx,
    rd_collection_report,
    rd_exception_month_xlsx,
    rd_chase_worklist,
    rd_chase_xlsx,
)
