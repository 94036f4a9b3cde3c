# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import Command, api, models

from ..pricing import Agreed, first_overlap
from ..tools.intake import CHOICE, DATE, NUMBER, Column, KnownRow, MendRow
from ..tools.intake_finder import IntakeFinder
from ..tools.intake_words import (
    CURRENCIES,
    CUSTOMER,
    OUR_PART,
    THEIR_PART,
    YES_NO,
    by_word,
)
from .rd_contract import SIGNED

# What all rows of one contract say alike.
HEAD = (
    *("name", "subject", "kind", "customer_number", "date_signed"),
    *("date_from", "date_to", "amount", "currency"),
)
PRICE_WORDS = (
    "Agreed price|Unit price|Price|单价|單價|协议单价|协议价|合同单价|价格|未税单价|"
    "不含税单价|不含税价|未稅單價|单价不含税|单价未税"
)
TAXED_WORDS = "含税单价|含税价|含稅單價|税后单价|单价含税|價稅合計單價|含税协议价"
MONEY = by_word(CURRENCIES)


class RdIntakeContract(models.AbstractModel):
    """Contracts that are signed or being agreed, with the agreed price of each part.

    One row per price; rows of one contract repeat its number. A contract whose day of
    signature is given is in force from its taking over on.
    """

    _name = "rd.intake.contract"
    _description = "Contracts and agreed prices"
    _inherit = ["rd.intake.kind"]

    _intake_model = "rd.contract"
    _intake_sequence = 20

    @api.model
    def _get_label(self):
        return self.env._("Contracts and agreed prices")

    @api.model
    def _get_text(self):
        return self.env._(
            "One row per agreed price; rows of one contract repeat its number. With "
            "the day of signature the contract counts at once, without it stays a "
            "draft."
        )

    @api.model
    def _get_columns(self):
        return {**self._get_head_columns(), **self._get_price_columns()}

    @api.model
    def _get_head_columns(self):
        column = self._field_column
        return {
            "partner": Column(
                self.env._("Customer"),
                self.env._("Name, reference or tax number, as the contact has it."),
                "Northern Works",
                words=CUSTOMER,
                required=True,
            ),
            "name": column(
                "rd.contract",
                "name",
                "HT-2026-018",
                words="Contract|Contract no.|合同号|合同编号|合同編號|协议编号|协议号",
            ),
            "subject": column(
                "rd.contract",
                "subject",
                "Gear housings 2026",
                words="项目|项目名称|合同名称|标的|合同标的|Subject",
            ),
            "kind": column("rd.contract", "kind", "", words="合同类型|合同类别"),
            "customer_number": column(
                "rd.contract",
                "customer_number",
                "",
                words="客户合同号|客户合同编号|对方合同编号",
            ),
            "date_signed": column(
                "rd.contract",
                "date_signed",
                "2026-01-15",
                help=self.env._("Empty: the contract is not signed yet."),
                words="Signed on|签订日期|签署日期|签约日期|合同签订日期|簽訂日期",
            ),
            "date_from": Column(
                self.env._("Contract valid from"),
                self.env._("Empty: from its signature on."),
                "2026-01-01",
                DATE,
                words="有效期起|有效期自|生效日期|起始日期|开始日期|合同开始日期|合同起始日",
            ),
            "date_to": Column(
                self.env._("Contract valid until"),
                self.env._("Empty: until further notice."),
                "2026-12-31",
                DATE,
                words="有效期止|有效期至|到期日|到期日期|截止日期|终止日期|合同到期日",
            ),
            "amount": column(
                "rd.contract", "amount", "", words="合同总额|合同总金额|合同额"
            ),
            "currency": Column(
                self.env._("Currency"),
                self.env._("Three letters; empty: the company's own."),
                "",
                words="币别|货币|幣別|貨幣",
            ),
        }

    @api.model
    def _get_price_columns(self):
        column = self._field_column
        return {
            "part": Column(
                self.env._("Part number"),
                self.env._(
                    "Our number of the part, or the customer's if it is an alias."
                ),
                "P-100",
                words=OUR_PART,
                instead=THEIR_PART,
            ),
            "price": column(
                "rd.contract.price",
                "price",
                "12.50",
                help=self.env._("Per unit of the part."),
                words=PRICE_WORDS,
            ),
            "price_taxed": Column(
                self.env._("Agreed price with tax"),
                self.env._(
                    "Instead of the agreed price, where the price is agreed with tax. "
                    "Where both stand the one without tax counts."
                ),
                "",
                NUMBER,
                words=TAXED_WORDS,
            ),
            "tax_included": Column(
                self.env._("Tax included"),
                self.env._("Whether the agreed price includes the tax; empty: no."),
                self.env._("No"),
                CHOICE,
                choices=self._get_yes_no(),
                written=YES_NO,
                words="是否含税|含税否|含稅",
            ),
            "min_quantity": column(
                "rd.contract.price", "min_quantity", "0", words="起订量|最小数量|数量起"
            ),
            "valid_from": Column(
                self.env._("Price valid from"),
                self.env._("Empty: as the contract."),
                "",
                DATE,
            ),
            "valid_to": Column(
                self.env._("Price valid until"),
                self.env._("Empty: as the contract."),
                "",
                DATE,
            ),
        }

    # ------------------------------------------------------------------
    # Looking up
    # ------------------------------------------------------------------
    @api.model
    def _look_up(self, company, rows):
        finder = IntakeFinder(company)
        finder.read_partners([row._text("partner") for row in rows])
        finder.read_parts([row._text("part") for row in rows])
        finder.read_aliases([row._text("part") for row in rows])
        finder.contracts = self._read_contracts(company, rows)
        finder.prices = self._read_prices(company, finder, rows)
        finder.currencies = {
            one.name: one for one in self.env["res.currency"].search([])
        }
        finder.heads = {}
        finder.steps = {}
        return finder

    def _read_contracts(self, company, rows):
        """Return the newest version of each contract that the rows name."""
        names = list({row._text("name") for row in rows} - {""})
        found = self.env["rd.contract"].search(
            [("company_id", "=", company.id), ("name", "in", names)], order="version"
        )
        return {contract.name: contract for contract in found}

    def _read_prices(self, company, finder, rows):
        """Return the prices that count, or wait in a draft, by customer and part."""
        contracts = self.env["rd.contract"].union(*finder.contracts.values())
        partners = finder.get_found("res.partner").commercial_partner_id
        found = self.env["rd.contract.price"].search(
            [
                ("company_id", "=", company.id),
                "|",
                ("contract_id", "in", contracts.ids),
                "&",
                ("live", "=", True),
                ("partner_id", "in", partners.ids),
            ]
        )
        prices = defaultdict(found.browse)
        for price in found:
            prices[price.partner_id, price.product_id] |= price
        return prices

    # ------------------------------------------------------------------
    # Verdicts
    # ------------------------------------------------------------------
    @api.model
    def _prepare_row(self, row, finder):
        partner = finder.partner("partner", row._text("partner"))
        contract = finder.contracts.get(row._text("name"))
        self._check_contract(contract, partner)
        head = self._share_head(row, finder, partner)
        price = self._prepare_price(row, finder, partner, head)
        if contract and not price:
            raise KnownRow(
                self.env._("%s is in the register already.", contract.display_name),
                contract,
            )
        if price:
            self._check_price(finder, partner, contract, head, price)
        elif not head["amount"]:
            raise MendRow(
                "amount",
                self.env._("the row has neither an amount nor a part with its price."),
            )
        return {
            "partner": partner,
            "contract": contract,
            "head": head,
            "price": price,
        }

    def _check_contract(self, contract, partner):
        """Refuse a number that is another customer's contract."""
        if contract and contract.partner_id != partner:
            raise MendRow(
                "name",
                self.env._(
                    "%(contract)s is a contract with %(partner)s; correct one of the "
                    "two.",
                    contract=contract.display_name,
                    partner=contract.partner_id.display_name,
                ),
            )

    def _prepare_head(self, row, finder, partner):
        company = finder.company
        signed, today = row._day("date_signed"), company._rd_today()
        if signed and signed > today:
            raise MendRow("date_signed", self.env._("the day lies in the future."))
        start = row._day("date_from") or signed or today
        end = row._day("date_to")
        if end and end < start:
            raise MendRow("date_to", self.env._("it ends before it begins."))
        amount = row._number("amount")
        if amount is not None and amount < 0:
            raise MendRow("amount", self.env._("it cannot be below zero."))
        return {
            "name": row._text("name") or False,
            "subject": row._text("subject")
            or self.env._("Agreed prices of %s", partner.name),
            "kind": self._choice(row, "kind", finder)
            or ("framework" if row._text("part") else "project"),
            "customer_number": row._text("customer_number") or False,
            "date_signed": signed,
            "date_from": start,
            "date_to": end,
            "amount": float(amount or 0),
            "currency_id": self._get_currency(row, finder).id,
        }

    def _get_currency(self, row, finder):
        text = row._text("currency").upper()
        if not text:
            return finder.company.currency_id
        text = MONEY.get(text.casefold(), text)
        if text not in finder.currencies:
            raise MendRow(
                "currency",
                self.env._("“%s” is no currency in use; switch it on first.", text),
            )
        return finder.currencies[text]

    def _share_head(self, row, finder, partner):
        """Return what is said of the row's contract: by its first row, for all of them.

        :raise MendRow: when a later row says something else; it may leave it empty
        """
        key = partner, row._text("name")
        own = {name: row._text(name) for name in HEAD}
        own["currency"] = MONEY.get(own["currency"].casefold(), own["currency"])
        if key not in finder.heads:
            head = self._prepare_head(row, finder, partner)
            finder.heads[key] = row.row, own, head
        number, first, head = finder.heads[key]
        for name in HEAD:
            if own[name] and own[name] != first[name]:
                raise MendRow(
                    name,
                    self.env._(
                        "row %(row)s says “%(text)s” of the same contract; let both "
                        "say the same.",
                        row=number,
                        text=first[name],
                    ),
                )
        return head

    def _read_price(self, row, finder):
        """Return ``(price, whether the tax is in it)`` of a row.

        Where both prices stand it is the one without tax, unless the row says that
        the tax is included.
        """
        plain, taxed = row._number("price"), row._number("price_taxed")
        choice = self._choice(row, "tax_included", finder)
        if taxed is None or (plain is not None and choice != "yes"):
            return plain, choice == "yes"
        if choice == "no":
            raise MendRow(
                "price_taxed",
                self.env._("the row says that the tax is not included; which is it?"),
            )
        return taxed, True

    def _prepare_price(self, row, finder, partner, head):
        """Return the values of the agreed price, None for a row without one."""
        text = row._text("part")
        price, taxed = self._read_price(row, finder)
        if not text and price is None:
            return None
        if not text:
            raise MendRow("part", self.env._("say for which part the price is."))
        part = finder.part("part", text, partner)
        if price is None or price <= 0:
            raise MendRow("price", self.env._("write the agreed price, more than 0."))
        minimum = row._number("min_quantity") or Decimal(0)
        if minimum < 0:
            raise MendRow("min_quantity", self.env._("it cannot be below zero."))
        start = row._day("valid_from") or head["date_from"]
        end = row._day("valid_to") or head["date_to"]
        if end and end < start:
            raise MendRow("valid_to", self.env._("it ends before it begins."))
        return {
            "product_id": part.id,
            "price": float(price),
            "tax_included": taxed,
            "min_quantity": float(minimum),
            "valid_from": start,
            "valid_to": end,
        }

    def _check_price(self, finder, partner, contract, head, price):
        """Recognise a price that is here; refuse one that stands in another's way."""
        part = self.env["product.product"].browse(price["product_id"])
        others = finder.prices[partner, part].filtered(
            lambda one: one.currency_id.id == head["currency_id"]
        )
        for other in others:
            if self._is_same(other, price):
                raise KnownRow(
                    self.env._(
                        "%s has this price already.", other.contract_id.display_name
                    ),
                    other.contract_id,
                )
        if contract and contract.state != "draft":
            raise MendRow("name", contract._frozen_refusal())
        self._check_overlap(finder, partner, part, head, price, others)

    def _is_same(self, other, price):
        return (
            other.price == price["price"]
            and other.min_quantity == price["min_quantity"]
            and other.tax_included == price["tax_included"]
            and other.valid_from == price["valid_from"]
            and (other.valid_to or False) == (price["valid_to"] or False)
        )

    def _check_overlap(self, finder, partner, part, head, price, others):
        steps = finder.steps.setdefault(
            (partner, part, head["currency_id"], bool(head["date_signed"])),
            [
                one._as_agreed()
                for one in others
                if one.contract_id.name == head["name"] or head["date_signed"]
            ],
        )
        own = Agreed(
            None,
            Decimal(str(price["min_quantity"])),
            Decimal(str(price["price"])),
            price["valid_from"],
            price["valid_to"] or None,
        )
        pair = first_overlap([*steps, own])
        if pair and own in pair:
            other = pair[0] if pair[1] is own else pair[1]
            raise MendRow(
                "price",
                self.env._(
                    "%(part)s has another price of this customer from %(day)s on for "
                    "the same quantity; end that one before this begins.",
                    part=part.display_name,
                    day=other.start,
                ),
            )
        steps.append(own)

    @api.model
    def _get_key(self, row, values):
        if not values["price"]:
            return values["partner"], values["head"]["name"]
        return (
            values["partner"],
            values["head"]["name"],
            *sorted(values["price"].items()),
        )

    @api.model
    def _get_group(self, row, values):
        return row._text("partner"), row._text("name")

    @api.model
    def _describe_change(self, values, finder):
        head, price = values["head"], values["price"]
        signed = head["date_signed"]
        state = self.env._("in force") if signed else self.env._("stays a draft")
        if not price:
            return self.env._("New contract, %s", state)
        currency = self.env["res.currency"].browse(head["currency_id"])
        return self.env._(
            "%(price)s %(tax)s, %(first)s – %(last)s, %(state)s",
            price=currency.format(price["price"]),
            tax=self.env._("with tax")
            if price["tax_included"]
            else self.env._("without tax"),
            first=price["valid_from"],
            last=price["valid_to"] or "…",
            state=state,
        )

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------
    @api.model
    def _make(self, company, ready):
        groups = defaultdict(list)
        for one in ready:
            groups[one.values["partner"], one.values["head"]["name"]].append(one)
        new = [group for group in groups.values() if not group[0].values["contract"]]
        made = self.env["rd.contract"].create(
            [self._prepare_contract(company, group) for group in new]
        )
        contracts = {id(group): one for group, one in zip(new, made, strict=True)}
        for group in groups.values():
            contract = contracts.get(id(group)) or self._add_prices(group)
            contracts[id(group)] = contract
            if contract.state == "draft" and group[0].values["head"]["date_signed"]:
                self._sign(contract, group[0].values["head"]["date_signed"])
        found = {
            one.row: contracts[id(group)] for group in groups.values() for one in group
        }
        return [found[one.row] for one in ready]

    def _prepare_contract(self, company, group):
        head = dict(group[0].values["head"])
        del head["date_signed"]
        if not head["name"]:
            del head["name"]
        return {
            **head,
            "company_id": company.id,
            "partner_id": group[0].values["partner"].id,
            "price_ids": [
                Command.create(one.values["price"])
                for one in group
                if one.values["price"]
            ],
        }

    def _add_prices(self, group):
        """Add the prices to the draft that is here already."""
        contract = group[0].values["contract"]
        self.env["rd.contract.price"].create(
            [
                {**one.values["price"], "contract_id": contract.id}
                for one in group
                if one.values["price"]
            ]
        )
        return contract

    def _sign(self, contract, day):
        """Let a contract count that was signed on paper before it was taken over."""
        contract._move_to("signature")
        contract._move_to("signed", {"date_signed": day})

    @api.model
    def _get_made_domain(self, company):
        return [("company_id", "=", company.id), ("state", "in", ("draft", *SIGNED))]
