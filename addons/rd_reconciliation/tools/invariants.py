# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The invariants of the settlement chain, by raw SQL and nothing else.

``check(cursor)`` returns one sentence per violation, naming the record; an empty
list means that all hold. Tables of Odoo itself (moves, order lines, invoices) are
the truth; no field computed by our own add-ons is believed. The module imports
nothing of Odoo and runs against any database: the daily check (``rd.check.run``)
and ``tests/invariants.py`` ask it.

Whoever calls it from inside Odoo flushes first.
"""

import hashlib
import json

SHOWN = 20  # sentences of one kind; a broken rule breaks often

# ---------------------------------------------------------------------------
# What the database itself has to guarantee, as PostgreSQL prints it
# ---------------------------------------------------------------------------
_SOURCE = "(((source_kind)::bigint * '4294967296'::bigint) + source_id)"
CONSTRAINTS = {
    "rd_close": {
        "rd_close_month_is_first": "CHECK ((EXTRACT(day FROM month) = (1)::numeric))",
    },
    "rd_opening_line": {
        "rd_opening_line_quantity_positive": "CHECK ((quantity >= (0)::numeric))",
    },
    "rd_statement_line": {
        "rd_statement_line_no_overlap": "EXCLUDE USING gist ("
        f"int8range({_SOURCE}, {_SOURCE}, '[]'::text) WITH &&, "
        "numrange(qty_from, qty_to) WITH &&) WHERE ((live AND (source_id > 0)))",
        "rd_statement_line_within_moved": "CHECK (((qty_from >= (0)::numeric) "
        "AND (qty_from < qty_to) AND (qty_to <= moved_qty)))",
    },
}
INDEXES = {
    "rd_close": {
        "rd_close_month_once": "UNIQUE rd_close USING btree (company_id, month)",
    },
    "rd_close_step": {
        "rd_close_step_step_once": "UNIQUE rd_close_step USING btree "
        "(close_id, partner_id, code)",
    },
    "rd_shipping_list": {
        "rd_shipping_list_file_once": "UNIQUE rd_shipping_list USING btree "
        "(company_id, warehouse_id, sha256) WHERE ((sha256 IS NOT NULL) "
        "AND ((state)::text <> 'cancelled'::text))",
    },
    "rd_shipping_list_line": {
        "rd_shipping_list_line_row_once": "UNIQUE rd_shipping_list_line USING btree "
        "(warehouse_id, note_key, part_key, ordinal) WHERE (live IS TRUE)",
    },
    "rd_statement": {
        "rd_statement_once": "UNIQUE rd_statement USING btree "
        "(company_id, partner_id, currency_id, close_id) "
        "WHERE ((state)::text <> 'cancelled'::text)",
        "account_move_rd_statement_once": "UNIQUE account_move USING btree "
        "(rd_statement_id, rd_statement_group) WHERE ((rd_statement_id IS NOT NULL) "
        "AND ((state)::text <> 'cancel'::text))",
        "account_move_line_rd_statement_line_once": "UNIQUE account_move_line USING "
        "btree (rd_statement_line_id) WHERE ((rd_statement_line_id IS NOT NULL) "
        "AND ((parent_state)::text <> 'cancel'::text))",
    },
    "rd_handover": {
        "rd_handover_milestone_once": "UNIQUE rd_handover USING btree (milestone_id) "
        "WHERE ((milestone_id IS NOT NULL) AND ((state)::text <> 'cancelled'::text))",
    },
    "rd_invoice_request": {
        "rd_invoice_request_once": "UNIQUE rd_invoice_request USING btree (move_id) "
        "WHERE ((move_id IS NOT NULL) AND ((state)::text <> 'cancelled'::text))",
    },
    "rd_fapiao": {
        "rd_fapiao_number_once": "UNIQUE rd_fapiao USING btree (company_id, number) "
        "WHERE (length((number)::text) = 20)",
        "rd_fapiao_code_number_once": "UNIQUE rd_fapiao USING btree "
        "(company_id, number, COALESCE(code, ''::character varying)) "
        "WHERE (length((number)::text) = 8)",
    },
    "rd_fapiao_import": {
        "rd_fapiao_import_file_once": "UNIQUE rd_fapiao_import USING btree "
        "(company_id, sha256) WHERE (sha256 IS NOT NULL)",
    },
    "rd_drift": {
        "rd_drift_once": "UNIQUE rd_drift USING btree (kind, key_id, step)",
    },
    "rd_ledger": {
        "rd_ledger_file_once": "UNIQUE rd_ledger USING btree "
        "(company_id, partner_id, sha256) WHERE (sha256 IS NOT NULL)",
    },
    "rd_ledger_entry": {
        "rd_difference_account_once": "UNIQUE rd_difference USING btree "
        "(statement_id, account_key) WHERE ((account_key IS NOT NULL) "
        "AND ((state)::text <> 'cancelled'::text))",
    },
    "rd_opening": {
        "rd_opening_once": "UNIQUE rd_opening USING btree (company_id)",
        "rd_opening_line_line_once": "UNIQUE rd_opening_line USING btree "
        "(sale_line_id)",
    },
}

# ---------------------------------------------------------------------------
# The chain of every order line, from the books
# ---------------------------------------------------------------------------
# chain: one row per order line of goods whose customer settles by statement.
#   delivered       deliveries that count, in the unit of the order line, unsigned
#   returned        returns that count
#   invoiced        on invoices that are not cancelled, credit notes subtracted
#   free            in-scope deliveries − returns that are on no live statement line
#   opening         what the opening list holds and no live statement line took
#   cut             what an approved opening list left out, with a reason
#   waiting         on live statement lines, to be invoiced, not invoiced yet
#   short           on live statement lines, settled as lost
#   agreed          deliveries on agreed statements; agreed_back: returns there
#   stated_invoiced on invoice lines that belong to a live statement line
#   early           delivered − returned − invoiced before the company's start
#   fuzz            what rounding between units may amount to
_CHAIN = """
WITH owner AS (
    SELECT line.id, line.company_id, line.product_id, line.product_uom_id,
           line.qty_delivered, line.qty_invoiced, line.qty_to_invoice,
           sale.name AS order_name, customer.id AS partner_id,
           customer.name AS partner_name,
           COALESCE(line.rd_settlement_class, 'other') AS class,
           (COALESCE(company.rd_start_date, DATE '1900-01-01')::timestamp
                AT TIME ZONE COALESCE(company.rd_tz, 'UTC')) AT TIME ZONE 'UTC'
                AS start,
           COALESCE(company.rd_start_date, DATE '1900-01-01') AS start_day
      FROM sale_order_line line
      JOIN sale_order sale ON sale.id = line.order_id
      JOIN res_company company ON company.id = line.company_id
      JOIN res_partner billed ON billed.id = sale.partner_invoice_id
      JOIN res_partner customer ON customer.id = billed.commercial_partner_id
     WHERE line.state = 'sale'
       AND (line.rd_settlement_way, line.qty_delivered_method) IN (
               ('deliveries', 'stock_move'), ('handover', 'milestones'))
       AND customer.rd_settlement_mode IN ('statement_confirm', 'statement_sent')
), moved AS (
    SELECT 1 AS kind, move.id, move.sale_line_id,
           move.quantity * unit.factor / line_unit.factor AS quantity,
           CASE WHEN source.usage = 'customer' THEN -1 ELSE 1 END AS sign,
           COALESCE(move.to_refund, FALSE)
               OR (source.usage <> 'customer'
                   AND move.origin_returned_move_id IS NULL) AS counts,
           move.date >= owner.start AS in_scope,
           unit.id <> line_unit.id AS converted
      FROM owner
      JOIN stock_move move ON move.sale_line_id = owner.id
      JOIN stock_location source ON source.id = move.location_id
      JOIN stock_location target ON target.id = move.location_dest_id
      JOIN uom_uom unit ON unit.id = move.product_uom
      JOIN uom_uom line_unit ON line_unit.id = owner.product_uom_id
     WHERE move.state = 'done'
       AND move.product_id = owner.product_id
       AND move.quantity > 0
       AND (source.usage = 'customer') <> (target.usage = 'customer')
     UNION ALL
    -- what is handed over: Odoo's reached milestones say how much, the handover when
    SELECT 6, handover.id, milestone.sale_line_id,
           milestone.quantity_percentage * line.product_uom_qty, 1, TRUE,
           handover.confirmed_date >= owner.start, FALSE
      FROM owner
      JOIN sale_order_line line ON line.id = owner.id
      JOIN project_milestone milestone ON milestone.sale_line_id = owner.id
      LEFT JOIN rd_handover handover ON handover.milestone_id = milestone.id
           AND handover.state = 'accepted'
     WHERE milestone.is_reached
), live AS (
    SELECT line.*, statement.state AS statement_state,
           EXISTS (
               SELECT FROM account_move_line item
                WHERE item.rd_statement_line_id = line.id
                  AND item.parent_state <> 'cancel'
           ) AS is_invoiced
      FROM rd_statement_line line
      JOIN rd_statement statement ON statement.id = line.statement_id
     WHERE line.live
), late AS (
    -- what live late lines took over, per line (or order line) they concern
    SELECT drift.kind, drift.key_id, SUM(line.quantity) AS quantity
      FROM rd_statement_line line
      JOIN rd_drift drift ON drift.id = line.source_id
     WHERE line.live AND line.source_kind = 3
     GROUP BY drift.kind, drift.key_id
), taken AS (
    SELECT source_kind, source_id,
           -- with what a late line has corrected of it since
           SUM(qty_to - qty_from + COALESCE(late.quantity, 0)
               * CASE WHEN live.quantity < 0 THEN -1 ELSE 1 END) AS quantity
      FROM live
      LEFT JOIN late ON late.kind = 'less' AND late.key_id = live.id
     GROUP BY source_kind, source_id
), goods AS (
    SELECT moved.sale_line_id,
           SUM(moved.quantity) FILTER (WHERE counts AND sign > 0) AS delivered,
           SUM(moved.quantity) FILTER (WHERE counts AND sign < 0) AS returned,
           SUM(sign * moved.quantity) FILTER (WHERE counts AND NOT in_scope) AS early,
           SUM(sign * (moved.quantity - COALESCE(taken.quantity, 0)))
               FILTER (WHERE counts AND in_scope) AS free,
           COUNT(*) FILTER (WHERE converted) AS conversions
      FROM moved
      LEFT JOIN taken
        ON taken.source_kind = moved.kind AND taken.source_id = moved.id
     GROUP BY moved.sale_line_id
), billed AS (
    SELECT owner.id AS sale_line_id,
           SUM(side.sign * item.quantity * unit.factor / line_unit.factor) AS invoiced,
           SUM(side.sign * item.quantity * unit.factor / line_unit.factor)
               FILTER (WHERE COALESCE(entry.invoice_date, entry.date)
                             < owner.start_day) AS early,
           SUM(side.sign * item.quantity * unit.factor / line_unit.factor)
               FILTER (WHERE live.id IS NOT NULL) AS stated
      FROM owner
      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = owner.id
      JOIN account_move_line item ON item.id = rel.invoice_line_id
      JOIN account_move entry ON entry.id = item.move_id
      JOIN uom_uom unit ON unit.id = item.product_uom_id
      JOIN uom_uom line_unit ON line_unit.id = owner.product_uom_id
     CROSS JOIN LATERAL (
               SELECT CASE WHEN entry.move_type = 'out_refund' THEN -1 ELSE 1 END
                      AS sign) side
      LEFT JOIN live ON live.id = item.rd_statement_line_id
     WHERE entry.state <> 'cancel'
       AND entry.move_type IN ('out_invoice', 'out_refund')
     GROUP BY owner.id
), stated AS (
    SELECT live.sale_line_id,
           SUM(live.quantity) FILTER (WHERE NOT is_invoiced AND again.key_id IS NULL
                   AND COALESCE(zero_reason, '')
                       IN ('', 'no_price', 'no_tax', 'not_accepted'))
               AS waiting,
           SUM(live.quantity) FILTER (WHERE zero_reason = 'short') AS short,
           -- what was lowered after it was agreed is a late fact of its own
           SUM(live.quantity - beyond.quantity)
               FILTER (WHERE live.quantity > 0 AND zero_reason IS NULL
                   AND source_kind <> 3
                   AND statement_state IN ('agreed', 'invoiced', 'closed')) AS agreed,
           SUM(-live.quantity - beyond.quantity)
               FILTER (WHERE live.quantity < 0 AND zero_reason IS NULL
                   AND source_kind <> 3
                   AND statement_state IN ('agreed', 'invoiced', 'closed'))
               AS agreed_back
      FROM live
      LEFT JOIN late again ON again.kind = 'invoice_gone' AND again.key_id = live.id
      LEFT JOIN moved ON live.source_kind = moved.kind AND moved.id = live.source_id
     CROSS JOIN LATERAL (
               SELECT GREATEST(0, live.qty_to - GREATEST(
                          live.qty_from, COALESCE(moved.quantity, live.qty_to)))
                      AS quantity) beyond
     GROUP BY live.sale_line_id
), opening AS (
    SELECT line.sale_line_id,
           line.quantity - COALESCE(taken.quantity, 0) AS free,
           CASE WHEN opening.state = 'approved'
                THEN line.delivered - line.invoiced - line.quantity
                ELSE 0 END AS cut
      FROM rd_opening_line line
      JOIN rd_opening opening ON opening.id = line.opening_id
      LEFT JOIN taken ON taken.source_kind = 2 AND taken.source_id = line.id
), undone AS (
    -- what late facts give back of lines that no longer count, and no late line has
    -- taken over yet
    SELECT drift.sale_line_id,
           SUM(drift.quantity - COALESCE(entered.quantity, 0)) AS quantity
      FROM rd_drift drift
      JOIN rd_statement_line line ON line.id = drift.line_id
      LEFT JOIN LATERAL (
               SELECT SUM(late.quantity) AS quantity
                 FROM rd_statement_line late
                WHERE late.live AND late.source_kind = 3
                  AND late.source_id = drift.id) entered ON TRUE
     WHERE drift.kind = 'less' AND drift.state = 'open' AND NOT line.live
     GROUP BY drift.sale_line_id
), credited AS (
    -- taken back by credit notes made elsewhere, not on a late line yet; one of
    -- today is looked for within the day
    SELECT billed.sale_line_id,
           CASE WHEN recent.found THEN
                GREATEST(0, billed.stated - billed.invoiced + COALESCE(billed.early, 0))
                ELSE COALESCE(noted.quantity, 0) END
           - COALESCE(late.quantity, 0) AS quantity
      FROM billed
      LEFT JOIN late ON late.kind = 'credited' AND late.key_id = billed.sale_line_id
      LEFT JOIN LATERAL (
               SELECT SUM(quantity) AS quantity FROM rd_drift drift
                WHERE drift.kind = 'credited' AND drift.state = 'open'
                  AND drift.key_id = billed.sale_line_id) noted ON TRUE
     CROSS JOIN LATERAL (
               SELECT EXISTS (
                   SELECT FROM sale_order_line_invoice_rel rel
                     JOIN account_move_line item ON item.id = rel.invoice_line_id
                     JOIN account_move entry ON entry.id = item.move_id
                    WHERE rel.order_line_id = billed.sale_line_id
                      AND entry.move_type = 'out_refund'
                      AND entry.rd_statement_id IS NULL
                      AND entry.write_date > NOW() AT TIME ZONE 'UTC'
                                             - INTERVAL '2 days') AS found) recent
), chain AS (
    SELECT owner.*,
           COALESCE(credited.quantity, 0) AS credited,
           COALESCE(goods.delivered, 0) AS delivered,
           COALESCE(goods.returned, 0) AS returned,
           COALESCE(goods.free, 0) + COALESCE(undone.quantity, 0) AS free,
           COALESCE(billed.invoiced, 0) AS invoiced,
           COALESCE(billed.stated, 0) AS stated_invoiced,
           COALESCE(goods.early, 0) - COALESCE(billed.early, 0) AS early,
           COALESCE(stated.waiting, 0) AS waiting,
           COALESCE(stated.short, 0) AS short,
           COALESCE(stated.agreed, 0) AS agreed,
           COALESCE(stated.agreed_back, 0) AS agreed_back,
           COALESCE(opening.free, 0) AS opening,
           COALESCE(opening.cut, 0) AS cut,
           EXISTS (SELECT FROM rd_opening
                    WHERE rd_opening.company_id = owner.company_id) AS has_opening,
           0.0051 + 0.005 * COALESCE(goods.conversions, 0) AS fuzz
      FROM owner
      LEFT JOIN goods ON goods.sale_line_id = owner.id
      LEFT JOIN billed ON billed.sale_line_id = owner.id
      LEFT JOIN stated ON stated.sale_line_id = owner.id
      LEFT JOIN opening ON opening.sale_line_id = owner.id
      LEFT JOIN credited ON credited.sale_line_id = owner.id
      LEFT JOIN undone ON undone.sale_line_id = owner.id
)
"""


def check(cursor, without=()):
    """Return the violations of all invariants, one sentence each.

    :param cursor: an open cursor (psycopg2's or Odoo's) that only reads
    :param without: rules that are not looked at
    """
    return [sentence for _rule, sentence in find(cursor, without)]


def find(cursor, without=()):
    """Return the violations of all invariants as pairs (rule, sentence).

    :param cursor: an open cursor (psycopg2's or Odoo's) that only reads
    :param without: rules that are not looked at
    """
    return [
        (rule, sentence)
        for rule, (table, look) in get_rules().items()
        if rule not in without and (table is None or _has_table(cursor, table))
        for sentence in look(cursor)
    ]


def get_rules():
    """Return ``{rule: (table that has to be there or None, its check)}``."""
    return {
        "guarantees": (None, check_guarantees),
        "balance": (None, check_balance),
        "months": ("rd_close", check_months),
        "billed": ("rd_statement", check_billed),
        "twice": ("rd_statement", check_twice),
        "lost": ("rd_statement", check_lost),
        "cents": ("rd_statement", check_cents),
        "frozen": ("rd_statement", check_frozen),
        "one_company": ("rd_statement", check_one_company),
        "tax_invoices": ("rd_statement", check_tax_invoices),
        "proof": ("rd_ledger_entry", check_proof),
        "handovers": ("rd_handover", check_handovers),
    }


_REACHED_UNACCEPTED = """
    SELECT milestone.id, line.id, handover.name, handover.state,
           handover.confirmed_by
      FROM project_milestone milestone
      JOIN sale_order_line line ON line.id = milestone.sale_line_id
      LEFT JOIN rd_handover handover
        ON handover.milestone_id = milestone.id AND handover.state <> 'cancelled'
     WHERE line.rd_settlement_way = 'handover'
       AND line.qty_delivered_method = 'milestones' AND milestone.is_reached
       -- reached while the desk did not settle its order
       AND NOT (milestone.rd_by_hand AND handover.id IS NULL)
       AND (COALESCE(handover.state, '') <> 'accepted'
            OR handover.confirmed_date IS NULL
            OR handover.confirmed_by IS NULL)
     ORDER BY milestone.id
