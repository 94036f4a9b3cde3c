# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import rd_statement
from . import rd_statement_line
from . import rd_statement_build
from . import rd_statement_invoice
from . import rd_statement_print
from . import rd_match
from . import rd_difference
from . import rd_ledger
from . import rd_ledger_line
from . import rd_statement_match
from . import rd_settlement_source
from . import rd_opening
from . import rd_opening_line
from . import rd_close
from . import res_company
from . import res_config_settings
from . import account_move
from . import account_move_line
from . import sale_order_line
