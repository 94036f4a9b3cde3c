# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import base_partner_merge
from . import rd_confirm_recorded
from . import rd_invoice_return
from . import rd_fapiao_act
from . import rd_fapiao_choose
from . import rd_statement_reopen
from . import rd_statement_send
from . import rd_statement_send_line