"""
_ACCEPTED_IN_PART = """
    SELECT handover.name, line.id, line.verdict
      FROM rd_handover handover
      JOIN rd_handover_line line ON line.handover_id = handover.id
     WHERE handover.state = 'accepted' AND line.verdict <> 'accepted'
     ORDER BY line.id
"""
_NOT_SHARED_OUT = """
    SELECT line_id, SUM(share)
      FROM (
          SELECT sale_line_id AS line_id, share, state = 'accepted' AS accepted
            FROM rd_handover WHERE state <> 'cancelled'
           UNION ALL
          -- what was reached by hand before the first of them
          SELECT sale_line_id, 100 * quantity_percentage, FALSE
            FROM project_milestone milestone
           WHERE is_reached AND EXISTS (
                     SELECT FROM rd_handover other
                      WHERE other.sale_line_id = milestone.sale_line_id
                        AND other.state <> 'cancelled')
             AND NOT EXISTS (
                     SELECT FROM rd_handover own
                      WHERE own.milestone_id = milestone.id)
      ) part
     GROUP BY line_id
    HAVING SUM(share) > 100.005
        OR (BOOL_OR(accepted) AND ABS(SUM(share) - 100) > 0.005)
     ORDER BY line_id
"""


def check_handovers(cursor):
    """What is handed over can be invoiced only once it was accepted as a whole."""
    return [
        *_rows(
            cursor,
            "1 billed ≤ accepted: milestone {0} of order line {1} is reached, but its "
            "handover {2} is {3}, confirmed by {4}.",
            _REACHED_UNACCEPTED,
        ),
        *_rows(
            cursor,
            "1 billed ≤ accepted: handover {0} is accepted, but its line {1} is {2}.",
            _ACCEPTED_IN_PART,
        ),
        *_rows(
            cursor,
            "1 billed ≤ accepted: the handovers of order line {0} come to {1} %.",
            _NOT_SHARED_OUT,
        ),
    ]


# ---------------------------------------------------------------------------
# 1. Billed ≤ accepted
# ---------------------------------------------------------------------------
def check_billed(cursor):
    """What is agreed never exceeds what was delivered, nor agreed returns those made.

    A return that is on no agreed statement yet is a late fact of the next month and
    not held against the delivery that was agreed before it.
    """
    return [
        *_billed_above_delivered(cursor),
        *_billed_returns(cursor),
        *_billed_beyond_the_move(cursor),
        *check_receipts(cursor),
    ]


def _billed_above_delivered(cursor):
    """More is agreed or lost than was delivered."""
    return _rows(
        cursor,
        "1 billed ≤ accepted: order line {0} of {1} ({2}) has {3} agreed or lost "
        "and {4} invoiced elsewhere, but only {5} were delivered.",
        _CHAIN
        + """
        SELECT id, order_name, partner_name, agreed + short,
               GREATEST(invoiced - stated_invoiced, 0), delivered
          FROM chain
         WHERE agreed > 0
           AND agreed + short + GREATEST(invoiced - stated_invoiced, 0)
               > delivered + fuzz
         ORDER BY id
        """,
    )


def _billed_returns(cursor):
    """More is agreed as returned than came back."""
    return _rows(
        cursor,
        "1 billed ≤ accepted: order line {0} of {1} ({2}) has {3} agreed as "
        "returned, but only {4} came back.",
        _CHAIN
        + """
        SELECT id, order_name, partner_name, agreed_back, returned
          FROM chain
         WHERE agreed_back > returned + fuzz
         ORDER BY id
        """,
    )


def _billed_beyond_the_move(cursor):
    """A line reaches beyond what was moved, and no late fact says so."""
    return _rows(
        cursor,
        "1 billed ≤ accepted: statement line {0} of {1} reaches up to {2} of "
        "delivery {3}, of which only {4} were moved, and no late fact says so.",
        _CHAIN
        + """
        SELECT live.id, statement.name, live.qty_to, moved.id, moved.quantity
          FROM live
          JOIN moved ON moved.kind = live.source_kind AND moved.id = live.source_id
          JOIN rd_statement statement ON statement.id = live.statement_id
          LEFT JOIN LATERAL (
                   SELECT SUM(ABS(drift.quantity)) AS quantity FROM rd_drift drift
                    WHERE drift.kind = 'less' AND drift.state = 'open'
                      AND drift.key_id = live.id) noted ON TRUE
         WHERE live.qty_to - GREATEST(live.qty_from, moved.quantity)
               > COALESCE(noted.quantity, 0) + 0.0051
           -- what was edited since is looked for within the day
           AND NOT EXISTS (
                   SELECT FROM stock_move_line item
                    WHERE item.move_id = moved.id
                      AND item.write_date > NOW() AT TIME ZONE 'UTC'
                                            - INTERVAL '2 days')
         ORDER BY live.id
        """,
    )


def check_receipts(cursor):
    """On a statement by signature nothing stands that was not signed in time, by
    acceptance nothing is billed that was not accepted."""
    return [
        *_signed_too_late(cursor),
        *_billed_above_accepted(cursor),
    ]


def _signed_too_late(cursor):
    """A line stands on a statement by signature that was not signed in time."""
    return _rows(
        cursor,
        "1 billed ≤ accepted: statement {0} is on the basis “{1}” up to {2}, but "
        "line {3} of delivery {4} was signed on {5}.",
        """
        SELECT statement.name, statement.basis, statement.date_to, line.id,
               COALESCE(picking.rd_note, picking.name), signed.day::text
          FROM rd_statement_line line
          JOIN rd_statement statement ON statement.id = line.statement_id
          JOIN res_company company ON company.id = statement.company_id
          JOIN stock_move move ON move.id = line.source_id
          LEFT JOIN stock_picking picking ON picking.id = move.picking_id
         CROSS JOIN LATERAL (
                   SELECT (picking.rd_signed_date AT TIME ZONE 'UTC'
                           AT TIME ZONE COALESCE(company.rd_tz, 'UTC'))::date
                          AS day) signed
         WHERE line.live AND line.source_kind = 1 AND line.quantity > 0
           AND statement.basis IN ('signed', 'accepted')
           AND (signed.day IS NULL OR signed.day > statement.date_to
                OR signed.day <> line.date)
         ORDER BY line.id
        """,
    )


def _billed_above_accepted(cursor):
    """More of a delivery is to be invoiced than was accepted."""
    return _rows(
        cursor,
        "1 billed ≤ accepted: {0} of delivery {1} ({2}) stand on statements to be "
        "invoiced, but only {3} were accepted.",
        """
        -- what was lowered since, beyond what was moved at all, is a late fact
        -- and asked for above, whatever the basis
        SELECT SUM(stated.quantity),
               COALESCE(picking.rd_note, picking.name), move.id,
               MAX(accepted.quantity)
          FROM rd_statement_line line
          JOIN rd_statement statement ON statement.id = line.statement_id
          JOIN sale_order_line sold ON sold.id = line.sale_line_id
          JOIN stock_move move ON move.id = line.source_id
          JOIN uom_uom unit ON unit.id = move.product_uom
          JOIN uom_uom line_unit ON line_unit.id = sold.product_uom_id
          LEFT JOIN stock_picking picking ON picking.id = move.picking_id
         CROSS JOIN LATERAL (
                   -- a delivery corrected downwards after it was signed loses
                   -- first what the customer did not accept
                   SELECT (move.quantity - GREATEST(0,
                               COALESCE(move.rd_short_qty, 0)
                               + COALESCE(move.rd_rejected_qty, 0)
                               - GREATEST(0,
                                   COALESCE(NULLIF(move.rd_signed_qty, 0),
                                            move.quantity) - move.quantity)))
                          * unit.factor / line_unit.factor AS quantity,
                          move.quantity * unit.factor / line_unit.factor AS moved
               ) accepted
         CROSS JOIN LATERAL (
                   SELECT LEAST(line.qty_to, accepted.moved)
                          - LEAST(line.qty_from, accepted.moved)
                          AS quantity) stated
         WHERE line.live AND line.source_kind = 1 AND line.quantity > 0
           AND line.zero_reason IS NULL AND statement.basis = 'accepted'
         GROUP BY move.id, picking.id
        HAVING SUM(stated.quantity) > MAX(accepted.quantity) + 0.0051
         ORDER BY move.id
        """,
    )


# ---------------------------------------------------------------------------
# 2. Nothing twice
# ---------------------------------------------------------------------------
def check_twice(cursor):
    """No quantity, statement, invoice, step or file is there twice."""
    return [
        *_twice_a_part(cursor),
        *_part_of_nothing(cursor),
        *_twice_a_statement(cursor),
        *_twice_an_invoice(cursor),
        *_twice_invoiced(cursor),
        *_twice_a_step(cursor),
        *_twice_a_row(cursor),
        *_twice_a_ledger(cursor),
    ]


def _twice_a_part(cursor):
    """Two lines take the same part of a source."""
    return _rows(
        cursor,
        "2 nothing twice: statement lines {0} and {1} both take a part of source "
        "{2}/{3}.",
        """
        SELECT one.id, other.id, one.source_kind, one.source_id
          FROM rd_statement_line one
          JOIN rd_statement_line other
            ON other.source_kind = one.source_kind
           AND other.source_id = one.source_id
           AND other.id > one.id
           AND other.qty_from < one.qty_to
           AND one.qty_from < other.qty_to
         WHERE one.live AND other.live AND one.source_id > 0
         ORDER BY one.id, other.id
        """,
    )


def _part_of_nothing(cursor):
    """A line takes a part that is not there, or counts another quantity."""
    return _rows(
        cursor,
        "2 nothing twice: statement line {0} of {1} takes {2} to {3} of {4} moved "
        "and counts {5}.",
        """
        SELECT line.id, statement.name, line.qty_from, line.qty_to,
               line.moved_qty, line.quantity
          FROM rd_statement_line line
          JOIN rd_statement statement ON statement.id = line.statement_id
         WHERE NOT (line.qty_from >= 0 AND line.qty_from < line.qty_to
                    AND line.qty_to <= line.moved_qty)
            OR ABS(ABS(line.quantity) - (line.qty_to - line.qty_from)) > 0.00001
         ORDER BY line.id
        """,
    )


def _twice_a_statement(cursor):
    """A partner has two live statements of a month."""
    return _rows(
        cursor,
        "2 nothing twice: {0} live statements of partner {1} in company {2} for "
        "month {3}: {4}.",
        """
        SELECT COUNT(*), partner_id, company_id, close_id,
               STRING_AGG(name, ', ' ORDER BY id)
          FROM rd_statement
         WHERE state <> 'cancelled'
         GROUP BY company_id, partner_id, currency_id, close_id
        HAVING COUNT(*) > 1
        """,
    )


def _twice_an_invoice(cursor):
    """A statement stands on two live invoices of one kind."""
    return _rows(
        cursor,
        "2 nothing twice: statement {0} stands on {1} live invoices of one kind.",
        """
        SELECT statement.name, COUNT(*)
          FROM account_move entry
          JOIN rd_statement statement ON statement.id = entry.rd_statement_id
         WHERE entry.state <> 'cancel'
         GROUP BY statement.name, entry.rd_statement_id, entry.rd_statement_group
        HAVING COUNT(*) > 1
        """,
    )


def _twice_invoiced(cursor):
    """A line stands on two live invoice lines."""
    return _rows(
        cursor,
        "2 nothing twice: statement line {0} stands on {1} live invoice lines.",
        """
        SELECT item.rd_statement_line_id, COUNT(*)
          FROM account_move_line item
          JOIN account_move entry ON entry.id = item.move_id
         WHERE item.rd_statement_line_id IS NOT NULL AND entry.state <> 'cancel'
         GROUP BY item.rd_statement_line_id
        HAVING COUNT(*) > 1
        """,
    )


def _twice_a_step(cursor):
    """A step of a month is there twice."""
    return _rows(
        cursor,
        "2 nothing twice: step “{0}” of partner {1} is there {2} times in month {3}.",
        """
        SELECT code, partner_id, COUNT(*), close_id FROM rd_close_step
         GROUP BY close_id, partner_id, code HAVING COUNT(*) > 1
        """,
    )


def _twice_a_row(cursor):
    """A row of a shipping list was delivered twice."""
    return _rows(
        cursor,
        "2 nothing twice: row {0}/{1}/{2} of warehouse {3} was delivered {4} times.",
        """
        SELECT note_key, part_key, ordinal, warehouse_id, COUNT(*)
          FROM rd_shipping_list_line WHERE live
         GROUP BY warehouse_id, note_key, part_key, ordinal HAVING COUNT(*) > 1
        """,
    )


def _twice_a_ledger(cursor):
    """A ledger file was read twice."""
    return _rows(
        cursor,
        "2 nothing twice: one ledger file was read {0} times for partner {1} "
        "(ledgers {2}).",
        """
        SELECT COUNT(*), partner_id, STRING_AGG(id::text, ', ' ORDER BY id)
          FROM rd_ledger WHERE sha256 IS NOT NULL
         GROUP BY company_id, partner_id, sha256 HAVING COUNT(*) > 1
        """,
    )


def check_guarantees(cursor):
    """Each constraint and index that guarantees a rule is there and means it."""
    found = []
    for table, expected in CONSTRAINTS.items():
        if _has_table(cursor, table):
            found += _compare("constraint", expected, _constraints(cursor, expected))
    for table, expected in INDEXES.items():
        if _has_table(cursor, table):
            found += _compare("index", expected, _indexes(cursor, expected))
    return found


def _constraints(cursor, names):
    cursor.execute(
        """
        SELECT conname, pg_get_constraintdef(oid), convalidated
          FROM pg_constraint WHERE conname IN %s
        """,
        [tuple(names)],
    )
    return {name: text if valid else "" for name, text, valid in cursor.fetchall()}


def _indexes(cursor, names):
    cursor.execute(
        """
        SELECT class.relname, pg_get_indexdef(class.oid), state.indisvalid
          FROM pg_class class
          JOIN pg_index state ON state.indexrelid = class.oid
         WHERE class.relname IN %s
        """,
        [tuple(names)],
    )
    return {
        name: _short_index(name, text) if valid else ""
        for name, text, valid in cursor.fetchall()
    }


def _short_index(name, text):
    """Return ``UNIQUE table USING …`` of an index as PostgreSQL prints it."""
    text = text.replace("CREATE ", "", 1).replace("public.", "", 1)
    return text.replace(f"INDEX {name} ON ", "", 1)


def _compare(kind, expected, there):
    found = []
    for name, meaning in expected.items():
        if name not in there:
            found.append(
                f"2 nothing twice: {kind} {name} is missing in the database, so "
                "nothing keeps its rule."
            )
        elif there[name] != meaning:
            found.append(
                f"2 nothing twice: {kind} {name} is {there[name] or 'not valid'} in "
                f"the database instead of {meaning}."
            )
    return found


# ---------------------------------------------------------------------------
# 3. Nothing lost
# ---------------------------------------------------------------------------
def check_lost(cursor):
    """Every delivered quantity is at one place of the chain, and Odoo agrees."""
    return [
        *_lost_against_odoo(cursor),
        *_lost_to_invoice(cursor),
        *_lost_of_a_class(cursor),
        *_lost_source(cursor),
        *_lost_late_fact(cursor),
        *_lost_on_the_invoice(cursor),
        *_lost_with_its_statement(cursor),
    ]


def _lost_against_odoo(cursor):
    """Odoo's own quantities of an order line are not those of the books."""
    return _rows(
        cursor,
        "3 nothing lost: order line {0} of {1} ({2}) says {3} delivered, {4} "
        "invoiced and {5} to invoice; by the books it is {6}, {7} and {8}.",
        _CHAIN
        + """
        SELECT id, order_name, partner_name,
               qty_delivered, qty_invoiced, qty_to_invoice,
               delivered - returned, invoiced,
               delivered - returned - invoiced - short - cut
          FROM chain
         WHERE ABS(qty_delivered - (delivered - returned)) > fuzz
            OR ABS(qty_invoiced - invoiced) > fuzz
            OR ABS(qty_to_invoice
                   - (delivered - returned - invoiced - short - cut)) > 2 * fuzz
         ORDER BY id
        """,
    )


