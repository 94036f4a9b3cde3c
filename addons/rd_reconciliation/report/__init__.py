# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import rd_statement_xlsx
from . import rd_dispatched_report
from . import rd_invoice_request_xlsx
from . import rd_sales_report
