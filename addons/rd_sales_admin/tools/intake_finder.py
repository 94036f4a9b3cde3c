# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who and what the rows of an import name, each kind looked up once for all rows.

Nothing is guessed: what fits two records is sent back with how to tell them apart.
"""

from collections import defaultdict

from odoo.fields import Domain

from ..ledger.clean import clean_key
from .intake import MendRow

# For so many texts that nothing is called it is asked what is called about so.
MOST_HINTS, MOST_RECORDS = 200, 1000
SHORTEST_HINT = 3


class IntakeFinder:
    """Contacts and parts of one company by what people write for them."""

    def __init__(self, company):
        self.company = company
        self.env = company.env
        self._found = {}
        self._hints = {}
        self._aliases = defaultdict(dict)

    # ------------------------------------------------------------------
    # Reading, once for all rows
    # ------------------------------------------------------------------
    def read_partners(self, texts):
        """Look up contacts by name, reference or tax number."""
        self._read("res.partner", texts, ("name", "ref", "vat"))

    def read_parts(self, texts):
        """Look up parts by number or barcode."""
        self._read("product.product", texts, ("default_code", "barcode"))

    def read_aliases(self, texts):
        """Look up what customers call our parts."""
        aliases = self.env["rd.part.alias"].search(
            [
                ("company_id", "=", self.company.id),
                ("code_clean", "in", list({clean_key(text) for text in texts if text})),
            ]
        )
        for alias in aliases:
            self._aliases[alias.partner_id][alias.code_clean] = alias

    def _read(self, model, texts, names):
        """Search exactly, and once more without regard to case for the rest."""
        found = self._found.setdefault(model, {})
        wanted = {text for text in texts if text} - found.keys()
        if not wanted:
            return
        self._search(model, names, {text: [text] for text in wanted}, "in")
        rest = defaultdict(list)
        for text in wanted - found.keys():
            rest[_fold(text)].append(text)
        if rest:
            self._search(model, names, rest, "=ilike")
            self._search_hints(model, names, wanted - found.keys())

    def _search_hints(self, model, names, texts):
        """Note for each text that nothing is called the one that is called about so:
        the customer's short name, a number that lost its leading zeros."""
        texts = [text for text in sorted(texts) if len(text.strip()) >= SHORTEST_HINT]
        if not texts or len(texts) > MOST_HINTS:
            return
        parts = [
            Domain(name, "ilike", _escape(text)) for name in names[:2] for text in texts
        ]
        domain = Domain.OR(parts) & Domain("company_id", "in", [False, self.company.id])
        fetched = self.env[model].search_fetch(domain, names[:2], limit=MOST_RECORDS)
        for text in texts:
            close = {
                record[name]
                for record in fetched
                for name in names[:2]
                if _fold(text) in _fold(record[name] or "")
            }
            if len(close) == 1:
                self._hints[model, text] = close.pop()

    def _hint(self, model, text):
        """Return “ Is … meant?” where one is called about so."""
        close = self._hints.get((model, text))
        return self.env._(" Is “%s” meant?", close) if close else ""

    def _search(self, model, names, wanted, operator):
        """Note what is found, by each text that people have written for it."""
        exact = operator == "in"
        parts = [
            Domain(name, operator, value)
            for name in names
            for value in ([list(wanted)] if exact else map(_escape, wanted))
        ]
        domain = Domain.OR(parts) & Domain("company_id", "in", [False, self.company.id])
        found = self._found[model]
        records = self.env[model].search_fetch(domain, ["company_id", *names])
        for record in records:
            for value in {record[name] or "" for name in names}:
                for text in wanted.get(value if exact else _fold(value), ()):
                    found[text] = found.get(text, records.browse()) | record
        for text, one in found.items():
            # A union forgets what is read together.
            found[text] = one.with_prefetch(records.ids)

    def get_found(self, model):
        """Return all records of a model that some row may mean."""
        return self.env[model].union(*self._found.get(model, {}).values())

    # ------------------------------------------------------------------
    # Asking, row by row
    # ------------------------------------------------------------------
    def partner(self, column, text):
        """Return the one commercial contact that is called so.

        :raise MendRow: when there is none, or more than one
        """
        found = self._found.get("res.partner", {}).get(text)
        if not found:
            raise MendRow(
                column,
                self.env._(
                    "no contact is called “%s”; make it under Contacts first, or "
                    "correct the name.",
                    text,
                )
                + self._hint("res.partner", text),
            )
        commercial = found.commercial_partner_id
        if len(commercial) > 1:
            raise MendRow(
                column,
                self.env._(
                    "%(count)s contacts are called “%(text)s”; write the reference or "
                    "the tax number of the one that is meant.",
                    count=len(commercial),
                    text=text,
                ),
            )
        return commercial

    def own_part(self, column, text):
        """Return the one part that has this number of ours.

        :raise MendRow: when there is none, or more than one
        """
        found = self._found.get("product.product", {}).get(text)
        if not found:
            raise MendRow(
                column,
                self.env._(
                    "no part has the number “%s”; make the product first, or correct "
                    "the number.",
                    text,
                )
                + self._hint("product.product", text),
            )
        if len(found) > 1:
            raise MendRow(
                column,
                self.env._(
                    "%(count)s parts have the number “%(text)s”; give each a number of "
                    "its own first.",
                    count=len(found),
                    text=text,
                ),
            )
        return found

    def alias(self, partner, code):
        """Return what the customer's code stands for already, or None."""
        return self._aliases[partner].get(clean_key(code))

    def part(self, column, text, partner):
        """Return the part that has this number, ours or the customer's.

        :raise MendRow: when there is none, or the two point at different parts
        """
        alias = self.alias(partner, text)
        own = self._found.get("product.product", {}).get(text)
        if not alias:
            return self.own_part(column, text)
        if own and own != alias.product_id:
            raise MendRow(
                column,
                self.env._(
                    "“%(text)s” is our part %(own)s and %(partner)s's number of "
                    "%(theirs)s; write our number of the one that is meant.",
                    text=text,
                    own=own[:1].display_name,
                    partner=partner.name,
                    theirs=alias.product_id.display_name,
                ),
            )
        return alias.product_id


def _fold(text):
    return text.strip().casefold()


def _escape(text):
    """Return the text as a pattern that fits nothing but itself."""
    text = text.strip().replace("\\", "\\\\")
    return text.replace("%", "\\%").replace("_", "\\_")
