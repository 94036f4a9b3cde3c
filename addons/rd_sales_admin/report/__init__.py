# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import rd_xlsx
from . import rd_paper
from . import rd_paper_xlsx
from . import rd_dispatched_report
from . import rd_mend_xlsx
from . import rd_intake_xlsx
from . import rd_paper_release
from . import rd_paper_contract
from . import rd_handover_xlsx
from . import rd_project_sheet_report
from . import rd_project_sheet_xlsx
from . import rd_document_paper
from . import rd_document_xlsx
from . import rd_sales_report
from . import rd_sales_xlsx
from . import rd_cost_xlsx
from . import rd_scorecard_xlsx
from . import rd_cron_health
