# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import rd_owner_guard, rd_owner_guard_line
from . import rd_property_incident_answer, rd_property_register
from . import stock_return_picking
from . import rd_property_agreement, rd_property_asof_ask
from . import rd_property_confirmation_answer
from . import rd_loan_back, rd_property_register_consent, rd_sample_dispose