def _lost_to_invoice(cursor):
    """More is to invoice than is at a place of the chain."""
    return _rows(
        cursor,
        "3 nothing lost: order line {0} of {1} ({2}) has {3} to invoice, but only "
        "{4} are at a place of the chain ({5} on statements, {6} on none yet, {7} "
        "on the opening list).",
        _CHAIN
        + """
        SELECT id, order_name, partner_name,
               delivered - returned - invoiced - short - cut,
               waiting + free + opening + credited, waiting, free, opening
          FROM chain
         WHERE delivered - returned - invoiced - short - cut
               > waiting + free + opening + credited + 2 * fuzz
                 -- before the opening list is there its deliveries wait for it
                 + CASE WHEN has_opening THEN 0 ELSE GREATEST(early, 0) END
         ORDER BY id
        """,
    )


def _lost_of_a_class(cursor):
    """What was moved is neither on statements nor on none."""
    return _rows(
        cursor,
        "3 nothing lost: {0}, company {1}, class {2}: {3} moved since the start, "
        "but {4} on statements and {5} on none.",
        _CHAIN
        + """
        SELECT owner.partner_name, owner.company_id, owner.class,
               SUM(moved.sign * moved.quantity),
               SUM(moved.sign * COALESCE(pieces.stated, 0)),
               SUM(moved.sign * COALESCE(pieces.rest, moved.quantity))
          FROM moved
          JOIN owner ON owner.id = moved.sale_line_id
          LEFT JOIN (
              -- what lies between the live pieces, walked from 0 to the end
              SELECT kind, id,
                     SUM(LEAST(qty_to, quantity) - LEAST(qty_from, quantity))
                     AS stated,
                     SUM(GREATEST(qty_from - before, 0))
                     + GREATEST(MAX(quantity) - MAX(qty_to), 0) AS rest
                FROM (
                    SELECT moved.kind, moved.id, moved.quantity,
                           live.qty_from, live.qty_to,
                           COALESCE(MAX(live.qty_to) OVER (
                               PARTITION BY moved.kind, moved.id
                               ORDER BY live.qty_from, live.id
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                           ), 0) AS before
                      FROM live
                      JOIN moved ON moved.kind = live.source_kind
                           AND moved.id = live.source_id
                ) piece
               GROUP BY kind, id
          ) pieces ON pieces.kind = moved.kind AND pieces.id = moved.id
         WHERE moved.in_scope
         GROUP BY owner.partner_name, owner.company_id, owner.class
        HAVING ABS(SUM(moved.sign * (moved.quantity - COALESCE(pieces.stated, 0)
                       - COALESCE(pieces.rest, moved.quantity)))) > 0.01
         ORDER BY 1, 2, 3
        """,
    )


