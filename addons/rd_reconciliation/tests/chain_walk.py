# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the desk may do with one affiliate, in any order, as a state machine.

Each rule is one thing a person does. It ends well, or it is refused in one plain
sentence and leaves nothing behind; anything else is a failure. After each step the
raw SQL of ``tests/invariants.py`` has to hold.
"""

import re
from datetime import date, datetime

from freezegun import freeze_time
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

from .chain_end import ChainEnd

# Odoo's names of errors, and PostgreSQL's, that no person should ever read.
TECHNICAL = re.compile(
    r"constraint|serializ|traceback|psycopg|violates|duplicate key|relation \"|"
    r"keyerror|object has no|nonetype|singleton|rd\.[a-z]+\.?[a-z]*\(",
    re.IGNORECASE,
)
OPEN = ("draft", "sent", "confirmed", "disputed")
AGREED = ("agreed", "invoiced", "closed")
NEVER_REFUSED = ("begin", "collect", "night")
CHOICE = st.integers(0, 7)
QUANTITY = st.sampled_from((1, 2, 3, 5, 8, 13, 0.5))
DAY = st.integers(0, 84)  # from 1 September on: up to the last of the months


def get_day(number):
    """Return a day of the months, counted from 1 September."""
    return date.fromordinal(date(2026, 9, 1).toordinal() + number)


def _is_open(close):
    return close.state == "open"


def _can(name):
    return precondition(lambda self: name in self.can)


class ChainWalk(RuleBasedStateMachine):
    """One affiliate over three months. ``test`` is the test case that lends its
    records; everything is taken back after each walk."""

    test = None

    def __init__(self):
        super().__init__()
        self.env = self.test.env
        self.savepoint = self.env.cr.savepoint()
        self.orders = self.test.order | self.test.twin_order
        self.closes = self.test.closes
        self.notes = 0
        self.did, self.refused = {}, {}
        self.sentences = {}  # what the last refusal of each kind said
        self.can = set()
        self.aged = True
        self.whole = False

    def teardown(self):
        """Drive the chain to its end, unless a step broke; take everything back."""
        try:
            if self.whole:
                ChainEnd(self).reach()
        finally:
            self.savepoint.close(rollback=True)
            self.env.invalidate_all()
            self.test.count(self.did, self.refused)

    # ------------------------------------------------------------------
    # One step
    # ------------------------------------------------------------------
    def _do(self, name, act, *values):
        """Do one thing; a plain refusal leaves everything as it was."""
        self.whole = False
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                act(*values)
                self.env.flush_all()
            self.did[name] = self.did.get(name, 0) + 1
            self.aged = False
            self.aged = self.aged and name == "collect"
        except IntegrityError as error:  # as the server answers it
            self._note_refusal(name, self._get_sentence(error))
        except UserError as error:
            self._note_refusal(name, str(error))
        self._check()
        self.whole = True

    def _get_sentence(self, error):
        table = error.diag.table_name
        models = self.env.registry.models.values()
        name = next((one._name for one in models if one._table == table), "base")
        return self.env[name]._sql_error_to_message(error)

    def _note_refusal(self, name, sentence):
        # what the scheduled close does by itself has nobody to read a refusal
        self.test.assertNotIn(name, NEVER_REFUSED, sentence)
        self.test.assertTrue(sentence.strip(), f"{name} was refused without a word")
        self.test.assertNotRegex(sentence, TECHNICAL, name)
        self.refused[name] = self.refused.get(name, 0) + 1
        self.sentences[name] = sentence

    def _check(self):
        self.env.flush_all()
        self.test.check_invariants()
        self._look()

    def _look(self):
        """Note what can be done now, so that steps are rarely idle."""
        # a merged contact is gone
        self.partners = (self.test.affiliate | self.test.twin).exists()
        self.pickings = self.orders.picking_ids.filtered(
            lambda one: one.state == "done"
        ).sorted("id")
        self.out = self.pickings.filtered(
            lambda one: one.picking_type_code == "outgoing"
        )
        self.statements = self.env["rd.statement"].search(
            [("partner_id", "in", self.partners.ids), ("state", "!=", "cancelled")],
            order="id",
        )
        self.differences = self.env["rd.difference"].search(
            [("statement_id", "in", self.statements.ids)], order="id"
        )
        self.invoices = self.env["account.move"].search(
            [
                ("commercial_partner_id", "in", self.partners.ids),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ],
            order="id",
        )
        states = set(self.statements.mapped("state"))
        found = {
            "delivered": self.out,
            "stated": self.statements,
            "open": states & set(OPEN),
            "draft": states & {"draft"},
            "asked": states & {"sent", "disputed"},
            "agreed": states & {"agreed"},
            "invoiced": self.invoices.filtered(lambda one: one.state == "draft"),
            "billed": self.invoices,
            "posted": self.invoices.filtered(lambda one: one.state == "posted"),
            "decided": self.differences.filtered("settled_by_id"),
            "differing": self.differences.filtered(lambda one: one.state == "open"),
            "ledger": self.statements.ledger_ids,
            "month": self.closes.filtered(_is_open),
            "frozen": states & set(AGREED),
            "twins": len(self.partners) > 1,
            "news": not self.aged and self.closes.filtered(_is_open),
        }
        found.update(self._find_more())
        self.can = {"begun"} | {name for name, there in found.items() if there}

    def _find_more(self):
        """Return what else there is for further steps, by name."""
        return {}

    def _pick(self, records, choice, fits=None):
        """Choose a record: mostly one that fits, now and then any."""
        fitting = records.filtered(fits) if fits and choice < 7 else records
        chosen = fitting or records
        return chosen[choice % len(chosen)]

    def _pick_statement(self, choice, *states):
        return self._pick(self.statements, choice, lambda one: one.state in states)

    # ------------------------------------------------------------------
    # Goods
    # ------------------------------------------------------------------
    @initialize(
        basis=st.sampled_from(("dispatched", "dispatched", "signed", "accepted")),
        quantity=QUANTITY,
        depth=st.integers(0, 5),
    )
    def begin(self, basis, quantity, depth):
        """Agree the basis, ship twice and bring the first statement some way: the
        walk starts anywhere on the chain, so that its far end is walked as often."""

        def act():
            self.test.affiliate.rd_basis = basis
            for part, day in ((0, 7), (5, 14)):
                self._ship(part, quantity, day)
            if basis != "dispatched":
                for picking in self.orders.picking_ids:
                    if picking.state == "done":
                        self._sign(picking, 20, 0, 0)

        self._do("begin", act)
        self._do("collect", self._build, self.closes[0])
        way = (self._agree, self._do_invoice, self._do_post, self._close_first)
        for step in way[: max(0, depth - 1)]:
            self._do("begin", step)

    def _do_invoice(self):
        self.statements.action_invoice()

    def _do_post(self):
        self.statements.action_post()

    def _close_first(self):
        self._close(self.closes[0], False)

    def _ship(self, part, quantity, day):
        self.notes += 1
        parts = self.test.walked
        order, quantities = self.orders[0], {parts[part % len(parts)]: quantity}
        if part > 4:
            quantities = dict.fromkeys(parts, quantity)
        elif part == 4:
            order = self.orders[1]
        self.test._deliver(order, quantities, f"DN-{self.notes}", get_day(day))

    @_can("begun")
    @rule(part=CHOICE, quantity=QUANTITY, day=DAY)
    def deliver(self, part, quantity, day):
        """Ship one part or both, dated on any day of the months."""
        self._do("deliver", self._ship, part, quantity, day)

    def _sign(self, picking, day, short, rejected):
        moves = picking.move_ids.filtered("quantity")
        figures = {moves[:1].id: {"short": short, "rejected": rejected}}
        papers = self.env["ir.attachment"]
        moment = datetime.combine(get_day(day), datetime.min.time()).replace(hour=4)
        picking._rd_sign("Li Si", moment, papers, figures)

    @_can("delivered")
    @rule(
        choice=CHOICE,
        day=DAY,
        short=st.sampled_from((0, 0, 1)),
        rejected=st.sampled_from((0, 0, 2)),
    )
    def sign(self, choice, day, short, rejected):
        """Record a signed receipt, or correct it."""
        picking = self._pick(self.out, choice, lambda one: not one.rd_signed_date)
        self._do("sign", self._sign, picking, day, short, rejected)

    @_can("delivered")
    @rule(choice=CHOICE, quantity=QUANTITY, day=DAY, refund=st.booleans())
    def send_back(self, choice, quantity, day, refund):
        """Take a part of a delivery back, to be refunded or to be repaired."""

        def act(picking):
            back = {}
            for move in picking.move_ids.filtered(lambda one: one.state == "done"):
                gone = move.returned_move_ids.filtered(lambda one: one.state == "done")
                rest = move.quantity - sum(gone.mapped("quantity"))
                if rest > 0:
                    back[move.product_id] = min(rest, quantity)
            if back:
                self.notes += 1
                self.test._return(
                    picking, back, f"RT-{self.notes}", get_day(day), to_refund=refund
                )

        self._do("return", act, self._pick(self.out, choice))

    @_can("delivered")
    @rule(choice=CHOICE, day=DAY)
    def back_date(self, choice, day):
        """Put another day on a delivery or return."""

        def act(picking):
            moment = datetime.combine(get_day(day), datetime.min.time())
            picking.date_done = moment.replace(hour=4)

        self._do("back-date", act, self._pick(self.pickings, choice))

    @_can("delivered")
    @rule(choice=CHOICE, line=CHOICE, quantity=QUANTITY)
    def edit(self, choice, line, quantity):
        """Correct the done quantity of a delivery or return."""

        def act(picking):
            moves = picking.move_ids.filtered(lambda one: one.state == "done")
            moves[line % len(moves)].move_line_ids[:1].quantity = quantity

        self._do("edit", act, self._pick(self.pickings, choice))

    # ------------------------------------------------------------------
    # Statement
    # ------------------------------------------------------------------
    def _build(self, close, partner=None):
        close._run_step_build(partner or self.partners[0])

    @_can("month")
    @rule(choice=CHOICE)
    def collect(self, choice):
        """Make or complete the statement of an open month; now and then the twin's."""
        closes = self.closes.filtered(_is_open)
        partner = self.partners[-1 if choice == 7 else 0]
        self._do("collect", self._build, closes[choice % len(closes)], partner)

    @_can("month")
    @rule()
    def night(self):
        """Let the scheduled action complete the drafts, oldest month first."""
        for close in self.closes.filtered(_is_open):
            self._do("night", close._collect, self.partners[0])

    @_can("news")
    @rule()
    def next_day(self):
        """Collect every open month, as each night does, and look again when nothing
        is of today any more: by then each late fact has to be noted."""
        for close in self.closes.filtered(_is_open):
            self._do("collect", self._build, close)
        aged = self.env.cr.savepoint()
        for table in ("account_move", "stock_move_line"):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = write_date - INTERVAL '3 days'",
                    SQL.identifier(table),
                )
            )
        self.test.check_invariants()
        aged.close(rollback=True)
        self.aged = True
        self._look()

    @_can("draft")
    @rule(choice=CHOICE)
    def send(self, choice):
        """Send a statement."""
        statement = self._pick_statement(choice, "draft")
        self._do("send", statement.action_send)

    @_can("open")
    @rule(choice=CHOICE, odd=CHOICE, by=st.sampled_from((-2, -1, 1)), price=CHOICE)
    def import_ledger(self, choice, odd, by, price):
        """Read their ledger: ours, with a row left out, short or at another price."""

        def act(statement):
            rows = []
            for number, line in enumerate(statement._lines().sorted("id")):
                quantity, total = line.quantity, line.amount_total
                if number == odd:
                    continue
                if number == odd - 1:
                    quantity += by
                if number == price - 4:
                    total += 1
                rows.append((line.date, line.note, line.part, quantity, total))
            if rows:
                self.test._read_ledger(statement, rows, f"{self.notes}.csv")

        self._do("import", act, self._pick_statement(choice, *OPEN))

    @_can("ledger")
    @rule(choice=CHOICE)
    def match(self, choice):
        """Match a statement with their ledger."""
        statement = self._pick(
            self.statements,
            choice,
            lambda one: one.ledger_ids and one.state in OPEN,
        )
        self._do("match", statement.action_match)

    @_can("differing")
    @rule(choice=CHOICE, key=CHOICE, quantity=QUANTITY)
    def settle(self, choice, key, quantity):
        """Do one of the things the desk offers for a difference."""
        item = self._pick(self.differences, choice, lambda one: one.state == "open")
        user = self.test.supervisor if item.requested_by_id else self.env.user
        item = item.with_user(user)
        keys = item._get_action_keys()
        if keys:
            key = keys[key % len(keys)]
            self._do(f"settle: {key}", self._act, item, key, quantity)

    def _act(self, item, key, quantity):
        values = {"reason": "as we spoke"}
        if key in ("approve", "price", "found", "link", "unlink"):
            values = {}
        if key == "unlink":
            values = {"again": quantity > 2}
        if key == "split":
            values["quantity"] = quantity
        if key == "link":
            side = "theirs" if item.line_ids else "ours"
            lines = item.find_lines(side)
            values = {"line_ids": [line["id"] for line in lines[:1]]}
        if key == "dispute":
            values["user_id"] = self.env.uid
        item.act(key, values)

    @_can("decided")
    @rule(choice=CHOICE)
    def undo(self, choice):
        """Take the decision about a difference back."""
        decided = self.differences.filtered("settled_by_id")
        self._do("undo", self._pick(decided, choice).act, "reopen")

    @_can("open")
    @rule(choice=CHOICE, confirmed=st.sampled_from((True, True, True, False)))
    def agree(self, choice, confirmed):
        """Agree a statement, after they confirmed it by telephone or not."""
        statement = self._pick_statement(choice, *OPEN)
        self._do("agree", self._agree, statement, confirmed)

    def _agree(self, statement=None, confirmed=True):
        statement = statement or self.statements
        if confirmed:
            statement.action_confirm_recorded(who="Li Si", note="call 7")
        lines = statement._lines().filtered(lambda one: one.verdict == "confirmed")
        statement.action_agree()
        kept = lines.exists().filtered(
            lambda one: one.live and one.verdict == "confirmed"
        )
        # a refusal is no loss: it leaves everything as it was
        self.test.assertEqual(kept, lines, "agreed without what was confirmed")

    # ------------------------------------------------------------------
    # Their answer
    # ------------------------------------------------------------------
    @_can("asked")
    @rule(
        choice=CHOICE, odd=CHOICE, by=st.sampled_from((-1, 0, 1)), whole=st.booleans()
    )
    def answer_lines(self, choice, odd, by, whole):
        """They answer one line, or all of them as a marked workbook does."""

        def act(statement):
            lines = statement._lines().sorted("id")
            chosen = lines if whole else lines[odd % max(1, len(lines)) :][:1]
            source = statement._prepare_answer_source("portal", "Li Si")
            answers = {
                line: self._get_answer(line, by if number == odd else 0)
                for number, line in enumerate(chosen)
            }
            statement._take_line_answers(answers, source)
            statement._confirm_when_complete(source)

        statement = self._pick_statement(choice, "sent", "disputed")
        self._do("answer", act, statement)

    def _get_answer(self, line, by):
        if not by:
            return {"decision": "confirmed"}
        quantity = abs(line.quantity) + by
        return {"decision": "disputed", "reason": "quantity", "quantity": quantity}

    @_can("asked")
    @rule(choice=CHOICE)
    def confirm_rest(self, choice):
        """They confirm all that they do not dispute."""

        def act(statement):
            statement._check_answerable(statement.revision, statement.content_hash)
            statement._check_something_to_confirm()
            source = statement._prepare_answer_source("portal", "Li Si")
            statement._take_confirmation(source)

        statement = self._pick_statement(choice, "sent", "disputed")
        self._do("confirm the rest", act, statement)

    @_can("asked")
    @rule(choice=CHOICE)
    def send_again(self, choice):
        """Send what has changed since it was sent."""
        statement = self._pick(
            self.statements, choice, lambda one: one._has_changed_since_sent()
        )
        self._do("send again", statement.action_send)

    @_can("open")
    @rule(choice=CHOICE)
    def cancel_statement(self, choice):
        """Cancel a statement; its deliveries are free again."""
        statement = self._pick_statement(choice, *OPEN)
        self._do("cancel statement", statement.action_cancel)

    @_can("stated")
    @rule(choice=CHOICE, yes=st.sampled_from((True, True, False)))
    def reopen(self, choice, yes):
        """Ask to take a statement back; another person answers."""
        statement = self._pick_statement(choice, "sent", "agreed", "invoiced")

        def act():
            statement.with_user(self.test.clerk).action_ask_reopen("two notes missing")
            self._answer(yes)

        self._do("reopen", act)

    def _answer(self, yes=True):
        waiting = self.env["rd.approval"].search([("state", "=", "waiting")])
        waiting = waiting.with_user(self.test.supervisor)
        if yes:
            waiting.action_approve()
        else:
            waiting.action_refuse("not now")

    # ------------------------------------------------------------------
    # Invoice
    # ------------------------------------------------------------------
    @_can("agreed")
    @rule(choice=CHOICE)
    def invoice(self, choice):
        """Make the invoices of what is agreed."""
        statement = self._pick_statement(choice, "agreed")
        self._do("invoice", statement.action_invoice)

    @_can("invoiced")
    @rule(choice=CHOICE)
    def post(self, choice):
        """Post an invoice or credit note."""
        move = self._pick(self.invoices, choice, lambda one: one.state == "draft")
        self._do("post", move.action_post)

    @_can("posted")
    @rule(choice=CHOICE, part=CHOICE, quantity=QUANTITY, posted=st.booleans())
    def credit(self, choice, part, quantity, posted):
        """Credit an invoice by Odoo's own wizard: all of it, or some of a line."""

        def act(move):
            wizard = (
                self.env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=move.ids)
                .create(
                    {
                        "journal_id": move.journal_id.id,
                        # one of tomorrow would not be posted today
                        "date": fields.Date.today(),
                    }
                )
            )
            wizard.refund_moves()
            note = wizard.new_move_ids
            if part > 2:
                line = note.invoice_line_ids[part % len(note.invoice_line_ids)]
                (note.invoice_line_ids - line).unlink()
                line.quantity = min(quantity, line.quantity)
            if posted:
                note.action_post()

        fits = self.invoices.filtered(lambda one: one.move_type == "out_invoice")
        fits = fits.filtered(lambda one: one.state == "posted")
        if fits:
            self._do("credit", act, self._pick(fits, choice))

    @_can("billed")
    @rule(choice=CHOICE, how=st.sampled_from(("draft", "cancel", "both", "delete")))
    def cancel_invoice(self, choice, how):
        """Set an invoice or credit note back, cancel or delete it."""

        def act(move):
            if how in ("draft", "both") and move.state != "draft":
                move.button_draft()
            if how in ("cancel", "both"):
                move.button_cancel()
            if how == "delete":
                move.unlink()

        move = self._pick(self.invoices, choice, lambda one: one.state != "cancel")
        self._do(f"cancel invoice: {how}", act, move)

    # ------------------------------------------------------------------
    # Contacts
    # ------------------------------------------------------------------
    @_can("twins")
    @rule(keep=st.sampled_from((0, 0, 0, 1)))
    def merge(self, keep):
        """Merge the affiliate's two contacts by Odoo's own wizard, either way."""

        def act():
            wizard = self.env["base.partner.merge.automatic.wizard"].create(
                {
                    "state": "selection",
                    "partner_ids": [Command.set(self.partners.ids)],
                    "dst_partner_id": self.partners[keep].id,
                }
            )
            wizard.action_merge()

        self._do("merge", act)

    # ------------------------------------------------------------------
    # Afterwards
    # ------------------------------------------------------------------
    @_can("frozen")
    @rule(
        price=st.sampled_from((9.5, 10.55, 11, 0.333)), part=CHOICE, yes=st.booleans()
    )
    def adjust_price(self, price, part, yes):
        """A price agreed later, from the first day on."""

        def act():
            product = self.test.walked[part % len(self.test.walked)]
            adjustment = self.test._adjust_price(
                product, price, partner_id=self.partners[0].id
            )
            adjustment.action_request()
            self._answer(yes)

        self._do("adjust price", act)

    @_can("begun")
    @rule(price=st.sampled_from((10, 11, 11.25)), day=DAY)
    def agree_price(self, price, day):
        """Sign a contract over the first part that follows the one before it."""

        def act():
            before = self.env["rd.contract.price"].search(
                [("live", "=", True), ("partner_id", "=", self.partners[0].id)]
            )
            before._as_internal().write({"live": False})
            self.test.agree_prices(self.partners[0], price, get_day(day))

        self._do("agree a price", act)

    @_can("begun")
    @rule(price=st.sampled_from((-100, -0.01, 5, 88.5, 600)), day=DAY)
    def charge(self, price, day):
        """A freight or a deduction by hand."""

        def act():
            charge = (
                self.env["rd.statement.charge"]
                .with_user(self.test.clerk)
                .create(
                    {
                        "name": "Express freight",
                        "kind": "deduction" if price < 0 else "freight",
                        "partner_id": self.partners[0].id,
                        "date": get_day(day),
                        "product_id": self.test.freight.id,
                        "price_unit": price,
                        "reason": "agreed by mail",
                    }
                )
            )
            charge.action_confirm()
            if charge.state == "waiting":
                self._answer()

        self._do("charge", act)

    @_can("month")
    @rule(choice=CHOICE, left=st.booleans())
    def close_month(self, choice, left):
        """Close a month, with the affiliate left open or its steps done."""
        closes = self.closes.filtered(_is_open)
        self._do("close", self._close, closes[min(choice // 3, len(closes) - 1)], left)

    def _close(self, close, left):
        if left:
            close.step_ids[:1].action_leave_open("they moved house")
        else:
            close.step_ids._as_internal().write({"state": "done"})
        # The last of the months may not be over where the walk is taken.
        with freeze_time(max(datetime.now(), datetime(2027, 1, 1, 4))):
            close.with_user(self.test.supervisor).action_close()
