# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    rd_exception_decide,
    rd_exception_finish,
    rd_plan_revise,
    rd_receivables_as_of,
    rd_stop_release,
    rd_chase_outcome,
    rd_dispute_close,
    rd_promise_renew,
    rd_bill_outcome,
)