def _lost_source(cursor):
    """A line counts what is no done source in scope."""
    return _rows(
        cursor,
        "3 nothing lost: statement line {0} of {1} counts {2} of a source that is "
        "not a done delivery in scope (kind {3}, {4}).",
        _CHAIN
        + """
        SELECT live.id, statement.name, live.quantity, live.source_kind,
               live.source_id
          FROM live
          JOIN rd_statement statement ON statement.id = live.statement_id
          LEFT JOIN stock_move move
            ON live.source_kind = 1 AND move.id = live.source_id
          LEFT JOIN rd_opening_line opened
            ON live.source_kind = 2 AND opened.id = live.source_id
          LEFT JOIN rd_handover handover
            ON live.source_kind = 6 AND handover.id = live.source_id
         WHERE live.source_kind IN (1, 2, 6)
           AND (COALESCE(move.state, '') <> 'done'
                OR move.sale_line_id IS DISTINCT FROM live.sale_line_id
                OR move.id IS DISTINCT FROM live.move_id)
           AND (opened.id IS NULL
                OR opened.sale_line_id IS DISTINCT FROM live.sale_line_id
                OR live.qty_to > opened.quantity + 0.0051)
           AND (COALESCE(handover.state, '') <> 'accepted'
                OR handover.sale_line_id IS DISTINCT FROM live.sale_line_id)
         ORDER BY live.id
        """,
    )


