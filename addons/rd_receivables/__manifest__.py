# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "RD Receivables",
    "summary": "What customers owe: ageing by due date, collection targets",
    "version": "19.0.1.0.0",
    "author": "the RD Sales Desk authors",
    "license": "AGPL-3",
    "category": "Sales/Sales",
    "depends": ["rd_reconciliation", "account"],
    "data": [
        "security/ir.model.access.csv",
        "security/rd_receivables_rules.xml",
        "report/rd_ageing_report_views.xml",
        "views/res_partner_views.xml",
        "views/rd_receivables_menus.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
