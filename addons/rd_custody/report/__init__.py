# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import rd_return_xlsx
from . import rd_property_asof, rd_property_paper, rd_property_xlsx
from . import rd_sample_xlsx