def _lost_late_fact(cursor):
    """A late line counts another quantity than its late fact."""
    return _rows(
        cursor,
        "3 nothing lost: late line {0} of {1} counts {2} of late fact {3}, which "
        "says {4}.",
        """
        SELECT line.id, statement.name, line.quantity, line.source_id,
               drift.quantity
          FROM rd_statement_line line
          JOIN rd_statement statement ON statement.id = line.statement_id
          LEFT JOIN rd_drift drift ON drift.id = line.source_id
         WHERE line.live AND line.source_kind = 3
           AND (drift.id IS NULL OR drift.state <> 'open'
                OR drift.kind NOT IN ('less', 'invoice_gone', 'credited')
                OR drift.sale_line_id IS DISTINCT FROM line.sale_line_id
                OR drift.partner_id <> line.partner_id
                OR SIGN(drift.quantity) <> SIGN(line.quantity)
                OR line.qty_to > ABS(drift.quantity) + 0.0051)
         ORDER BY line.id
        """,
    )


def _lost_on_the_invoice(cursor):
    """An invoice line bills another quantity than its statement line."""
    return _rows(
        cursor,
        "3 nothing lost: invoice line {0} bills {1}, statement line {2} of {3} "
        "says {4}.",
        """
        SELECT item.id, item.quantity, line.id, statement.name, line.quantity
          FROM account_move_line item
          JOIN account_move entry ON entry.id = item.move_id
          JOIN rd_statement_line line ON line.id = item.rd_statement_line_id
          JOIN rd_statement statement ON statement.id = line.statement_id
         WHERE entry.state <> 'cancel'
           AND (NOT line.live
                OR ABS(line.quantity - item.quantity * CASE
                       WHEN entry.move_type = 'out_refund' THEN -1 ELSE 1 END)
                   > 0.00001)
         ORDER BY item.id
        """,
    )


