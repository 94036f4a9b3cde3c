# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_loan_tours,
    test_owner_guard,
    test_rd_loan,
    test_rd_property,
    test_rd_property_access,
    test_rd_property_asof,
    test_rd_property_check,
    test_rd_property_confirmation,
    test_rd_property_count,
    test_rd_property_event,
    test_rd_property_import,
    test_rd_property_incident,
    test_rd_property_needs,
    test_rd_property_register,
    test_rd_property_tours,
    test_rd_property_volume,
    test_rd_return,
    test_rd_return_goods,
    test_rd_return_portal,
    test_rd_property_walk,
    test_return_tours,
    test_refused,
    test_standing,
    test_wrong_input,
)
from . import test_mail_words
from . import test_scorecard
from . import test_intake
