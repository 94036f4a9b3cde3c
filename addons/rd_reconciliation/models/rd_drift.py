# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.rd_sales_admin.models.rd_settlement_source import KIND_LATE, Portion

# Shown only: they change no quantity that was stated.
NOTED = ("more", "date", "unit", "price", "discount", "tax", "product")
# Enter the next statement as a line of their own, once.
CARRIED = ("less", "invoice_gone", "credited")


class RdDrift(models.Model):
    """A late fact: what changed behind a line after its statement went out.

    The statement stays as it is. A change of quantity, a cancelled invoice of a
    closed statement and a credit note made elsewhere enter the next statement
    once, by this record as their source; other changes are shown.
    """

    _name = "rd.drift"
    _description = "Late Fact"
    _inherit = ["rd.settlement.source", "rd.guarded.mixin"]
    _order = "found_date desc, id desc"
    _rec_name = "kind"
    _check_company_auto = True

    line_id = fields.Many2one(
        "rd.statement.line", string="Stated line", required=True, ondelete="restrict"
    )
    statement_id = fields.Many2one(
        "rd.statement", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Affiliate",
        required=True,
        index=True,
        ondelete="restrict",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order line",
        index="btree_not_null",
        ondelete="restrict",
    )
    kind = fields.Selection(
        [
            ("less", "Quantity lowered"),
            ("more", "Quantity raised"),
            ("date", "Date changed"),
            ("unit", "Unit changed"),
            ("product", "Product changed"),
            ("price", "Price changed"),
            ("discount", "Discount changed"),
            ("tax", "Tax changed"),
            ("invoice_gone", "Invoice cancelled"),
            ("credited", "Credited elsewhere"),
        ],
        required=True,
        index=True,
    )
    key_id = fields.Integer(
        required=True,
        help="What it is counted by: the order line for a credit note, else the "
        "stated line.",
    )
    step = fields.Integer(
        required=True, help="How often the same was carried before; each time once."
    )
    old_value = fields.Char(string="Stated")
    new_value = fields.Char(string="Now")
    changed_by_id = fields.Many2one("res.users", string="Changed by")
    changed_date = fields.Datetime(string="Changed on")
    found_date = fields.Datetime(
        string="Found on", default=fields.Datetime.now, required=True
    )
    quantity = fields.Float(
        string="Enters the next statement",
        digits="Product Unit",
        help="Quantity that the next statement takes over, negative where less was "
        "moved than stated; 0 for what is only shown.",
    )
    uom_name = fields.Char(related="line_id.uom_name")
    note = fields.Char(related="line_id.note")
    part = fields.Char(related="line_id.part")
    state = fields.Selection(
        [("open", "Counts"), ("gone", "Taken back")],
        default="open",
        required=True,
        index=True,
    )
    late_line_ids = fields.Many2many(
        "rd.statement.line", string="Late lines", compute="_compute_late_line_ids"
    )
    late_statement_id = fields.Many2one(
        "rd.statement", string="Entered", compute="_compute_late_line_ids"
    )

    _once = models.UniqueIndex(
        "(kind, key_id, step)", "This late fact has already been noted."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        raise UserError(
            self.env._("A late fact stays on record; put its source right instead.")
        )

    @api.depends("quantity")
    def _compute_late_line_ids(self):
        lines = self._get_late_lines()
        for drift in self:
            own = lines.filtered(lambda line, drift=drift: line.source_id == drift.id)
            drift.late_line_ids = own
            drift.late_statement_id = own.statement_id[:1]

    def _get_late_lines(self):
        """Return the live lines that these late facts entered by."""
        return self.env["rd.statement.line"].search(
            [
                ("source_kind", "=", KIND_LATE),
                ("source_id", "in", self.ids),
                ("live", "=", True),
            ]
        )

    @api.depends("kind", "note", "part", "old_value", "new_value")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for drift in self:
            what = " ".join(filter(None, (drift.note, drift.part)))
            drift.display_name = (
                f"{labels.get(drift.kind, '')} {what}: "
                f"{drift.old_value or ''} → {drift.new_value or ''}"
            )

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------
    @api.model
    def _cron_detect(self):
        """Look for late facts of every company that runs the desk; each is a
        transaction of its own, so that a bad one stops no other."""
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        self.env["ir.cron"]._rd_run_each(
            companies, lambda company: self.with_company(company)._detect(company)
        )

    @api.model
    def _detect(self, company, partner=None):
        """Compare what is stated with its sources and note what differs.

        A repeat notes nothing twice; what was put right again and has not entered
        a statement yet is taken back.
        """
        # The desk is told of every change, whoever may read its source.
        drifts = self.sudo()._as_internal()
        changed = self.env["rd.statement.line"].sudo()._get_changed(company, partner)
        changed = changed.filtered(lambda line: line.statement_id.state != "draft")
        drifts._note_changes(changed, company, partner)
        drifts._carry_less(changed, company, partner)
        drifts._carry_gone(company, partner)
        drifts._carry_credited(company, partner)

    def _search_known(self, kinds, company, partner, state=None):
        domain = [("kind", "in", kinds), ("company_id", "=", company.id)]
        if partner:
            domain.append(("partner_id", "=", partner.id))
        if state:
            domain.append(("state", "=", state))
        return self.search(domain, order="step")

    def _note_changes(self, lines, company, partner):
        """Show old and new of what changes no stated quantity."""
        known = {
            (drift.kind, drift.key_id): drift
            for drift in self._search_known(NOTED, company, partner)
        }
        seen, new = set(), []
        adjusted = lines._get_adjustments()
        for line in lines:
            for kind, old, now, source in line._get_changes(adjusted[line]):
                seen.add((kind, line.id))
                drift = known.get((kind, line.id))
                if not drift:
                    new.append(
                        self._prepare_drift(line, kind, line.id, old, now, source)
                    )
                    continue
                values = {"old_value": old, "new_value": now, "state": "open"}
                if any(drift[name] != value for name, value in values.items()):
                    drift.write({**values, **_changer(source)})
        self.create(new)
        for key, drift in known.items():
            if key not in seen and drift.state == "open":
                drift.write({"state": "gone"})

    @api.model
    def _prepare_drift(self, line, kind, key, old, now, source):
        return {
            "line_id": line.id,
            "statement_id": line.statement_id.id,
            "company_id": line.company_id.id,
            "partner_id": line.partner_id.id,
            "sale_line_id": line.sale_line_id.id,
            "kind": kind,
            "key_id": key,
            "step": 0,
            "old_value": old,
            "new_value": now,
            **_changer(source),
        }

    # ------------------------------------------------------------------
    # What enters the next statement
    # ------------------------------------------------------------------
    def _carry_less(self, changed, company, partner):
        """Take over what was lowered below what is stated of it."""
        known = self._search_known(("less",), company, partner)
        for line in changed | known.line_id:
            sign = -1 if line.quantity < 0 else 1
            self._carry(
                line,
                "less",
                line.id,
                -sign * line._get_beyond(),
                known,
                (f"{line.moved_qty:g}", f"{line._get_moved():g}", line.move_id),
            )

    @api.model
    def _follow_carried(self, lines):
        """Take back what was lowered of lines that leave their statement: what is
        left of the delivery enters anew, as it is by then."""
        lowered = self.sudo().search(
            [("kind", "=", "less"), ("line_id", "in", lines.ids)]
        )
        for (company, partner), drifts in lowered.grouped(
            lambda drift: (drift.company_id, drift.partner_id)
        ).items():
            drifts._as_internal()._carry_less(drifts.line_id, company, partner)

    def _carry_gone(self, company, partner):
        """Take over what a closed statement no longer has an invoice for."""
        known = self._search_known(("invoice_gone",), company, partner)
        rows = self.env.execute_query(self._query_gone(company, partner))
        without = self.env["rd.statement.line"].browse(row[0] for row in rows)
        for line in without | known.line_id:
            invoices = line.invoice_line_ids.move_id.sorted("id")
            self._carry(
                line,
                "invoice_gone",
                line.id,
                line.quantity if line in without else 0.0,
                known,
                (", ".join(invoices.mapped("name")), "", invoices[-1:]),
            )

    @api.model
    def _query_gone(self, company, partner):
        """Select lines of closed statements that stand on no live invoice."""
        return SQL(
            """
            SELECT line.id
              FROM rd_statement_line line
              JOIN rd_statement statement ON statement.id = line.statement_id
             WHERE line.live AND line.zero_reason IS NULL
               AND statement.state = 'closed'
               AND line.company_id = %(company)s
               AND (%(partner)s IS NULL OR line.partner_id = %(partner)s)
               AND NOT EXISTS (
                       SELECT FROM account_move_line item
                        WHERE item.rd_statement_line_id = line.id
                          AND item.parent_state <> 'cancel')
             ORDER BY line.id
            """,
            company=company.id,
            partner=partner.id if partner else None,
        )

    def _carry_credited(self, company, partner):
        """Take over what credit notes outside the statements took back."""
        known = self._search_known(("credited",), company, partner)
        rows = self.env.execute_query(self._query_credited(company, partner))
        found = dict(rows)
        orders = self.env["sale.order.line"].browse(found) | known.sale_line_id
        for sold in orders:
            line = self._get_last_invoiced(sold)
            notes = sold.invoice_lines.move_id.filtered(
                lambda move: move.move_type == "out_refund" and not move.rd_statement_id
            )
            names = ", ".join(notes.mapped(lambda move: move.name or move.ref or ""))
            target = found.get(sold.id, 0.0)
            drift = known.filtered(lambda one, sold=sold: one.key_id == sold.id)
            self._carry(
                line or drift.line_id[-1:],
                "credited",
                sold.id,
                target,
                known,
                ("", names, notes.sorted("id")[-1:]),
            )

    @api.model
    def _get_last_invoiced(self, sold):
        lines = self.env["rd.statement.line"].search(
            [
                ("sale_line_id", "=", sold.id),
                ("live", "=", True),
                ("quantity", ">", 0),
                ("zero_reason", "=", False),
            ],
            order="id desc",
        )
        return lines._get_invoiced().sorted("id")[-1:]

    @api.model
    def _query_credited(self, company, partner):
        """Select per order line what is invoiced by statements, but no longer by
        the books: credit notes made elsewhere took it back."""
        return SQL(
            """
            SELECT sold.id,
                   GREATEST(0, stated.quantity
                               - (sold.qty_invoiced - COALESCE(early.invoiced, 0)))
              FROM (SELECT line.sale_line_id, SUM(line.quantity) AS quantity
                      FROM rd_statement_line line
                     WHERE line.live AND line.company_id = %(company)s
                       AND (%(partner)s IS NULL OR line.partner_id = %(partner)s)
                       AND EXISTS (
                               SELECT FROM account_move_line item
                                WHERE item.rd_statement_line_id = line.id
                                  AND item.parent_state <> 'cancel')
                     GROUP BY line.sale_line_id) stated
              JOIN sale_order_line sold ON sold.id = stated.sale_line_id
              LEFT JOIN rd_opening_line early ON early.sale_line_id = sold.id
             WHERE EXISTS (
                       SELECT FROM sale_order_line_invoice_rel rel
                         JOIN account_move_line item ON item.id = rel.invoice_line_id
                         JOIN account_move entry ON entry.id = item.move_id
                        WHERE rel.order_line_id = sold.id
                          AND entry.move_type = 'out_refund'
                          AND entry.rd_statement_id IS NULL
                          AND entry.state <> 'cancel')
             ORDER BY sold.id
            """,
            company=company.id,
            partner=partner.id if partner else None,
        )

    def _carry(self, line, kind, key, target, known, change):
        """Bring what was carried of one key to ``target``, by one more record.

        What has not entered a statement yet is corrected in place.
        """
        own = known.filtered(lambda one: one.kind == kind and one.key_id == key)
        missing = target - sum(own.mapped("quantity"))
        if not line or line._get_unit().is_zero(missing):
            return
        old, now, source = change
        last = own[-1:]
        entered = last._get_late_lines()._drop_unseen()
        if last and not entered:
            rest = last.quantity + missing
            gone = line._get_unit().is_zero(rest)
            last.write(
                {
                    "quantity": 0.0 if gone else rest,
                    "state": "gone" if gone else "open",
                    "new_value": now,
                    **_changer(source),
                }
            )
            return
        values = self._prepare_drift(line, kind, key, old, now, source)
        self.create({**values, "step": len(own), "quantity": missing})

    # ------------------------------------------------------------------
    # Source of settlement
    # ------------------------------------------------------------------
    @api.model
    def _rd_get_portions(self, company, partner, until):
        """Return the late facts that enter a statement after the one they concern."""
        portions = super()._rd_get_portions(company, partner, until)
        drifts = self._search_known(CARRIED, company, partner, "open")
        return portions + [
            drift._prepare_portion() for drift in drifts if drift.quantity
        ]

    def _prepare_portion(self):
        self.ensure_one()
        line = self.line_id
        return Portion(
            kind=KIND_LATE,
            res_id=self.id,
            sale_line_id=self.sale_line_id.id or 0,
            quantity=abs(self.quantity),
            sign=-1 if self.quantity < 0 else 1,
            date=self.statement_id.date_to + timedelta(days=1),
            note=line.note or "",
            zero_reason=line.zero_reason or "",
            currency_id=line.currency_id.id,
            values={**line._prepare_anew(), "late_reason": self._get_sentence()},
        )

    def _get_sentence(self):
        """Return why the line comes late, as the other side may read it."""
        self.ensure_one()
        values = {
            "statement": self.statement_id.name,
            "old": self.old_value or "",
            "new": self.new_value or "",
        }
        if self.kind == "less":
            return self.env._(
                "%(statement)s: delivered quantity corrected from %(old)s to %(new)s",
                **values,
            )
        if self.kind == "invoice_gone":
            return self.env._("%(statement)s: invoice %(old)s cancelled", **values)
        return self.env._("%(statement)s: credited by %(new)s", **values)


def _changer(source):
    """Return who changed a record last, and when."""
    records = [source, *getattr(source, "move_line_ids", ())]
    last = max(
        (record for record in records if record.write_date),
        # What Odoo computes along with it is written in its own name.
        key=lambda record: (record.write_date, record.write_uid.id != SUPERUSER_ID),
        default=None,
    )
    return {
        "changed_by_id": last.write_uid.id if last else False,
        "changed_date": last.write_date if last else False,
    }