def _lost_with_its_statement(cursor):
    """A line still counts on a cancelled statement."""
    return _rows(
        cursor,
        "3 nothing lost: line {0} still counts, though its statement {1} is cancelled.",
        """
        SELECT line.id, statement.name
          FROM rd_statement_line line
          JOIN rd_statement statement ON statement.id = line.statement_id
         WHERE line.live AND statement.state = 'cancelled'
         ORDER BY line.id
        """,
    )


# ---------------------------------------------------------------------------
# 4. To the cent
# ---------------------------------------------------------------------------
def check_cents(cursor):
    """Lines, statement and invoices come to the same figures, per tax too."""
    return [
        *_cents_of_the_lines(cursor),
        *_cents_of_a_line(cursor),
        *_cents_of_the_invoices(cursor),
        *_cents_of_a_tax(cursor),
        *_cents_of_an_invoice_line(cursor),
    ]


def _cents_of_the_lines(cursor):
    """A statement is not the sum of its lines."""
    return _rows(
        cursor,
        "4 to the cent: statement {0} says {1} + {2} = {3}, its lines come to {4} "
        "+ {5} = {6}.",
        """
        SELECT statement.name, statement.amount_untaxed, statement.amount_tax,
               statement.amount_total, COALESCE(SUM(line.amount_untaxed), 0),
               COALESCE(SUM(line.amount_tax), 0),
               COALESCE(SUM(line.amount_total), 0)
          FROM rd_statement statement
          LEFT JOIN rd_statement_line line
            ON line.statement_id = statement.id AND line.live
         GROUP BY statement.id
        HAVING ABS(COALESCE(statement.amount_untaxed, 0)
                   - COALESCE(SUM(line.amount_untaxed), 0)) > 0.0001
            OR ABS(COALESCE(statement.amount_tax, 0)
                   - COALESCE(SUM(line.amount_tax), 0)) > 0.0001
            OR ABS(COALESCE(statement.amount_total, 0)
                   - COALESCE(SUM(line.amount_total), 0)) > 0.0001
            OR ABS(COALESCE(statement.amount_total, 0)
                   - COALESCE(statement.amount_untaxed, 0)
                   - COALESCE(statement.amount_tax, 0)) > 0.0001
         ORDER BY statement.id
        """,
    )


def _cents_of_a_line(cursor):
    """A line is not the sum of its parts, or not 0 with a reason for 0."""
    return _rows(
        cursor,
        "4 to the cent: statement line {0} of {1} is {2} + {3} = {4}; a line with "
        "a reason for 0, or that no longer counts, must be 0.",
        """
        SELECT line.id, statement.name, line.amount_untaxed, line.amount_tax,
               line.amount_total
          FROM rd_statement_line line
          JOIN rd_statement statement ON statement.id = line.statement_id
         WHERE ABS(COALESCE(line.amount_total, 0)
                   - COALESCE(line.amount_untaxed, 0)
                   - COALESCE(line.amount_tax, 0)) > 0.0001
            OR (line.live AND line.zero_reason IS NOT NULL
                AND COALESCE(line.amount_total, 0) <> 0)
         ORDER BY line.id
        """,
    )


def _cents_of_the_invoices(cursor):
    """A statement is not the sum of its live invoices."""
    return _rows(
        cursor,
        "4 to the cent: statement {0} is {1} and says {2} + {3} = {4}, its live "
        "invoices come to {5} + {6} = {7}.",
        """
        -- What is agreed or closed may have lost an invoice (cancelled, credited):
        -- then the others still come to the lines that stand on them.
        WITH billed AS (
            SELECT rd_statement_id AS id, COUNT(*) AS entries,
                   SUM(side * amount_untaxed) AS untaxed,
                   SUM(side * amount_tax) AS tax,
                   SUM(side * amount_total) AS total
              FROM (SELECT entry.*, CASE WHEN move_type = 'out_refund'
                                         THEN -1 ELSE 1 END AS side
                      FROM account_move entry
                     WHERE rd_statement_id IS NOT NULL AND state <> 'cancel') entry
             GROUP BY rd_statement_id
        ), held AS (
            SELECT line.statement_id AS id, SUM(line.amount_untaxed) AS untaxed,
                   SUM(line.amount_tax) AS tax, SUM(line.amount_total) AS total
              FROM rd_statement_line line
             WHERE line.live AND EXISTS (
                   SELECT FROM account_move_line item
                    WHERE item.rd_statement_line_id = line.id
                      AND item.parent_state <> 'cancel')
             GROUP BY line.statement_id
        ), due AS (
            SELECT statement.id, statement.name, statement.state,
                   CASE WHEN statement.state = 'invoiced'
                        THEN statement.amount_untaxed
                        ELSE COALESCE(held.untaxed, 0) END AS untaxed,
                   CASE WHEN statement.state = 'invoiced'
                        THEN statement.amount_tax
                        ELSE COALESCE(held.tax, 0) END AS tax,
                   CASE WHEN statement.state = 'invoiced'
                        THEN statement.amount_total
                        ELSE COALESCE(held.total, 0) END AS total
              FROM rd_statement statement
              LEFT JOIN held ON held.id = statement.id
        )
        SELECT due.name, due.state, due.untaxed, due.tax, due.total,
               COALESCE(billed.untaxed, 0), COALESCE(billed.tax, 0),
               COALESCE(billed.total, 0)
          FROM due
          LEFT JOIN billed ON billed.id = due.id
         WHERE (due.state IN ('agreed', 'invoiced', 'closed')
                AND (ABS(due.untaxed - COALESCE(billed.untaxed, 0)) > 0.0001
                     OR ABS(due.tax - COALESCE(billed.tax, 0)) > 0.0001
                     OR ABS(due.total - COALESCE(billed.total, 0)) > 0.0001))
            OR (due.state NOT IN ('agreed', 'invoiced', 'closed')
                AND billed.entries > 0)
         ORDER BY due.id
        """,
    )


