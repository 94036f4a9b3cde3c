# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import math
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from .. import matching
from .rd_statement_answer import REASONS

NOTE_LIMIT = 500
MOST = 1e9
# Of these a line waits for us, or for nobody any more.
UNASKED = ("no_price", "short")


class RdStatement(models.Model):
    """What becomes of an answer, whatever way it came.

    A confirmed line is confirmed, a disputed one becomes a difference by the code
    that judges their ledger, with their figures, reason and proof.
    """

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    answer_ids = fields.One2many(
        "rd.statement.answer", "statement_id", string="Their answers", copy=False
    )

    answer_count = fields.Integer(compute="_compute_answer_count")
    messenger_text = fields.Char(
        string="Text for a messenger", compute="_compute_messenger_text"
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"answer_ids"}

    @api.depends("answer_ids")
    def _compute_answer_count(self):
        groups = self.env["rd.statement.answer"]._read_group(
            [("statement_id", "in", self.ids)], ["statement_id"], ["__count"]
        )
        counts = {statement.id: count for statement, count in groups}
        for statement in self:
            statement.answer_count = counts.get(statement.id, 0)

    @api.depends("name", "amount_total", "date_to", "line_ids.live", "access_token")
    def _compute_messenger_text(self):
        """Write what a clerk pastes into a chat: figures, and a link that looks."""
        for statement in self:
            lang = statement.partner_id.lang or self.env.lang
            statement = statement.with_context(lang=lang)
            # The link is for whoever the clerk sends it to, and only looks.
            token = statement.sudo().access_token
            address = f"{statement.get_base_url()}/my/statements/{statement.id}"
            statement.messenger_text = statement.env._(
                "%(company)s: statement %(name)s until %(day)s, %(lines)s lines, "
                "%(total)s. Please confirm or name what differs: %(link)s",
                company=statement.company_id.name,
                name=statement.name,
                day=statement.date_to,
                lines=statement.line_count,
                total=formatLang(
                    statement.env,
                    statement.amount_total,
                    currency_obj=statement.currency_id,
                ),
                link=f"{address}?access_token={token}" if token else address,
            )

    # ------------------------------------------------------------------
    # Taking answers
    # ------------------------------------------------------------------
    def _prepare_answer_source(self, channel, who, ip_address=None):
        """Return what every answer of one occasion has in common."""
        self.ensure_one()
        return {
            "statement_id": self.id,
            "channel": channel,
            "who": who,
            "user_id": self.env.uid,
            "ip_address": ip_address or False,
            "revision": self.revision,
            "content_hash": self.content_hash,
        }

    def _take_line_answers(self, answers, source):
        """Take answers to lines of this statement.

        :param dict answers: ``{line: {decision, quantity?, price?, reason?, note?,
            attachment_ids?}}``; figures as the line shows them
        :param dict source: of ``_prepare_answer_source``
        :raise UserError: when one cannot be taken; it names the line
        :return: the ``rd.statement.answer`` records
        """
        self.ensure_one()
        self._claim()
        checked = {line: line._check_answer(values) for line, values in answers.items()}
        Line = self.env["rd.statement.line"]
        confirmed = Line.union(
            *(k for k, values in checked.items() if values["decision"] == "confirmed")
        )
        confirmed._confirm_answered()
        disputed = {k: v for k, v in checked.items() if v["decision"] == "disputed"}
        self._dispute_answered(disputed, source)
        if disputed and self.state == "sent":
            self._move_to("disputed")
        return (
            self.env["rd.statement.answer"]
            ._as_internal()
            .create(
                [
                    {**source, **values, "line_id": line.id}
                    for line, values in checked.items()
                ]
            )
        )

    def _claim(self):
        """Write the statement's row, though nothing on it changes.

        Two acts on one statement then meet here, even where each writes other rows:
        an answer to one line, and taking the whole back. The later one is refused
        by the database and starts again, seeing what the first has done.
        """
        self.env.execute_query(
            SQL(
                "UPDATE rd_statement SET revision = revision "
                "WHERE id = %s RETURNING id",
                self.id,
            )
        )

    def _dispute_answered(self, answers, source):
        """Make a difference of each disputed line, or add to the one it has."""
        profile = self._get_ledger_profile()
        rules = self._prepare_match_rules(profile, self.env["rd.ledger.line"])
        lines = self.env["rd.statement.line"].union(*answers)
        known = lines._clear_for_dispute()
        fresh = lines - known
        matches = self._create_matches(
            [
                line._prepare_answer_group(answers[line], profile, rules)
                for line in fresh
            ]
        )
        matches._as_internal().write({"status": "manual"})
        self.env["rd.difference"]._open_for_matches(matches)
        fresh._as_internal().write({"verdict": "difference"})
        for line in lines:
            line.match_id.difference_ids[:1]._note_dispute(answers[line], source)

    def _take_confirmation(self, source, note=None, **values):
        """Confirm every line that nobody disputes: the one act for all of them.

        A repeat is harmless. The statement stays disputed while a difference is open.
        """
        self.ensure_one()
        pending = self._lines().filtered(lambda line: line.verdict == "pending")
        self._record_confirmation(
            source["channel"],
            source["who"],
            source["revision"],
            source["content_hash"],
            note,
        )
        pending._as_internal().write({"verdict": "confirmed"})
        answer = (
            self.env["rd.statement.answer"]
            ._as_internal()
            .create({**source, "decision": "all", "note": note or False, **values})
        )
        if self.difference_count:
            if self.state == "sent":
                self._move_to("disputed")
        else:
            self._move_to("confirmed")
        self.close_id._wake(self.partner_id)
        return answer

    def _confirm_when_complete(self, source):
        """Take the statement as confirmed once they have answered its last line.

        Where they dispute all of them nothing is confirmed, nor where we have changed
        something since: that goes out again, with what they have said of its lines.
        """
        verdicts = set(self._lines().mapped("verdict"))
        if "pending" in verdicts or "confirmed" not in verdicts:
            return False
        if self.confirmed_date or self.state not in ("sent", "disputed"):
            return False
        if self._has_changed_since_sent():
            return False
        return self._take_confirmation(source)

    # ------------------------------------------------------------------
    # Beside a ledger
    # ------------------------------------------------------------------
    def _match(self):
        """Leave what they have disputed by name; their rows of it belong to it.

        A line they had confirmed is compared with their books all the same.
        """
        self.ensure_one()
        if self._has_new_ledger():
            self._reopen_agreed()
        self._give_rows_to_answers()
        return super()._match()

    def _reopen_agreed(self):
        """Let the lines they agreed to one by one be compared with new rows."""
        agreed = self.answer_ids.filtered(
            lambda answer: answer.decision == "confirmed"
        ).line_id
        agreed.filtered(
            lambda line: line.live and line.verdict == "confirmed" and not line.match_id
        )._as_internal().write({"verdict": "pending"})

    def _give_rows_to_answers(self):
        """Put their rows of a disputed line beside it, or they would stand alone."""
        answered = self.match_ids.filtered(
            lambda match: (
                match.rule == "answered" and match.difference_id.state == "open"
            )
        )
        if not answered:
            return
        by_key = {}
        for line in answered.statement_line_ids:
            for part in (line.part, line.customer_part):
                key = (
                    matching.clean_key(line.note or ""),
                    matching.clean_key(part or ""),
                )
                by_key[key] = line.match_id
        for row in self._get_open_ledger_lines():
            key = matching.clean_key(row.note or ""), matching.clean_key(row.part or "")
            if match := by_key.get(key):
                row._as_internal().write({"match_id": match.id})


