# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_close
from . import test_guards
from . import test_ledger_layout
from . import test_partner
from . import test_shipping_list
from . import test_receipt
from . import test_receipt_tour
from . import test_dispatched_report
from . import test_paper
from . import test_shipping_hand_in
from . import test_deputy
from . import test_sales_report
from . import test_cost_sheet
from . import test_figures_tours
