# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import is_html_empty
from odoo.tools.image import image_data_uri

from ..tools.capitals import LIMIT, amount_in_capitals


class RdPaper(models.AbstractModel):
    """The contract: parties, goods and prices, plan of payment, terms, seals."""

    _name = "rd.paper"
    _inherit = ["rd.paper"]

    @api.model
    def _prepare_contract(self, contract):
        """Return all that is printed of a contract, in the customer's language.

        Tables are left out where the contract has no rows for them; numbers of the
        clauses run on over what is there.
        """
        lang = contract.partner_id.lang or contract.company_id.partner_id.lang
        self = self.with_context(lang=lang or self.env.lang)
        # Whoever may see the contract may read what is printed of its parts.
        contract = contract.with_env(self.env).sudo()
        common = self._get_common(contract.company_id)
        return {
            "record": contract,
            "title": self._get_contract_title(contract),
            "foot": self._get_contract_foot(contract),
            "mark": self._get_contract_mark(contract),
            "heads": self._get_contract_heads(contract),
            "clauses": [
                {"number": number, **clause}
                for number, clause in enumerate(
                    self._get_contract_clauses(contract), start=1
                )
            ],
            "parties": self._get_contract_parties(contract),
            "identity": self._get_contract_identity(contract),
            **common,
        }

    @api.model
    def _get_contract_title(self, contract):
        if contract.kind == "framework":
            return self.env._("Framework Contract of Sale")
        return self.env._("Contract of Sale")

    @api.model
    def _get_contract_foot(self, contract):
        version = f" V{contract.version}" if contract.version > 1 else ""
        return f"{contract.name}{version}"

    @api.model
    def _get_contract_mark(self, contract):
        marks = {
            "draft": self.env._("DRAFT"),
            "lapsed": self.env._("LAPSED"),
            "cancelled": self.env._("CANCELLED"),
        }
        return marks.get(contract.state, "")

    @api.model
    def _get_contract_heads(self, contract):
        env = self.env
        kinds = dict(contract._fields["kind"]._description_selection(env))
        heads = [
            (env._("Contract number"), self._get_contract_foot(contract)),
            (env._("Their contract number"), contract.customer_number or ""),
            (env._("Buyer (party A)"), contract.partner_id.name),
            (env._("Seller (party B)"), contract.company_id.name),
            (env._("Subject"), contract.subject),
            (env._("Kind"), kinds[contract.kind]),
            (env._("Contract signed on"), str(contract.date_signed or "")),
            (env._("Term"), self._get_validity(contract)),
        ]
        if contract.previous_id:
            before = self._get_contract_foot(contract.previous_id)
            heads += [(env._("Amends and replaces"), before), ("", "")]
        return heads

    @api.model
    def _get_validity(self, contract):
        days = (contract.date_from, contract.date_to)
        return " – ".join(str(day or "") for day in days) if any(days) else ""

    # ------------------------------------------------------------------
    # Clauses
    # ------------------------------------------------------------------
    @api.model
    def _get_contract_clauses(self, contract):
        """Return the clauses that the contract has, each a dictionary."""
        clauses = [
            self._get_amount_clause(contract),
            self._get_goods_clause(contract),
            self._get_prices_clause(contract),
            self._get_plan_clause(contract),
            self._get_warranty_clause(contract),
            self._get_terms_clause(contract),
        ]
        return [clause for clause in clauses if clause]

    @api.model
    def _get_amount_clause(self, contract):
        if not contract.amount:
            return None
        digits = contract.currency_id.format(contract.amount)
        lines = [self.env._("Amount of the contract, tax included: %s", digits)]
        if contract.currency_id.name == "CNY" and contract.amount < LIMIT:
            words = amount_in_capitals(contract.amount)
            lines.append(self.env._("Amount in capitals (RMB): %s", words))
        return {"title": self.env._("Amount"), "lines": lines}

    @api.model
    def _get_goods_clause(self, contract):
        """List what the orders under the contract say, where there are any."""
        lines = contract.order_ids.filtered(
            lambda order: order.state != "cancel"
        ).order_line.filtered(lambda line: not line.display_type)
        if not lines:
            return None
        column, env = self._column, self.env
        return {
            "title": env._("Goods and services"),
            "columns": [
                column("number", env._("No."), "number", 8),
                column("part", env._("Part number"), "text", 26),
                column("name", env._("Name and specification"), "text", 60),
                column("quantity", env._("Quantity"), "quantity", 16),
                column("uom", env._("Unit"), "unit", 10),
                column("price", env._("Unit price"), "price", 20),
                column("amount", env._("Amount, tax included"), "money", 24),
            ],
            "rows": [
                {
                    "number": number,
                    "part": line.product_id.default_code or "",
                    "name": line.product_id.name or line.name,
                    "quantity": line.product_uom_qty,
                    "uom": line.product_uom_id.name or "",
                    "price": self._get_price(line),
                    "amount": line.price_total,
                }
                for number, line in enumerate(lines, start=1)
            ]
            + [
                {
                    "class": "total",
                    "name": env._("Total"),
                    "amount": sum(lines.mapped("price_total")),
                }
            ],
        }

    @api.model
    def _get_prices_clause(self, contract):
        if not contract.price_ids:
            return None
        column, env = self._column, self.env
        tax = {True: env._("included"), False: env._("not included")}
        return {
            "title": env._("Agreed prices"),
            "columns": [
                column("number", env._("No."), "number", 8),
                column("part", env._("Part number"), "text", 26),
                column("customer_part", env._("Their part number"), "text", 26),
                column("name", env._("Name and specification"), "text", 44),
                column("minimum", env._("From quantity"), "quantity", 16),
                column("uom", env._("Unit"), "unit", 10),
                column("price", env._("Unit price"), "price", 18),
                column("tax", env._("Tax"), "unit", 14),
                column("start", env._("Valid from"), "date", 20),
                column("end", env._("Valid until"), "date", 20),
            ],
            "rows": [
                {
                    "number": number,
                    "part": price.product_id.default_code or "",
                    "customer_part": price.customer_code or "",
                    "name": price.product_id.name,
                    "minimum": price.min_quantity,
                    "uom": price.uom_id.name,
                    "price": price.price,
                    "tax": tax[price.tax_included],
                    "start": price.valid_from,
                    "end": price.valid_to or contract.date_to or None,
                }
                for number, price in enumerate(contract.price_ids, start=1)
            ],
        }

    @api.model
    def _get_plan_clause(self, contract):
        if not contract.stage_ids:
            return None
        column, env = self._column, self.env
        return {
            "title": env._("Plan of payment"),
            "columns": [
                column("number", env._("No."), "number", 8),
                column("name", env._("Stage"), "text", 30),
                column("percent", env._("Due (%)"), "quantity", 14),
                column("amount", env._("Amount, tax included"), "money", 24),
                column("due", env._("Payable on"), "text", 34),
                column("days", env._("Within (days)"), "number", 16),
                column("invoiced", env._("Invoiced (%)"), "quantity", 16),
                column("invoice", env._("Invoiced on"), "text", 34),
            ],
            "rows": [
                self._prepare_plan_row(number, stage)
                for number, stage in enumerate(contract.stage_ids, start=1)
            ],
        }

    @api.model
    def _prepare_plan_row(self, number, stage):
        labels = dict(stage._fields["due_trigger"]._description_selection(self.env))

        def tell(trigger):
            day = f" {stage.date}" if trigger == "date" and stage.date else ""
            return f"{labels[trigger]}{day}"

        return {
            "number": number,
            "name": stage.name,
            "percent": stage.due_percent,
            "amount": stage.due_amount,
            "due": tell(stage.due_trigger) if stage.due_percent else "",
            "days": stage.due_days if stage.due_percent else None,
            "invoiced": stage.invoice_percent,
            "invoice": tell(stage.invoice_trigger) if stage.invoice_percent else "",
        }

    @api.model
    def _get_warranty_clause(self, contract):
        if not contract.warranty_months:
            return None
        return {
            "title": self.env._("Warranty"),
            "lines": [
                self.env._(
                    "The warranty lasts %(months)s months from the acceptance on.",
                    months=contract.warranty_months,
                )
            ],
        }

    @api.model
    def _get_terms_clause(self, contract):
        texts = []
        if contract.document:
            name = contract.document_name or self.env._("Contract text")
            texts.append(self.env._("The text “%s” is part of this contract.", name))
        if is_html_empty(contract.note) and not texts:
            return None
        return {
            "title": self.env._("Terms"),
            "lines": texts,
            "html": False if is_html_empty(contract.note) else contract.note,
        }

    # ------------------------------------------------------------------
    # Seals
    # ------------------------------------------------------------------
    @api.model
    def _get_contract_parties(self, contract):
        """Return both signature blocks: who, its data, and what was signed."""
        company = contract.company_id.partner_id
        signed = contract.confirmed_by if contract.date_signed else ""
        return [
            {
                "title": self.env._("Buyer (seal)"),
                "rows": self._get_party_rows(contract.partner_id),
                "signature": image_data_uri(contract.signature)
                if contract.signature
                else "",
                "who": signed or contract.signer_id.name or "",
                "day": str(contract.date_signed or ""),
            },
            {
                "title": self.env._("Seller (seal)"),
                "rows": self._get_party_rows(company),
                "signature": "",
                "who": contract.user_id.name or "",
                "day": "",
            },
        ]

    @api.model
    def _get_party_rows(self, partner):
        env = self.env
        bank = partner.bank_ids[:1]
        rows = [
            (env._("Name"), partner.name),
            (env._("Address"), self._get_address(partner)),
            (env._("Tax number"), partner.vat or ""),
            (env._("Bank"), bank.bank_id.name or ""),
            (env._("Account"), bank.acc_number or ""),
            (env._("Phone"), partner.phone or ""),
        ]
        return rows

    @api.model
    def _get_contract_identity(self, contract):
        """Return by which revision and hash the signed text is known."""
        if not contract.content_hash or contract.state == "draft":
            return ""
        return self.env._(
            "Revision %(revision)s, content %(hash)s",
            revision=contract.revision,
            hash=contract.content_hash,
        )