def _cents_of_a_tax(cursor):
    """A tax of a statement is another on its live invoices."""
    return _rows(
        cursor,
        "4 to the cent: tax {0} of statement {1}: {2} by its lines, {3} on its "
        "live invoices.",
        # A line with several taxes keeps their sum only, so its statement is
        # compared by the total above.
        """
        WITH line_tax AS (
            SELECT line.statement_id, line.id, line.amount_tax,
                   MIN(rel.account_tax_id) AS tax_id, COUNT(*) AS taxes
              FROM rd_statement_line line
              JOIN rd_statement statement ON statement.id = line.statement_id
              JOIN account_tax_rd_statement_line_rel rel
                ON rel.rd_statement_line_id = line.id
             WHERE line.live AND line.zero_reason IS NULL
               AND statement.state IN ('agreed', 'invoiced', 'closed')
               AND EXISTS (SELECT FROM account_move_line item
                            WHERE item.rd_statement_line_id = line.id
                              AND item.parent_state <> 'cancel')
             GROUP BY line.id
        ), single AS (
            SELECT statement_id FROM line_tax
              JOIN account_tax tax ON tax.id = line_tax.tax_id
             GROUP BY statement_id
            HAVING MAX(taxes) = 1 AND BOOL_AND(tax.amount_type <> 'group')
        ), ours AS (
            SELECT statement_id, tax_id, SUM(amount_tax) AS amount
              FROM line_tax JOIN single USING (statement_id)
             GROUP BY statement_id, tax_id
        ), theirs AS (
            SELECT entry.rd_statement_id AS statement_id,
                   item.tax_line_id AS tax_id, -SUM(item.amount_currency) AS amount
              FROM account_move_line item
              JOIN account_move entry ON entry.id = item.move_id
              JOIN single ON single.statement_id = entry.rd_statement_id
             WHERE item.tax_line_id IS NOT NULL AND entry.state <> 'cancel'
             GROUP BY entry.rd_statement_id, item.tax_line_id
        )
        SELECT tax_id, statement.name, COALESCE(ours.amount, 0),
               COALESCE(theirs.amount, 0)
          FROM ours FULL JOIN theirs USING (statement_id, tax_id)
          JOIN rd_statement statement ON statement.id = statement_id
         WHERE ABS(COALESCE(ours.amount, 0) - COALESCE(theirs.amount, 0)) > 0.0001
         ORDER BY statement.name, tax_id
        """,
    )


def _cents_of_an_invoice_line(cursor):
    """A posted invoice line bills another amount than was agreed."""
    return _rows(
        cursor,
        "4 to the cent: line {0} of posted invoice {1} bills {2}, statement line "
        "{3} was agreed at {4}.",
        """
        SELECT item.id, entry.name, -item.amount_currency, line.id,
               line.amount_untaxed
          FROM account_move_line item
          JOIN account_move entry ON entry.id = item.move_id
          JOIN rd_statement_line line ON line.id = item.rd_statement_line_id
         WHERE entry.state = 'posted'
           AND ABS(line.amount_untaxed + item.amount_currency) > 0.0001
         ORDER BY item.id
        """,
    )


# ---------------------------------------------------------------------------
# 5. Frozen means frozen
# ---------------------------------------------------------------------------
def check_frozen(cursor):
    """What was agreed still reads as it did when its hash was taken."""
    cursor.execute(
        """
        SELECT statement.id, statement.name, statement.state, statement.partner_id,
               statement.date_from, statement.date_to, currency.name,
               statement.amount_total, statement.content_hash
          FROM rd_statement statement
          JOIN res_currency currency ON currency.id = statement.currency_id
         WHERE statement.state IN ('agreed', 'invoiced', 'closed')
         ORDER BY statement.id
        """
    )
    statements = cursor.fetchall()
    lines = _frozen_lines(cursor, [row[0] for row in statements])
    found = []
    for row in statements:
        if statement_hash(row, lines.get(row[0], [])) != row[8]:
            found.append(
                f"5 frozen: statement {row[1]} is {row[2]}, but its content is no "
                "longer the one that was agreed (the hash differs)."
            )
    return found[:SHOWN]


def _frozen_lines(cursor, ids):
    if not ids:
        return {}
    cursor.execute(
        """
        SELECT statement_id, date, note, customer_order, part, customer_part, quantity,
               uom_name, price_unit, amount_total
          FROM rd_statement_line
         WHERE live AND statement_id IN %s
         ORDER BY statement_id, id
        """,
        [tuple(ids)],
    )
    lines = {}
    for row in cursor.fetchall():
        lines.setdefault(row[0], []).append(row[1:])
    return lines


