# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..models.rd_property_event_mixin import CONDITIONS
from ..standing import CARRIES, ENDS, OUTSIDE


class RdPropertyAsof(models.Model):
    """The register of customers' property as it was at the end of a day.

    One row per card that had been received by then; what is our own is no customer's
    property and stands in the sample room alone. What it says follows from the
    events up to that day alone, by the rules of ``Standing``; the day stands in the
    context (``rd_as_of``), without it the register is of today.
    """

    _name = "rd.property.asof"
    _description = "Customer Property Register"
    _auto = False
    _order = "name desc, id desc"

    property_id = fields.Many2one("rd.property", string="Card", readonly=True)
    name = fields.Char(string="Number", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Owner", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["rd.property"]._fields["kind"].selection,
        readonly=True,
    )
    description = fields.Char(string="Name and type", readonly=True)
    specification = fields.Char(string="Specification, drawing no.", readonly=True)
    mark = fields.Char(string="Customer's mark", readonly=True)
    serial = fields.Char(string="Serial number", readonly=True)
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    application = fields.Char(string="Used by, used for", readonly=True)
    contract_id = fields.Many2one("rd.contract", readonly=True)
    clause = fields.Char(readonly=True)
    custodian_id = fields.Many2one("res.users", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    value = fields.Monetary(string="Declared value", readonly=True)
    note = fields.Text(string="Notes", readonly=True)
    quantity = fields.Float(
        string="Quantity held",
        digits="Product Unit",
        aggregator=None,
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: self.env["rd.property"]._fields["state"].selection,
        readonly=True,
    )
    condition = fields.Selection(CONDITIONS, readonly=True)
    holder_id = fields.Many2one("res.partner", readonly=True)
    place = fields.Char(readonly=True)
    received_on = fields.Date(string="Received on", readonly=True)
    received_document = fields.Char(string="Received with paper", readonly=True)
    marked_on = fields.Date(string="Marked on", readonly=True)
    verified_on = fields.Date(string="Verified on", readonly=True)
    verified_by_id = fields.Many2one("res.users", string="Verified by", readonly=True)
    maintained_on = fields.Date(string="Maintained on", readonly=True)
    returned_on = fields.Date(string="Returned on", readonly=True)
    last_event_on = fields.Date(string="Last event", readonly=True)

    _depends = {
        "rd.property": [
            *("name", "company_id", "partner_id", "kind", "description"),
            *("specification", "mark", "serial", "uom_id", "application"),
            *("contract_id", "clause", "custodian_id", "currency_id", "value", "note"),
            "is_own",
        ],
        "rd.property.event": [
            *("property_id", "kind", "date", "quantity", "holder_id", "place"),
            *("condition", "document"),
        ],
        "res.company": ["partner_id"],
    }

    @property
    def _table_query(self) -> SQL:
        day = fields.Date.to_date(self.env.context.get("rd_as_of") or None)
        until = SQL("WHERE date <= %s", day) if day else SQL()
        return SQL(
            """
            WITH event AS (%(events)s), held AS (%(held)s), step AS (%(steps)s),
            standing AS (%(standing)s)
            SELECT card.id, card.id AS property_id, card.name, card.company_id,
                card.partner_id, card.kind, card.description, card.specification,
                card.mark, card.serial, card.uom_id, card.application,
                card.contract_id, card.clause, card.custodian_id, card.currency_id,
                card.value, card.note, standing.quantity, standing.state,
                COALESCE(standing.condition, 'unchecked') AS condition,
                CASE standing.holder
                    WHEN 0 THEN home.partner_id
                    WHEN -1 THEN card.partner_id
                    ELSE standing.holder
                END AS holder_id,
                standing.place, standing.received_on, standing.received_document,
                standing.marked_on, standing.verified_on, standing.verified_by_id,
                standing.maintained_on, standing.returned_on, standing.last_event_on
            FROM standing
            JOIN rd_property card ON card.id = standing.property_id
            JOIN res_company home ON home.id = card.company_id
            WHERE card.is_own IS NOT TRUE
            """,
            events=self._query_events(until),
            held=self._query_held(),
            steps=self._query_steps(),
            standing=self._query_standing(),
        )

    @api.model
    def _query_events(self, until) -> SQL:
        """Each count begins a new turn: what was before no longer adds up."""
        return SQL(
            """
            SELECT id, property_id, kind, date, holder_id, place, condition, document,
                create_uid,
                CASE
                    WHEN kind IN ('receive', 'count') THEN quantity
                    WHEN kind IN %(ends)s THEN -quantity
                    ELSE 0
                END AS change,
                COUNT(*) FILTER (WHERE kind = 'count') OVER (
                    PARTITION BY property_id ORDER BY date, id
                ) AS turn
            FROM rd_property_event %(until)s
            """,
            ends=tuple(ENDS),
            until=until,
        )

    @api.model
    def _query_held(self) -> SQL:
        return SQL(
            """
            SELECT event.*, SUM(change) OVER (
                PARTITION BY property_id, turn ORDER BY date, id
            ) AS held
            FROM event
            """
        )

    @api.model
    def _query_steps(self) -> SQL:
        """Say of each event whether it begins the card, or says where it is."""
        return SQL(
            """
            SELECT step.*,
                kind = 'receive' AND before = 0 AS begins,
                kind IN %(carries)s
                    OR (kind IN %(settles)s AND held = 0)
                    OR (kind = 'count' AND before = 0) AS carries,
                kind IN %(settles)s AND held > 0 AND before > 0
                    AND NULLIF(place, '') IS NOT NULL AS puts
            FROM (
                SELECT held.*, COALESCE(
                    LAG(held) OVER (PARTITION BY property_id ORDER BY date, id), 0
                ) AS before
                FROM held
            ) step
            """,
            carries=tuple(CARRIES),
            settles=(*ENDS, "count"),
        )

    @api.model
    def _query_standing(self) -> SQL:
        """Take the last word of each kind; holder 0 is our house, -1 the owner."""
        return SQL(
            """
            SELECT property_id,
                %(last_held)s AS quantity,
                %(state)s AS state,
                %(holder)s AS holder,
                %(place)s AS place,
                %(condition)s AS condition,
                MAX(date) FILTER (WHERE begins) AS received_on,
                %(document)s AS received_document,
                MAX(date) FILTER (WHERE kind = 'mark') AS marked_on,
                %(verified)s AS verified_on,
                %(verifier)s AS verified_by_id,
                MAX(date) FILTER (WHERE kind = 'maintain') AS maintained_on,
                %(returned)s AS returned_on,
                MAX(date) AS last_event_on
            FROM step
            GROUP BY property_id
            """,
            last_held=self._last("held", "TRUE"),
            state=self._last_state(),
            holder=self._last_holder(),
            place=self._last_place(),
            condition=self._last("condition", "begins OR condition IS NOT NULL"),
            document=self._last("document", "begins"),
            verified=self._last(
                SQL("CASE WHEN begins THEN NULL ELSE date END"),
                "begins OR kind = 'verify'",
            ),
            verifier=self._last(
                SQL("CASE WHEN begins THEN NULL ELSE create_uid END"),
                "begins OR kind = 'verify'",
            ),
            returned=self._last(
                SQL("CASE WHEN begins THEN NULL ELSE date END"),
                "begins OR kind = 'return'",
            ),
        )

    @api.model
    def _last_state(self) -> SQL:
        """Say where the card stands after its last event that says so."""
        return self._last(
            SQL(
                """CASE
                WHEN kind IN %(outside)s THEN 'out'
                WHEN kind = 'return' AND held = 0 THEN 'returned'
                WHEN kind = 'use' AND held = 0 THEN 'used'
                WHEN kind = 'dispose' AND held = 0 THEN 'disposed'
                WHEN held = 0 AND kind IN ('lose', 'count') THEN 'lost'
                ELSE 'held'
                END""",
                outside=tuple(OUTSIDE),
            ),
            "carries",
        )

    @api.model
    def _last_holder(self) -> SQL:
        """Say who has it: 0 is our house, -1 the owner."""
        return self._last(
            SQL(
                """CASE
                WHEN kind = 'return' AND held = 0 THEN -1
                WHEN held = 0 AND kind IN %(settles)s THEN NULL
                WHEN kind = 'count' THEN 0
                ELSE COALESCE(holder_id, 0)
                END""",
                settles=(*ENDS, "count"),
            ),
            "carries",
        )

    @api.model
    def _last_place(self) -> SQL:
        """Say where it lies, as long as something is left."""
        return self._last(
            SQL(
                "CASE WHEN held = 0 AND kind IN %s THEN NULL ELSE place END",
                (*ENDS, "count"),
            ),
            "carries OR puts",
        )

    @api.model
    def _last(self, value, where) -> SQL:
        """Return the value of the last event for which the condition holds."""
        return SQL(
            "(ARRAY_AGG(%s ORDER BY date DESC, id DESC) FILTER (WHERE %s))[1]",
            value if isinstance(value, SQL) else SQL(value),  # pylint: disable=sql-injection
            SQL(where),  # pylint: disable=sql-injection
        )

    def action_open_card(self):
        """Open the card as it is today."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "rd.property",
            "res_id": self.property_id.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------
    # For paper, letters and frozen copies
    # ------------------------------------------------------------------
    @api.model
    def _get_rows(self, company, day, partner=None, gone_since=None):
        """Return the register of a day as plain data, one dict per card.

        :param partner: only what belongs to this owner
        :param gone_since: with what is not here any more but left after this day
        """
        domain = [("company_id", "=", company.id)]
        if partner:
            domain.append(("partner_id", "=", partner.id))
        here = [("state", "in", ("held", "out"))]
        if gone_since:
            here = ["|", *here, ("last_event_on", ">", gone_since)]
        asof = self.with_context(rd_as_of=fields.Date.to_string(day))
        # each day is a table of its own, the cache knows only one
        asof.invalidate_model()
        cards = asof.search([*domain, *here], order="partner_id, name")
        return [card._prepare_row() for card in cards]

    def _prepare_row(self):
        day = fields.Date.to_string
        return {
            "id": self.property_id.id,
            "number": self.name,
            "owner": self.partner_id.name,
            "kind": self.kind,
            "description": self.description,
            "specification": self.specification or "",
            "mark": self.mark or "",
            "serial": self.serial or "",
            "quantity": self.quantity,
            "uom": self.uom_id.name,
            "received": day(self.received_on) or "",
            "document": self.received_document or "",
            # names are shown to whoever may read the row, as in any list
            "contract": self.contract_id.sudo().name or "",
            "verified": day(self.verified_on) or "",
            "verifier": self.verified_by_id.sudo().name or "",
            "marked": day(self.marked_on) or "",
            "place": self.place or "",
            "holder": self.holder_id.name or "",
            "custodian": self.custodian_id.sudo().name or "",
            "application": self.application or "",
            "condition": self.condition,
            "state": self.state,
            "returned": day(self.returned_on) or "",
            "note": self.note or "",
        }
