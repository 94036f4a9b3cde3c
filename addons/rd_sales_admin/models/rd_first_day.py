# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError

GROUP = "rd_sales_admin.rd_sales_admin_group_"
READERS = ("auditor", "finance", "clerk")
# How many of what is missing stand on the page itself.
MOST_ROWS = 6


class Missing(NamedTuple):
    """Something that the first close would stumble over."""

    code: str
    label: str
    why: str
    """One sentence: what happens without it, or what to do."""
    records: models.Model | None = None
    """What lacks it; each opens in one click."""
    action: dict | None = None
    """What opens, where no record lacks it but something is not there at all."""


class RdFirstDay(models.AbstractModel):
    """The start page: what the desk kept in spreadsheets comes in here, kind by kind,
    and below stands what is missing before the first month can be closed.

    Add-ons append to ``_collect_entries`` and ``_get_missing`` through ``super()``.
    """

    _name = "rd.first.day"
    _description = "First Day"

    @api.model
    def read_page(self, company_id=None):
        """Return the page as plain data, in a number of queries that does not depend
        on how much there is.

        :param company_id: one of the companies the person has switched on
        :raise AccessError: for who is not of the desk, or another company
        """
        if not any(self.env.user.has_group(GROUP + role) for role in READERS):
            raise AccessError(
                self.env._("The first day is prepared by the desk; ask the clerk.")
            )
        company = self.env.company
        if company_id and company_id != company.id:
            company = self.env.companies.filtered(lambda one: one.id == company_id)
        if not company:
            raise AccessError(self.env._("This company is not switched on for you."))
        page = self.with_company(company)
        kinds = page._get_entries(company)
        missing = [page._describe_missing(one) for one in page._get_missing(company)]
        return {
            "company": {"id": company.id, "name": company.name},
            "companies": [
                {"id": one.id, "name": one.name} for one in self.env.companies
            ],
            "next": page._get_next(kinds, missing),
            "kinds": kinds,
            "missing": missing,
            "settings": page._open_settings(),
        }

    @api.model
    def _open_settings(self):
        """Return the action of the settings page, for whoever may change them."""
        if not self.env.user.has_group("base.group_system"):
            return None
        return self.env["ir.actions.act_window"]._for_xml_id(
            "rd_sales_admin.rd_config_settings_action"
        )

    @api.model
    def _get_next(self, kinds, missing):
        """Return what to do now, as a sentence with its action: without its first day
        the desk has nothing to count from, then what waits in a list, then what else
        the first close would stumble over.
        """
        waits = [kind for kind in kinds if kind["state"] == "mend" and kind["may"]]
        starts = [one for one in missing if one["code"] == "start"]
        for one in [*starts, *waits, *missing]:
            is_kind = "runs" in one
            return {
                "label": one["label"],
                "why": one["sentence"] if is_kind else one["why"],
                "action": one["runs"] if is_kind else one["action"],
            }
        return None

    # ------------------------------------------------------------------
    # Kinds
    # ------------------------------------------------------------------
    @api.model
    def _get_entries(self, company):
        """Return the kinds with their state, in the order in which they are done.

        Add-ons append theirs with its ``sequence`` through :meth:`_collect_entries`.
        """
        return sorted(self._collect_entries(company), key=lambda one: one["sequence"])

    @api.model
    def _collect_entries(self, company):
        intakes = self.env["rd.intake"]
        counts = self._count_rows(company)
        return [
            *(
                self._describe_kind(code, self.env[model], company, counts)
                for code, model in intakes._get_kinds().items()
            ),
            self._describe_order_lists(company),
        ]

    def _count_rows(self, company):
        groups = self.env["rd.intake.row"]._read_group(
            [
                ("company_id", "=", company.id),
                ("intake_id.state", "in", ("checked", "taken")),
            ],
            ["kind", "verdict"],
            ["__count"],
        )
        return {(kind, verdict): count for kind, verdict, count in groups}

    def _describe_kind(self, code, kind, company, counts):
        taken = counts.get((code, "taken"), 0)
        mend = counts.get((code, "mend"), 0)
        ready = counts.get((code, "ready"), 0)
        return {
            **self._describe_state(taken, mend, ready),
            "code": code,
            "label": kind._get_label(),
            "text": kind._get_text(),
            "sequence": kind._intake_sequence,
            "may": kind._may_take() and self.env["rd.intake"].has_access("create"),
            "why_not": kind._why_not_take(),
            "template": True,
            "hand_in": self._open("rd.intake", [], default_kind=code, form=True),
            "runs": self._open(
                "rd.intake",
                [("kind", "=", code), ("company_id", "=", company.id)],
                default_kind=code,
            ),
            **self._describe_made(kind._intake_model, kind._get_made_domain(company)),
        }

    @api.model
    def _describe_made(self, model, domain):
        """Return what is here already, and how much."""
        count = self.env[model].search_count(domain)
        return {"made": self._open(model, domain), "made_count": count}

    @api.model
    def _describe_state(self, taken, mend, ready=0):
        """Return how far a kind has come, as a word and as a sentence."""
        if mend:
            text = self.env._(
                "Rows in: %(taken)s, to mend: %(mend)s", taken=taken, mend=mend
            )
            return {"state": "mend", "sentence": text}
        if ready:
            text = self.env._(
                "Rows in: %(taken)s, ready: %(ready)s", taken=taken, ready=ready
            )
            return {"state": "mend", "sentence": text}
        if taken:
            return {"state": "in", "sentence": self.env._("Rows in: %s", taken)}
        return {"state": "none", "sentence": self.env._("Nothing yet")}

    def _describe_order_lists(self, company):
        rows = self.env["rd.order.list.line"]
        return self._describe_import(
            "order_list",
            self.env._("Open orders"),
            self.env._(
                "Each customer's list of open orders, as it came, is read into "
                "quotations; orders that are in Odoo already are left as they are."
            ),
            "rd.order.list",
            [("company_id", "=", company.id)],
            self._count(rows, [("company_id", "=", company.id)]),
            made=(
                "sale.order",
                [("rd_order_list_id", "!=", False), ("company_id", "=", company.id)],
            ),
            sequence=40,
            waiting=("price", "no_price", "unknown", "refused", "changed"),
        )

    @api.model
    def _describe_import(
        self, code, label, text, model, domain, counts, made, sequence, waiting=()
    ):
        """Return a kind that has an import of its own, with its state.

        :param made: model and domain of what it makes
        """
        mend = sum(counts.get(verdict, 0) for verdict in waiting)
        return {
            **self._describe_state(counts.get("taken", 0), mend),
            "code": code,
            "label": label,
            "text": text,
            "sequence": sequence,
            "may": self.env[model].has_access("create"),
            "why_not": "",
            "template": False,
            "hand_in": self._open(model, [], form=True),
            "runs": self._open(model, domain),
            **self._describe_made(*made),
        }

    @api.model
    def _count(self, rows, domain):
        """Return how many rows have which verdict; none where they are not read."""
        if not rows.has_access("read"):
            return {}
        return dict(rows._read_group(domain, ["verdict"], ["__count"]))

    @api.model
    def _open(self, model, domain, form=False, **context):
        """Return the action that opens records of a model, or the form of a new one."""
        views = [[False, "form"]] if form else [[False, "list"], [False, "form"]]
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(model).name,
            "res_model": model,
            "views": views,
            "domain": domain,
            "context": context,
        }

    # ------------------------------------------------------------------
    # What is still missing
    # ------------------------------------------------------------------
    @api.model
    def _get_missing(self, company):
        """Return the :class:`Missing` list of a company, the first to do first."""
        return [
            *self._miss_start(company),
            *self._miss_customers(company),
            *self._miss_prices(company),
            *self._miss_lists(company),
            *self._miss_posts(company),
            *self._miss_books(company),
        ]

    def _describe_missing(self, missing):
        records = missing.records
        rows, action, count = [], missing.action, 1
        if records is not None:
            count = len(records)
            rows = [
                {
                    "name": record.display_name or "",
                    "action": {
                        "type": "ir.actions.act_window",
                        "res_model": record._name,
                        "res_id": record.id,
                        "views": [[False, "form"]],
                    },
                }
                for record in records[:MOST_ROWS]
            ]
            action = action or self._open(records._name, [("id", "in", records.ids)])
        return {
            "code": missing.code,
            "label": missing.label,
            "why": missing.why,
            "count": count,
            "rows": rows,
            "action": action,
        }

    @api.model
    def _get_statement_customers(self, company):
        """Return the customers who are settled by monthly statement."""
        return self.env["res.partner"].search(
            [
                ("rd_settlement_mode", "in", ("statement_confirm", "statement_sent")),
                ("parent_id", "=", False),
                ("company_id", "in", [False, company.id]),
            ]
        )

    def _miss_start(self, company):
        if not company.rd_start_date:
            yield Missing(
                "start",
                self.env._("The day on which the desk starts"),
                self.env._(
                    "Deliveries before that day come in by the opening list only; an "
                    "administrator enters it in the settings."
                ),
                action=self._open_settings(),
            )

    def _miss_customers(self, company):
        if not self._get_statement_customers(company):
            yield Missing(
                "customers",
                self.env._("Customers who are settled by statement"),
                self.env._(
                    "No contact is an affiliate yet; take over “Affiliates and "
                    "customers” first."
                ),
                action=self._open("rd.intake", [], default_kind="partner", form=True),
            )

    def _miss_prices(self, company):
        customers = self._get_statement_customers(company)
        priced = self.env["rd.contract.price"]._read_group(
            [("live", "=", True), ("company_id", "=", company.id)], ["partner_id"]
        )
        without = customers.browse(
            set(customers.ids) - {partner.id for (partner,) in priced}
        )
        if without:
            yield Missing(
                "prices",
                self.env._("Affiliates without an agreed price"),
                self.env._(
                    "Their deliveries are billed at the price of the order, which "
                    "nothing is compared with."
                ),
                without.sorted("name"),
            )

    def _miss_lists(self, company):
        houses = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id), ("rd_list_rhythm", "=", False)]
        )
        if houses:
            yield Missing(
                "lists",
                self.env._("Warehouses from which no shipping list is expected"),
                self.env._(
                    "Say how often each hands in its list; without that nobody is "
                    "reminded of one that is missing."
                ),
                houses,
            )

    def _miss_posts(self, company):
        """Name the posts that nobody of the company holds."""
        roles = ("supervisor", "clerk", "warehouse", "finance")
        vacant = self.env["res.groups"]
        for role in roles:
            group = self.env.ref(GROUP + role)
            if not self.env["res.users"].search_count(
                [
                    ("all_group_ids", "in", group.ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                ],
                limit=1,
            ):
                vacant |= group
        if vacant:
            yield Missing(
                "posts",
                self.env._("Posts that nobody holds"),
                self.env._(
                    "Nobody is: %(posts)s. An administrator gives a user this post.",
                    posts=", ".join(vacant.sudo().mapped("name")),
                ),
                action=self._open("res.users", [("share", "=", False)]),
            )

    def _miss_books(self, company):
        journals = [("company_id", "=", company.id), ("type", "=", "sale")]
        if not self.env["account.journal"].search_count(journals, limit=1):
            yield Missing(
                "journal",
                self.env._("A sales journal"),
                self.env._("Without one no invoice can be made."),
                action=self._open("account.journal", [("company_id", "=", company.id)]),
            )
        taxes = [("company_id", "=", company.id), ("type_tax_use", "=", "sale")]
        if not self.env["account.tax"].search_count(taxes, limit=1):
            yield Missing(
                "tax",
                self.env._("A sales tax"),
                self.env._("Lines without tax wait and are not stated."),
                action=self._open("account.tax", [("company_id", "=", company.id)]),
            )
        if not company.partner_id.sudo().bank_ids:
            yield Missing(
                "bank",
                self.env._("The bank account of the company"),
                self.env._(
                    "It stands on statements and payment requests; enter it at the "
                    "company's contact."
                ),
                company.partner_id,
            )