def statement_hash(statement, lines):
    """Return the hash of a statement's content, as the add-on takes it."""
    _id, name, _state, partner, date_from, date_to, currency, total, _old = statement
    content = {
        "statement": name,
        "partner": partner,
        "period": [str(date_from or ""), str(date_to)],
        "currency": currency,
        "lines": [_line_content(*line) for line in lines],
        "total": f"{float(total or 0):.2f}",
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _line_content(day, note, order, part, theirs, quantity, unit, price, total):
    return [
        str(day or ""),
        note or "",
        order or "",
        part or "",
        theirs or "",
        f"{float(quantity or 0):.6f}",
        unit or "",
        f"{float(price or 0):.6f}",
        f"{float(total or 0):.2f}",
    ]


def check_months(cursor):
    """A closed month has no open step; closing is noted with who and when, and what
    it was then keeps its hash."""
    return (
        _rows(
            cursor,
            "5 frozen: month {0} of company {1} is closed, but step “{2}” of partner "
            "{3} is {4}.",
            """
        SELECT month.name, month.company_id, step.code, step.partner_id, step.state
          FROM rd_close month
          JOIN rd_close_step step ON step.close_id = month.id
         WHERE month.state = 'closed' AND step.state NOT IN ('done', 'left')
         ORDER BY month.id, step.id
        """,
        )
        + _rows(
            cursor,
            "5 frozen: month {0} of company {1} is closed, but nobody is named who did "
            "it and when.",
            """
        SELECT name, company_id FROM rd_close
         WHERE state = 'closed' AND (closed_date IS NULL OR closed_by_id IS NULL)
         ORDER BY id
        """,
        )
        + _rows(
            cursor,
            "5 frozen: what month {0} of company {1} was when it was closed, revision "
            "{2}, no longer has its hash.",
            """
        SELECT month.name, month.company_id, kept.revision
          FROM rd_close_freeze kept
          JOIN rd_close month ON month.id = kept.close_id
         WHERE encode(sha256(convert_to(kept.content, 'UTF8')), 'hex')
               <> kept.content_hash
         ORDER BY kept.id
        """,
        )
    )


# ---------------------------------------------------------------------------
# Beside the five
# ---------------------------------------------------------------------------
def check_one_company(cursor):
    """What hangs together belongs to one company and one partner."""
    return _rows(
        cursor,
        "6 isolation: statement {0} of company {1} has line {2} of company {3}, order "
        "of company {4}.",
        """
        SELECT statement.name, statement.company_id, line.id, line.company_id,
               sold.company_id
          FROM rd_statement_line line
          JOIN rd_statement statement ON statement.id = line.statement_id
          LEFT JOIN sale_order_line sold ON sold.id = line.sale_line_id
         WHERE line.company_id IS DISTINCT FROM statement.company_id
            OR line.partner_id IS DISTINCT FROM statement.partner_id
            OR line.currency_id IS DISTINCT FROM statement.currency_id
            OR sold.company_id <> statement.company_id
            OR (line.sale_line_id IS NULL) <> (line.source_kind IN (4, 5, 7))
         ORDER BY line.id
        """,
    ) + _rows(
        cursor,
        "6 isolation: statement {0} of company {1}, month of company {2}, invoice {3} "
        "of company {4}.",
        """
        SELECT statement.name, statement.company_id, month.company_id, entry.id,
               entry.company_id
          FROM rd_statement statement
          JOIN rd_close month ON month.id = statement.close_id
          LEFT JOIN account_move entry ON entry.rd_statement_id = statement.id
         WHERE month.company_id <> statement.company_id
            OR COALESCE(entry.company_id, statement.company_id)
               <> statement.company_id
         ORDER BY statement.id
        """,
    )


def check_tax_invoices(cursor):
    """Tax invoices never come to more than their invoices, and none is there twice."""
    if not _has_table(cursor, "rd_fapiao"):
        return []
    return _rows(
        cursor,
        "1 billed: the tax invoices of invoice {0} come to {1}, it comes to {2}.",
        # Only where a tax invoice stands for this one invoice: what stands for
        # several is compared together when it is issued.
        """
        SELECT entry.name, SUM(paper.amount_total), entry.side * entry.amount_total
          FROM (SELECT *, CASE WHEN move_type = 'out_refund' THEN -1 ELSE 1 END AS side
                  FROM account_move) entry
          JOIN rd_fapiao_move_rel rel ON rel.move_id = entry.id
          JOIN rd_fapiao paper ON paper.id = rel.fapiao_id
         WHERE paper.state IN ('issued', 'sent', 'received', 'booked', 'returned')
           AND NOT EXISTS (
               SELECT FROM rd_fapiao_move_rel mine
                 JOIN rd_fapiao_move_rel other ON other.fapiao_id = mine.fapiao_id
                WHERE mine.move_id = entry.id AND other.move_id <> entry.id)
         GROUP BY entry.id, entry.name, entry.side, entry.amount_total
        HAVING ABS(SUM(paper.amount_total)) > entry.amount_total + 0.0001
         ORDER BY entry.id
        """,
    ) + _rows(
        cursor,
        "8 delivered: tax invoice {0} is {1}, but who received it and when is missing.",
        """
        SELECT number, state FROM rd_fapiao
         WHERE state IN ('received', 'booked')
           AND (received_date IS NULL OR received_by IS NULL)
         ORDER BY id
        """,
    )


def check_balance(cursor):
    """Posted entries balance."""
    if not _has_table(cursor, "account_move_line"):
        return []
    return _rows(
        cursor,
        "9 balance: posted entry {0} has {1} debit and {2} credit.",
        """
        SELECT COALESCE(entry.name, entry.id::text), SUM(item.debit), SUM(item.credit)
          FROM account_move entry
          JOIN account_move_line item ON item.move_id = entry.id
         WHERE entry.state = 'posted'
         GROUP BY entry.id
        HAVING ABS(SUM(item.balance)) > 0.0001
            OR ABS(SUM(item.debit) - SUM(item.credit)) > 0.0001
         ORDER BY entry.id
        """,
    )


# Both closings of agreed statements, ours from books and statements, theirs from
# their file.
_SIDES = """
WITH stated AS (
    SELECT DISTINCT ON (statement_id, kind) statement_id, kind, amount
      FROM rd_ledger_entry
     WHERE kind <> 'payment'
     ORDER BY statement_id, kind, ledger_id DESC, row DESC),
theirs AS (
    SELECT statement_id,
           MAX(amount) FILTER (WHERE kind = 'opening') AS opening,
           MAX(amount) FILTER (WHERE kind = 'increase') AS increase,
           MAX(amount) FILTER (WHERE kind = 'receipts') AS receipts,
           MAX(amount) FILTER (WHERE kind = 'closing') AS closing
      FROM stated
     GROUP BY statement_id),
sides AS (
    SELECT statement.name, statement.known_gap, theirs.opening, theirs.closing,
           COALESCE(theirs.increase, (
               SELECT SUM(line.amount) FROM rd_ledger_line line
                WHERE line.statement_id = statement.id), 0) AS increase,
           COALESCE(theirs.receipts, (
               SELECT SUM(entry.amount) FROM rd_ledger_entry entry
                WHERE entry.statement_id = statement.id
                  AND entry.kind = 'payment')) AS receipts,
           COALESCE((
               SELECT SUM(item.amount_currency)
                 FROM account_move_line item
                 JOIN account_move entry ON entry.id = item.move_id
                 JOIN account_account account ON account.id = item.account_id
                 JOIN res_partner address ON address.id = item.partner_id
                 JOIN res_partner affiliate
                   ON affiliate.id = statement.partner_id
                WHERE account.account_type = 'asset_receivable'
                  AND address.commercial_partner_id
                      = affiliate.commercial_partner_id
                  AND entry.state = 'posted'
                  AND entry.rd_statement_id IS NULL
                  AND item.company_id = statement.company_id
                  AND item.currency_id = statement.currency_id
                  AND item.date <= statement.date_to), 0)
           + (SELECT SUM(other.amount_total) FROM rd_statement other
               WHERE other.company_id = statement.company_id
                 AND other.partner_id = statement.partner_id
                 AND other.currency_id = statement.currency_id
                 AND other.date_to <= statement.date_to
                 AND other.state <> 'cancelled') AS ours
      FROM rd_statement statement
      JOIN theirs ON theirs.statement_id = statement.id
      LEFT JOIN rd_ledger_profile profile
        ON profile.company_id = statement.company_id
       AND profile.partner_id = statement.partner_id
       AND profile.active
     WHERE statement.state IN ('agreed', 'invoiced', 'closed')
       AND theirs.opening IS NOT NULL
       AND theirs.closing IS NOT NULL
       AND COALESCE(profile.balance_basis, 'goods') = 'goods'
       AND NOT EXISTS (
           SELECT FROM rd_ledger_line line
            WHERE line.statement_id = statement.id
              AND (line.has_amount IS NOT TRUE
                   OR line.tax_basis <> 'included')))
"""


def check_proof(cursor):
    """What is known of both closings of an agreed statement is all they differ by.

    Ours is read from the books and the statements, theirs from their file; only
    what their own figures do not give may remain. Files without tax or amounts,
    and balances of invoices, are left to the tests of the add-on.
    """
    return _rows(
        cursor,
        "8 proof: the closings of statement {0} are {1} and {2}; {3} of it is "
        "explained, {4} is not.",
        _SIDES
        + """
        SELECT name, ours, closing, known_gap, ours - closing - known_gap
          FROM sides
         WHERE ABS(ours - closing - COALESCE(known_gap, 0)
                   - COALESCE(opening + increase - receipts - closing, 0)) > 0.005
         ORDER BY name
        """,
    )


# ---------------------------------------------------------------------------
# Helpers
# ---------------------------------------------------------------------------
def _has_table(cursor, name):
    cursor.execute("SELECT to_regclass(%s)", [name])
    return cursor.fetchone()[0] is not None


def _rows(cursor, sentence, query):
    """Return a sentence per row of a query; the rest of very many is counted."""
    # a parameter list, though empty, would make % a placeholder: there is none here
    cursor.execute(query)
    rows = cursor.fetchall()
    found = [sentence.format(*map(_plain, row)) for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        found.append(
            f"{sentence.split(':')[0]}: and {len(rows) - SHOWN} more of these."
        )
    return found


def _plain(value):
    """Return a figure without the zeros behind it."""
    if isinstance(value, int) or value is None or isinstance(value, str):
        return value
    try:
        text = f"{float(value):.6f}"
    except (TypeError, ValueError):
        return value
    return text.rstrip("0").rstrip(".")
