# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "RD Custody",
    "summary": "Register of customers' property: what we keep, where, in what state",
    "version": "19.0.1.0.0",
    "author": "the RD Sales Desk authors",
    "license": "AGPL-3",
    "category": "Sales/Sales",
    "depends": ["rd_sales_admin", "stock_owner_restriction"],
    "data": [
        "security/rd_custody_groups.xml",
        "security/ir.model.access.csv",
        "security/rd_custody_rules.xml",
        "wizard/rd_property_register_views.xml",
        "wizard/rd_owner_guard_views.xml",
        "views/rd_property_event_views.xml",
        "views/rd_property_views.xml",
        "views/rd_property_release_views.xml",
        "views/rd_property_stock_views.xml",
        "views/stock_picking_views.xml",
        "views/stock_warehouse_views.xml",
        "views/rd_custody_menus.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
