# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import datetime, dateutil, safe_eval, time

from .common import DeskCommon

ADDONS = ("rd_sales_admin", "rd_reconciliation", "rd_receivables", "rd_custody")
ROLES = (
    *("auditor", "floor", "warehouse", "finance"),
    *("salesperson", "clerk", "supervisor"),
)


@tagged("post_install", "-at_install")
class TestSearchFilters(DeskCommon):
    """Whoever may read a list may use each filter and each grouping that it offers.

    A filter over a field of a model that the role does not read answers with a
    refusal, which nobody sees before a person clicks on it.
    """

    def test_filters_of_each_role(self):
        asked, refused = 0, []
        for role in ROLES:
            user = new_test_user(
                self.env,
                login=f"filter_{role}",
                groups=f"rd_sales_admin.rd_sales_admin_group_{role}",
            )
            for view in self._get_views():
                records = self.env(user=user)[view.model]
                if not records.has_access("read"):
                    continue
                arch = records.get_view(view.id, "search")["arch"]
                for node in etree.fromstring(arch).iter("filter"):
                    refused += self._use(records, node, f"{role}: {view.xml_id}")
                    asked += 1
        self.assertFalse(refused, "\n".join(refused))
        self.assertGreater(asked, 300)

    def _get_views(self):
        names = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.view"), ("module", "in", ADDONS)]
        )
        views = self.env["ir.ui.view"].browse(names.mapped("res_id")).exists()
        return views.filtered(lambda view: view.type == "search" and view.model)

    def _use(self, records, node, where):
        """Use a filter; return why it was refused, as a list."""
        domain = safe_eval(node.get("domain") or "[]", self._get_names(records))
        context = safe_eval(node.get("context") or "{}", self._get_names(records))
        groups = context.get("group_by") or []
        groups = [groups] if isinstance(groups, str) else groups
        # the browser asks for a property by its own name, each record type has others
        groups = [
            self._with_interval(records, name)
            for name in groups
            if records._fields[name.partition(":")[0]].type != "properties"
        ]
        try:
            records.search(domain, limit=1)
            if groups:
                records.formatted_read_group(domain, groups, ["__count"], limit=1)
        except AccessError as error:
            return [f"{where}, filter {node.get('name')}: {error}"]
        return []

    def _with_interval(self, records, name):
        """Return a grouping as the browser asks for it: a date by its month."""
        field = records._fields.get(name)
        dated = field and field.type in ("date", "datetime")
        return f"{name}:month" if dated else name

    def _get_names(self, records):
        """Return what a domain of a view may name, as in the browser."""
        today = fields.Date.context_today(records)
        return {
            "uid": records.env.uid,
            "time": time,
            "datetime": datetime,
            "relativedelta": dateutil.relativedelta.relativedelta,
            "context_today": lambda: today,
            "current_date": str(today),
            "allowed_company_ids": records.env.companies.ids,
        }
