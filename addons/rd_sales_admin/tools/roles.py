# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whose fields are whose: what the desk adds to Odoo's own records."""

# Who reads the records of the desk. A list of them on a record of Odoo's is theirs as
# well: whoever else read it would be refused the whole record.
DESK = ",".join(
    f"rd_sales_admin.rd_sales_admin_group_{role}"
    for role in ("auditor", "finance", "salesperson", "clerk")
)
