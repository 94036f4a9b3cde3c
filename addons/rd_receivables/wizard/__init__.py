# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    rd_chase_outcome,
    rd_dispute_close,
    rd_plan_revise,
    rd_promise_renew,
    rd_receivables_as_of,
)
