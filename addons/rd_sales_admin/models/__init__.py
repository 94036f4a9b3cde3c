# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import rd_guarded_mixin
from . import rd_workflow_mixin
from . import rd_confirmation_mixin
from . import rd_settlement_source
from . import ir_actions_report
from . import res_company
from . import res_config_settings
from . import res_partner
from . import product_category
from . import sale_order
from . import sale_order_line
from . import rd_part_alias
from . import rd_ledger_profile
from . import rd_ledger_profile_preview
from . import rd_ledger_profile_column
from . import rd_shipping_list
from . import rd_shipping_list_line
from . import stock_move
from . import stock_move_receipt
from . import stock_move_basis
from . import stock_picking
from . import stock_picking_receipt
from . import stock_picking_confirm
from . import ir_attachment
from . import rd_close
from . import rd_close_step
