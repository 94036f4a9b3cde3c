# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..matching.engine import paused_collector


class RdStatement(models.Model):
    """From an agreed statement to its customer invoice."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    may_post = fields.Boolean(
        compute="_compute_may_post",
        help="Whether the user posts the invoices: finance, or the desk where finance "
        "is not asked.",
    )

    def action_invoice(self):
        """Make the draft invoice of each agreed statement; a repeat makes none.

        :raise UserError: when a statement is not agreed, or posting in Odoo is
            not possible for it
        """
        self._check_desk()
        for statement in self.filtered(lambda record: record.state != "invoiced"):
            if statement.state != "agreed":
                raise UserError(
                    statement._transition_refusal(
                        "invoiced", self._get_transitions()["invoiced"]
                    )
                )
            # A second click starts again here and finds the invoices made.
            statement._claim()
            with paused_collector():
                statement._check_not_above_delivered()
                statement._create_invoices()
            statement._move_to("invoiced")
            statement._log_act("invoiced")
        return True

    def action_post(self):
        """Post the draft invoices of these statements as they were agreed.

        Where tax invoices are written for them, finance is asked and posts.

        :raise UserError: when neither the desk nor finance asks, or the desk does
            what is for finance
        """
        self.check_access("read")
        if not self._is_posted_by("finance") and not self._is_posted_by("clerk"):
            raise UserError(
                self.env._("Invoices of statements are posted by the desk or finance.")
            )
        for statement in self:
            if statement._get_draft_invoices() and not statement.may_post:
                raise UserError(
                    self.env._(
                        "Finance posts the invoices of %(statement)s; ask finance to "
                        "invoice it.",
                        statement=statement.display_name,
                    )
                )
        self._get_draft_invoices().action_post()
        return True

    @api.model
    def _is_posted_by(self, role):
        """Tell whether the user (or code of the system) posts with this role."""
        group = f"rd_sales_admin.rd_sales_admin_group_{role}"
        return self.env.su or self.env.user.has_group(group)

    @api.depends("company_id.rd_tax_invoices", "invoice_ids.rd_request_ids.state")
    @api.depends_context("uid")
    def _compute_may_post(self):
        finance, desk = self._is_posted_by("finance"), self._is_posted_by("clerk")
        for statement in self:
            statement.may_post = finance or (desk and not statement._asks_finance())

    def _asks_finance(self):
        """Tell whether finance accepts what is invoiced, before it is posted."""
        self.ensure_one()
        requests = self._get_draft_invoices().rd_request_ids
        return self.company_id.rd_tax_invoices or bool(
            requests.filtered(lambda request: request.state != "cancelled")
        )

    def _get_draft_invoices(self):
        """Return the draft invoices, with the right to post them: the desk posts
        what was agreed, whoever holds the accounting rights."""
        return self.sudo().invoice_ids.filtered(lambda move: move.state == "draft")

    def _is_unfinished(self):
        """Tell whether something is still to be invoiced or posted here."""
        self.ensure_one()
        if self.state == "cancelled":
            return False
        return self.state not in ("invoiced", "closed") or bool(
            self._get_draft_invoices()
        )

    def _create_invoices(self):
        """Create the invoices of one agreed statement.

        It is the desk's right, whoever holds the accounting rights.
        """
        self.ensure_one()
        statement = self.sudo()
        return statement._create_invoices_as_system()

    def _create_invoices_as_system(self):
        billable = self._lines().filtered(lambda line: not line.zero_reason)
        # One of several invoices may have been cancelled: only that is made again.
        missing = billable - billable._get_invoiced()
        values = [
            self._prepare_invoice_values(number, lines)
            for number, lines in missing._grouped_for_invoice().items()
        ]
        # A cancelled invoice must be so in the database before its successor is there.
        self.env["account.move"].flush_model(["state"])
        self.env["account.move.line"].flush_model(["parent_state"])
        moves = (
            self.env["account.move"]
            .with_company(self.company_id)
            .with_context(
                default_move_type="out_invoice",
                tracking_disable=True,
                rd_guard=self._as_internal().env.context["rd_guard"],
            )
            .create(values)
        )
        self._check_same_amount(moves, missing)
        return moves

    def _check_same_amount(self, moves, lines):
        """Refuse invoices that do not come to their agreed lines, to the cent."""
        agreed = sum(lines.mapped("amount_total"))
        total = sum(
            -move.amount_total if move.move_type == "out_refund" else move.amount_total
            for move in moves
        )
        if self.currency_id.compare_amounts(total, agreed):
            raise UserError(
                self.env._(
                    "%(statement)s was agreed at %(agreed)s, but its invoice would "
                    "come to %(found)s; check taxes and rounding of the company.",
                    statement=self.display_name,
                    agreed=self.currency_id.format(agreed),
                    found=self.currency_id.format(total),
                )
            )

    def _prepare_invoice_values(self, number, lines):
        """Return the values of one invoice; a net negative one is a credit note."""
        position = lines[0]._get_fiscal_position()
        sign = -1 if sum(lines.mapped("amount_total")) < 0 else 1
        orders = lines.order_id
        if orders:
            values = orders[0]._prepare_invoice()
        else:
            values = self._prepare_invoice_without_order(position)
        invoiced = orders.partner_invoice_id
        shipped = orders.partner_shipping_id
        values.update(
            move_type="out_refund" if sign < 0 else "out_invoice",
            partner_id=(invoiced if len(invoiced) == 1 else self.partner_id).id,
            partner_shipping_id=(shipped if len(shipped) == 1 else self.partner_id).id,
            fiscal_position_id=position.id or values["fiscal_position_id"],
            ref=self.name,
            invoice_origin=", ".join(sorted(orders.mapped("name")))[:2000],
            invoice_date=self.invoice_date or self.company_id._rd_today(),
            payment_reference=False,
            transaction_ids=False,
            narration=False,
            rd_statement_id=self.id,
            rd_statement_group=number,
            invoice_line_ids=[
                Command.create(line_values)
                for line_values in self._prepare_invoice_lines(lines, sign)
            ],
        )
        return values

    def _prepare_invoice_without_order(self, position):
        """Return the head of an invoice that carries charges and adjustments only."""
        partner = self.partner_id
        return {
            "move_type": "out_invoice",
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "fiscal_position_id": position.id,
            "invoice_payment_term_id": partner.with_company(
                self.company_id
            ).property_payment_term_id.id,
            "invoice_user_id": self.user_id.id,
        }

    def _prepare_invoice_lines(self, lines, sign):
        """Return the values of the invoice lines, amounts already computed.

        With the amounts given, ``account.move`` does not write every line again
        (two fifths of the stock time); a wrong amount would be overwritten.
        """
        no_model = not self.env["account.analytic.distribution.model"].search_count(
            [], limit=1
        )
        base_lines = lines._prepare_base_lines(self.company_id, sign)
        result = []
        pairs = zip(lines, base_lines, strict=True)
        for sequence, (line, base) in enumerate(pairs, start=1):
            details = base["tax_details"]
            values = line._prepare_invoice_line(sequence, sign)
            direction = 1 if sign < 0 else -1
            for name, suffix in (("amount_currency", "_currency"), ("balance", "")):
                values[name] = direction * (
                    details[f"total_excluded{suffix}"]
                    + details[f"delta_total_excluded{suffix}"]
                )
            if no_model and line.sale_line_id:
                values["analytic_distribution"] = (
                    line.sale_line_id.analytic_distribution
                )
            result.append(values)
        return result

    def _get_invoice_lines_of(self, move):
        """Return the agreed lines that belong on this invoice."""
        self.ensure_one()
        lines = self._lines().filtered(lambda line: not line.zero_reason)
        return lines.filtered(
            lambda line: line.invoice_group == move.rd_statement_group
        )

    def _invoice_gone(self):
        """Return statements to "agreed" when an invoice of theirs is no more.

        A closed one stays closed: it says so, and the next month states it anew.
        """
        # Whoever may cancel an invoice need not be of the desk.
        for statement in self.sudo():
            if not statement._get_missing_invoice_lines():
                continue
            if statement.state == "invoiced":
                statement._move_to("agreed")
            elif statement.state == "closed":
                statement._invoice_gone_after_close()

    def _invoice_gone_after_close(self):
        """A closed month stays; what has no invoice any more enters the next one."""
        self.env["rd.drift"]._detect(self.company_id, self.partner_id)
        self._note_outside(
            self.env._(
                "An invoice of %(statement)s no longer exists although its month is "
                "closed; its lines enter the next statement.",
                statement=self.name,
            )
        )

    def _invoice_back(self):
        """Follow an invoice that counts again."""
        for statement in self.sudo():
            if (
                statement.state == "agreed"
                and not statement._get_missing_invoice_lines()
            ):
                statement._move_to("invoiced")

    def _note_outside(self, text):
        """Say on the statement, to whom it belongs, what happened outside it."""
        self.ensure_one()
        statement = self.sudo()
        statement.message_post(body=text)
        statement.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=(statement.user_id or self.env.user).id,
            summary=text,
        )
