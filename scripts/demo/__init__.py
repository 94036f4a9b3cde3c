# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The demo company: invented names, two months of trade, and what must come out.

``catalogue``, ``trade``, ``faults``, ``ledgers``, ``lists`` and ``books`` are plain
Python: they invent the trade and write the workbooks. ``masters``, ``desk_work`` and
``summary`` bring it into Odoo through the desk's own methods.
"""
