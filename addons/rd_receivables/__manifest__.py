# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "RD Receivables",
    "summary": "What customers owe: due dates, collection plans, bills, ageing",
    "version": "19.0.1.0.0",
    "author": "the RD Sales Desk authors",
    "license": "AGPL-3",
    "category": "Sales/Sales",
    "depends": ["rd_reconciliation", "account"],
    "data": [
        "security/ir.model.access.csv",
        "security/rd_receivables_rules.xml",
        "security/rd_chasing_rules.xml",
        "data/ir_cron.xml",
        "data/ir_cron_chasing.xml",
        "report/rd_ageing_report_views.xml",
        "report/rd_collection_report_views.xml",
        "report/rd_collection_plan_report.xml",
        "wizard/rd_receivables_as_of_views.xml",
        "wizard/rd_plan_revise_views.xml",
        "views/rd_acceptance_bill_views.xml",
        "views/rd_collection_plan_line_views.xml",
        "views/rd_collection_plan_views.xml",
        "views/account_move_views.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
        "views/rd_receivables_menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["rd_receivables/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
