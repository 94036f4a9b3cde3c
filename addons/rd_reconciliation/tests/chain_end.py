# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The end of the chain: whatever a walk left, a desk can finish it.

Month by month everything is signed, settled, agreed, invoiced, posted and closed by
the desk's own buttons, in one month more than the walk had: there nothing is left.
"""

from datetime import date

from ..models.rd_statement_build import FOREVER

OPEN = ("draft", "sent", "confirmed", "disputed")
# what the desk may do with a difference, the one that ends it first
ENDING = ("approve", "keep_ours", "explain", "price", "write_off", "carry")
ROUNDS = 4  # settling may uncover one more: a price, an approval


class ChainEnd:
    """Drives the chain of one walk to its end.

    :param walk: a ``ChainWalk`` whose last step ended well
    """

    def __init__(self, walk):
        self.walk = walk
        self.test = walk.test
        self.env = walk.env

    def reach(self):
        """Finish every month and one more, then look whether anything is left."""
        self._free_what_is_not_the_desks()
        self._post_what_was_reset()
        for close in self._get_months():
            self._finish_month(close)
        self._check_nothing_is_left()

    def _do(self, name, act, *values):
        self.walk._do(f"end: {name}", act, *values)

    def _get_months(self):
        last = self.env["rd.close"].search(
            [("company_id", "=", self.test.company.id), ("month", "=", "2026-12-01")]
        ) or self.test._open_close(date(2026, 12, 1))
        months = self.walk.closes | last
        return months.filtered(lambda close: close.state == "open").sorted("month")

    def _free_what_is_not_the_desks(self):
        """Drop drafts made elsewhere: nobody would keep them."""
        drafts = self.walk.invoices.filtered(
            lambda move: move.state == "draft" and not move.rd_statement_id
        )
        if drafts:
            self._do("drop", drafts.unlink)

    def _post_what_was_reset(self):
        """Post again what somebody reset to draft after its month was closed."""
        for move in self.walk.invoices.filtered(
            lambda one: one.state == "draft" and one.rd_statement_id.state == "closed"
        ):
            self._do("post again", move.action_post)

    def _finish_month(self, close):
        self._sign_everything()
        self._finish_statements(close)
        stuck = self._get_due(close).filtered(lambda one: one.state in OPEN)
        if stuck:
            # what no longer fits its deliveries is made anew
            for statement in stuck:
                self._do("cancel", statement.action_cancel)
            self._finish_statements(close)
        self._do("close", self.walk._close, close, False)
        self.test.assertEqual(close.state, "closed", self.walk.sentences)

    def _finish_statements(self, close):
        # of months that were left open first: what has changed under them since is a
        # late fact once they are agreed, and enters the month that is collected next
        for statement in self._get_due(close):
            self._finish_statement(statement)
        for partner in self.walk.partners:
            self._do("collect", self.walk._build, close, partner)
        for statement in self._get_due(close):
            self._finish_statement(statement)

    def _get_due(self, close):
        return self.walk.statements.filtered(
            lambda one: one.close_id.month <= close.month and one.state != "closed"
        )

    def _sign_everything(self):
        if self.walk.partners[0].rd_basis == "dispatched":
            return
        for picking in self.walk.out.filtered(lambda one: not one.rd_signed_date):
            day = self.test.company._rd_local_date(picking.date_done)
            number = day.toordinal() - date(2026, 9, 1).toordinal()
            self._do("sign", self.walk._sign, picking, number, 0, 0)

    def _finish_statement(self, statement):
        if statement.state in OPEN and not statement._lines():
            self._do("cancel", statement.action_cancel)
        if statement.state in OPEN:
            self._settle(statement)
            self._do("agree", self.walk._agree, statement)
        if statement.state == "agreed":
            self._do("invoice", statement.action_invoice)
        if statement.state in ("agreed", "invoiced"):
            self._do("post", statement.action_post)

    def _settle(self, statement):
        for _round in range(ROUNDS):
            for item in self._get_open(statement):
                user = self.env.user
                if item.requested_by_id:
                    user = self.test.supervisor
                keys = item.with_user(user)._get_action_keys()
                key = next((key for key in ENDING if key in keys), None)
                if key == "price":
                    self._have_prices_approved(item.line_ids.order_id)
                if key:
                    self._do(key, self.walk._act, item.with_user(user), key, 1)

    def _have_prices_approved(self, orders):
        """Have a second person approve what deviates from a contract signed since."""

        def act(order):
            order.rd_price_reason = "as we spoke"
            order.action_rd_ask_price()
            self.walk._answer()

        for order in orders.filtered("rd_price_deviates"):
            self._do("price approved", act, order)

    def _get_open(self, statement):
        return statement.difference_ids.filtered(lambda item: item.state == "open")

    def _check_nothing_is_left(self):
        """Everything delivered is invoiced or settled, and every paper says so."""
        told = self.walk.sentences
        left = self._get_open(self.walk.statements).mapped(
            lambda item: (item.code, item.statement_id.name, item.statement_id.state)
        )
        states = set(self.walk.statements.mapped("state"))
        self.test.assertLessEqual(states, {"invoiced", "closed"}, told)
        self.test.assertFalse(left, told)
        drafts = self.walk.invoices.filtered(lambda move: move.state == "draft")
        self.test.assertFalse(drafts, told)
        for partner in self.walk.partners:
            self._check_nothing_is_due(partner, told)

    def _check_nothing_is_due(self, partner, told):
        """Whatever the basis: nothing waits for a statement or for an invoice."""
        statements = self.env["rd.statement"]
        portions = statements._get_portions(self.test.company, partner, FOREVER)
        pieces = statements._get_free_pieces(portions)
        self.test.assertFalse([piece for piece in pieces if piece[0].due], told)
        orders = self.walk.orders.filtered(lambda one: one.partner_id == partner)
        for line in orders.order_line:
            unit = line.product_uom_id
            self.test.assertTrue(unit.is_zero(line.qty_to_invoice), (line, told))
