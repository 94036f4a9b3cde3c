# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_close
from . import test_guards
from . import test_partner
from . import test_shipping_list
from . import test_receipt
