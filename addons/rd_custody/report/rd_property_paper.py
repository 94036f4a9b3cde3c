# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdPropertyPaper(models.AbstractModel):
    """The customer property register (客户财产台账) on paper and in a workbook."""

    _name = "rd.property.paper"
    _description = "Paper of the Customer Property Register"
    _inherit = ["rd.document.paper"]

    @api.model
    def _prepare_register(self, record, day, rows, heads=()):
        """Return all that is printed of the register of a day."""
        company = record.company_id
        return {
            **self._prepare_sheet(
                record, self.env._("Customer property register"), company
            ),
            "heads": [
                *heads,
                (self.env._("As of"), fields.Date.to_string(day)),
                (self.env._("Cards"), str(len(rows))),
            ],
            "columns": self._get_register_columns(),
            "rows": [
                {"line": number, **self._get_register_row(row)}
                for number, row in enumerate(rows, start=1)
            ],
            "signs": [self.env._("Custodian"), self.env._("Checked by")],
        }

    # ------------------------------------------------------------------
    # Letter
    # ------------------------------------------------------------------
    @api.model
    def _prepare_letter(self, letter):
        """Return all that is printed of the letter that an owner confirms."""
        self = self.with_context(lang=letter.partner_id.lang or self.env.lang)
        company, owner = letter.company_id, letter.partner_id
        before = letter.previous_id
        return {
            **self._prepare_sheet(
                letter, self.env._("Confirmation of customer property"), company
            ),
            "foot": letter.name,
            "mark": "" if letter.state != "draft" else self.env._("DRAFT"),
            "heads": [
                (self.env._("Number"), letter.name),
                (self.env._("Owner"), owner.name),
                (self.env._("As of"), str(letter.day)),
                (self.env._("Letter before"), str(before.day) if before else "–"),
                (self.env._("Revision"), str(letter.revision)),
                (self.env._("Content hash"), letter.content_hash or ""),
            ],
            "columns": self._get_letter_columns(),
            "rows": [
                {"line": number, **self._get_letter_row(line)}
                for number, line in enumerate(letter.line_ids, start=1)
            ],
            "signs": [company.name, owner.name],
            "remarks": [
                self.env._(
                    "Please compare this list with your own records and answer each "
                    "line on the portal, or send it back with your stamp."
                )
            ],
        }

    @api.model
    def _get_letter_columns(self):
        column, env = self._column, self.env
        return [
            column("line", env._("No."), "number", 7),
            column("number", env._("Number"), "text", 16),
            column("description", env._("Name"), "text", 34),
            column("specification", env._("Specification, drawing no."), "text", 26),
            column("mark", env._("How it is marked"), "text", 22),
            column("received", env._("Provided on"), "text", 18),
            column("uom", env._("Unit"), "unit", 10),
            column("quantity", env._("Quantity"), "quantity", 14),
            column("condition", env._("Condition"), "text", 18),
            column("change", env._("Since the last letter"), "text", 24),
            column("before", env._("In the last letter"), "quantity", 14),
            column("answer", env._("Your answer"), "text", 34),
        ]

    @api.model
    def _get_letter_row(self, line):
        labels = {
            name: dict(line._fields[name]._description_selection(self.env))
            for name in ("condition", "change", "verdict")
        }
        answer = "" if line.verdict == "waiting" else labels["verdict"][line.verdict]
        return {
            "number": line.number,
            "description": line.description,
            "specification": line.specification or "",
            "mark": line.mark or "",
            "received": str(line.received or ""),
            "uom": line.uom or "",
            "quantity": line.quantity,
            "condition": labels["condition"].get(line.condition, ""),
            "change": labels["change"].get(line.change, ""),
            "before": line.before,
            "answer": " ".join(filter(None, (answer, line.words))),
        }

    @api.model
    def _get_register_columns(self):
        column, env = self._column, self.env
        return [
            column("line", env._("No."), "number", 7),
            column("number", env._("Number"), "text", 14),
            column("owner", env._("Owner"), "text", 24),
            column("description", env._("Name"), "text", 26),
            column("specification", env._("Specification, drawing no."), "text", 20),
            column("uom", env._("Unit"), "unit", 8),
            column("quantity", env._("Quantity"), "quantity", 11),
            column("received", env._("Provided on"), "text", 14),
            column("contract", env._("Contract"), "text", 16),
            column("verified", env._("Verified, by"), "text", 20),
            column("mark", env._("How it is marked"), "text", 18),
            column("place", env._("Place"), "text", 20),
            column("custodian", env._("Custodian"), "text", 16),
            column("application", env._("Used by"), "text", 16),
            column("state", env._("State"), "text", 16),
            column("returned", env._("Returned on"), "text", 14),
            column("note", env._("Remarks"), "text", 20),
        ]

    @api.model
    def _get_register_row(self, row):
        cards = self.env["rd.property"]
        states = dict(cards._fields["state"]._description_selection(self.env))
        conditions = dict(cards._fields["condition"]._description_selection(self.env))
        joined = {
            "verified": (row["verified"], row["verifier"]),
            "mark": (row["mark"], row["marked"]),
            "place": (row["holder"], row["place"]),
            "state": (states[row["state"]], conditions[row["condition"]]),
        }
        return {
            **row,
            "description": " ".join(filter(None, (row["description"], row["serial"]))),
            "contract": row["contract"] or row["document"],
            **{key: ", ".join(filter(None, parts)) for key, parts in joined.items()},
        }
