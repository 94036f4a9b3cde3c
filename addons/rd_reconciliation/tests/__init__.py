# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_access_matrix
from . import test_exception_desk
from . import test_guards
from . import test_hoot
from . import test_ledger_profile
from . import test_statement_chain
from . import test_samples
from . import test_statement_print
from . import test_tours
from . import test_query_counts
from . import test_refusals
from . import test_portal_answers
from . import test_portal_routes
from . import test_portal_tours
from . import test_basis