class RdStatementLine(models.Model):
    _name = "rd.statement.line"
    _inherit = ["rd.statement.line"]

    answer_ids = fields.One2many(
        "rd.statement.answer", "line_id", string="Their answers", readonly=True
    )

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    def _check_answer(self, values):
        """Return an answer's values, cleaned, or refuse it in one sentence."""
        self.ensure_one()
        if not self.live:
            raise UserError(
                self.env._(
                    "%(line)s is no longer on this statement.", line=self.display_name
                )
            )
        if self.verdict in UNASKED:
            raise UserError(
                self.env._(
                    "%(line)s does not wait for your answer.", line=self.display_name
                )
            )
        answer = {
            "decision": values.get("decision"),
            "note": self._clean_note(values.get("note")),
            "attachment_ids": [fields.Command.set(values.get("attachment_ids") or [])],
        }
        if answer["decision"] == "confirmed":
            return answer
        if answer["decision"] != "disputed":
            raise UserError(self.env._("Agree to the line or dispute it."))
        return {**answer, **self._check_dispute(values, answer["note"])}

    def _check_dispute(self, values, note):
        reason = values.get("reason")
        if reason not in dict(REASONS):
            raise UserError(self.env._("Choose why you do not agree."))
        if reason in ("part", "other") and not note:
            raise UserError(self.env._("Write in a few words what is wrong."))
        quantity = self._check_figure(values.get("quantity"))
        price = self._check_figure(values.get("price"))
        if reason == "not_received":
            quantity = 0.0
        elif quantity is not None:
            quantity = math.copysign(quantity, self.quantity)
        needed = {"short": quantity, "quantity": quantity, "price": price}
        if needed.get(reason, 0.0) is None:
            raise UserError(
                self.env._("Enter the price you have.")
                if reason == "price"
                else self.env._("Enter the quantity you have.")
            )
        return {
            "reason": reason,
            "quantity": self.quantity if quantity is None else quantity,
            "price": self.price_unit if price is None else price,
        }

    def _check_figure(self, value):
        """Return a number that came from outside as one above or at 0, or None."""
        if value is None or value is False or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise UserError(self.env._("“%(value)s” is not a number.", value=value))
        if not math.isfinite(value) or abs(value) > MOST:
            raise UserError(self.env._("“%(value)s” is not a number.", value=value))
        return abs(float(value))

    def _clean_note(self, text):
        """Return a text from outside on one line and not too long."""
        words = str(text or "").split()
        return " ".join(words)[:NOTE_LIMIT] or False

    # ------------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------------
    def _confirm_answered(self):
        """Confirm the lines; a difference they were part of is settled as ours."""
        items = self.match_id.difference_ids.filtered(lambda item: item.state == "open")
        for item in items:
            if item.requested_by_id or item.line_ids - self:
                raise UserError(
                    self.env._(
                        "%(line)s is being looked at together with other lines; "
                        "write us a message about it.",
                        line=(item.line_ids & self)[:1].display_name,
                    )
                )
            item._settle_keep_ours()
        self.filtered(lambda line: line.verdict == "pending")._as_internal().write(
            {"verdict": "confirmed"}
        )

    def _clear_for_dispute(self):
        """Make room for their answer; return the lines whose difference stays.

        :raise UserError: when a line has been settled with them already
        """
        known = self.browse()
        for line in self:
            match, item = line.match_id, line.match_id.difference_ids[:1]
            if not match:
                continue
            if item.state == "open" and match.rule != "answered":
                known |= line
            elif (
                item.settled_by_id
                or item.requested_by_id
                or len(match.statement_line_ids) > 1
            ):
                raise UserError(
                    self.env._(
                        "%(line)s has been settled or is being settled; write us a "
                        "message about it.",
                        line=line.display_name,
                    )
                )
            else:
                item._as_internal().unlink()
                match._as_internal().unlink()
        return known

    def _prepare_answer_group(self, values, profile, rules):
        """Return the matching package's group of this line and their answer."""
        self.ensure_one()
        share = None
        if self.price_unit and values["price"] != self.price_unit:
            share = Decimal(str(values["price"])) / Decimal(str(self.price_unit))
        answer = matching.Answer(
            values["reason"], Decimal(str(values["quantity"])), share
        )
        line = self._prepare_match_line(profile)
        group = matching.answer_group(line, answer, rules)
        if group.code in ("match", "rounding"):
            raise UserError(
                self.env._(
                    "Your figures for %(line)s are ours; agree to the line instead.",
                    line=self.display_name,
                )
            )
        return group


class RdDifference(models.Model):
    _name = "rd.difference"
    _inherit = ["rd.difference"]

    def _note_dispute(self, values, source):
        """Keep what they said, and show their proof where the desk decides."""
        self.ensure_one()
        reasons = self.env["rd.statement.answer"]._fields["reason"]
        label = dict(reasons._description_selection(self.env))[values["reason"]]
        said = ": ".join(text for text in (label, values["note"]) if text)
        self._as_internal().write({"dispute_reason": f"{said} ({source['who']})"})
        ids = [id_ for command in values["attachment_ids"] for id_ in command[2]]
        if ids:
            proof = self.env["ir.attachment"].browse(ids)
            self._post_with_proof(f"{source['who']}: {said}", proof)
