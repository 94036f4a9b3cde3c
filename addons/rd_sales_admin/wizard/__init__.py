# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import rd_leave_open
from . import rd_shipping_answer
from . import rd_receipt_sign
from . import rd_receipt_sign_line
from . import rd_receipt_withdraw
from . import rd_shipment_print
from . import rd_shipping_upload
from . import rd_approval_answer
from . import sale_advance_payment_inv
from . import rd_feedback_answer
from . import rd_call_note
from . import rd_order_list_answer
from . import rd_handover_accept
from . import rd_handover_receive
from . import base_partner_merge
from . import rd_document_print
from . import rd_document_upload
from . import rd_document_waive
from . import rd_sales_summary
from . import rd_sales_summary_line
from . import rd_deputy_task
from . import rd_report_hand_in
from . import rd_contract_reached
from . import rd_handover_revoke
from . import rd_close_reopen
