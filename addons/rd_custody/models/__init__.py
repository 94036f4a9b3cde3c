# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import rd_property_event_mixin, rd_property, rd_property_event
from . import rd_approval, rd_property_release, rd_property_stock
from . import stock_location, stock_move_line, stock_picking, stock_picking_type
from . import stock_quant, stock_warehouse
from . import (
    ir_attachment,
    rd_property_incident,
    res_company,
    res_config_settings,
    res_partner,
)
from . import rd_property_label, rd_property_card
from . import rd_property_checklist, rd_property_checklist_line, rd_property_check
from . import rd_property_count_scope, rd_property_count_plan
from . import rd_property_count, rd_property_count_line, rd_close
from . import rd_scorecard
from . import rd_property_document, rd_document_requirement
from . import rd_cockpit
from . import rd_close_freezing
from . import rd_property_sequence, rd_return_reason, rd_return, rd_return_line
from . import rd_return_delivery, rd_return_goods, rd_return_clock, rd_return_portal
from . import stock_move_return, stock_picking_return, stock_scrap_return
from . import (
    ir_attachment_return,
    rd_deputy_return,
    res_company_return,
    res_config_settings_return,
    stock_warehouse_return,
)
from . import rd_property_figures, rd_property_month
from . import rd_property_import, rd_property_import_line
from . import rd_property_confirmation, rd_property_confirmation_line
from . import rd_report_calendar, rd_customer_review
from . import rd_sample, rd_sample_register, rd_property_event_consent
from . import rd_loan, rd_loan_line, rd_loan_card, rd_loan_clock, rd_loan_slip
from . import rd_approval_loan, rd_deputy_sample
from . import res_company_loan, res_config_settings_loan
from . import rd_intake_sample
from . import rd_intake
from . import rd_first_day
