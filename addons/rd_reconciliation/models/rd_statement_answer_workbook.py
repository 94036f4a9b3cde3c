# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from odoo.addons.rd_sales_admin import ledger as reader
from odoo.addons.rd_sales_admin.ledger.text import UnreadableError
from odoo.addons.rd_sales_admin.ledger.values import number

from .rd_statement_answer_take import UNASKED

MARK = "RDS|"
ANSWER_KEYS = ("answer_quantity", "answer_price", "answer_reason")
# What people write beside a line instead of repeating its quantity.
YES = frozenset("ok okay yes y √ ✓ ✔ 对 对的 是 无误 一致 确认 同意 相符 正确".split())


class Marked(NamedTuple):
    """Our workbook as it came back: the mark, and the rows below its heading."""

    mark: str
    grid: object
    header: int
    column: int


class RdStatement(models.Model):
    """Our own workbook, marked by the other side and sent back.

    Each row carries the id of its line, what it came to and our quantity; the heading
    above them carries statement, revision and hash. Blank is not answered, our
    quantity is confirmed, anything else is a difference with their figures.
    """

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------
    def _get_answer_labels(self):
        return {
            "answer_quantity": self.env._("Confirmed quantity"),
            "answer_price": self.env._("Your price"),
            "answer_reason": self.env._("Reason"),
        }

    def _get_answer_columns(self):
        """Return the columns for their answer, and the hidden one of the row ids."""
        labels = self._get_answer_labels()
        kinds = dict(zip(ANSWER_KEYS, ("quantity", "price", "text"), strict=True))
        columns = [
            self._print_column(key, labels[key], kinds[key], 20) for key in ANSWER_KEYS
        ]
        mark = self._print_column("row_id", self._get_workbook_mark(), "text", 10)
        return [*columns, {**mark, "hidden": True}]

    def _get_workbook_mark(self):
        return f"{MARK}{self.id}|{self.revision}|{self.content_hash or ''}"

    def _prepare_print_row(self, line, reasons):
        blank = dict.fromkeys(ANSWER_KEYS)
        row = super()._prepare_print_row(line, reasons)
        return {**row, **blank, "row_id": _row_mark(line)}

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    @api.model
    def _read_marked_workbook(self, name, data):
        """Return the ``Marked`` of our own workbook, or None for any other file.

        :raise UserError: when the file cannot be read at all
        """
        try:
            book = reader.load(data, name)
        except reader.Refused as refused:
            texts = self.env["rd.ledger.profile"]
            raise UserError(texts._text(refused.reason)) from refused
        for grid in book.sheets.values():
            for index, cells in enumerate(grid.columns):
                for row, cell in enumerate(cells):
                    if isinstance(cell, str) and cell.startswith(MARK):
                        return Marked(cell, grid, row, index)
        return None

    def _take_workbook(self, name, data, marked, source):
        """Take every row of our marked workbook as their answer to its line.

        :return: what came of it, in plain words
        :raise UserError: naming the row that cannot be taken; nothing is taken then
        """
        self.ensure_one()
        sha256 = hashlib.sha256(data).hexdigest()
        done = self.answer_ids.filtered(
            lambda answer: answer.decision == "workbook" and answer.sha256 == sha256
        )
        if done:
            return self.env._(
                "%(file)s has been read already; nothing has changed.", file=name
            )
        self._check_mark(name, marked.mark)
        answers = self._collect_answers(name, marked)
        remarks = self._pop_remarks(answers)
        self._take_line_answers(answers, source)
        for line, values in remarks.items():
            line._note_remark(values, source)
        self.env["rd.statement.answer"]._as_internal().create(
            {**source, "decision": "workbook", "note": name, "sha256": sha256}
        )
        self._confirm_when_complete(source)
        return self._get_workbook_outcome(name, answers, remarks)

    def _pop_remarks(self, answers):
        """Take out of ``{line: answer}`` what stands beside lines that wait for none.

        A column filled to its end confirms those as well; only figures or words of
        their own are worth a note.

        :return: ``{line: answer}`` of these
        """
        asked_nothing = [line for line in answers if line.verdict in UNASKED]
        found = {line: answers.pop(line) for line in asked_nothing}
        return {
            line: values
            for line, values in found.items()
            if values["decision"] == "disputed"
            or values["note"].casefold() not in {"", *YES}
        }

    def _check_mark(self, name, mark):
        """Refuse the workbook of another statement or of an older revision."""
        parts = mark[len(MARK) :].split("|")
        if parts[:1] != [str(self.id)]:
            raise UserError(
                self.env._(
                    "%(file)s belongs to another statement than %(statement)s.",
                    file=name,
                    statement=self.name,
                )
            )
        revision = int(parts[1]) if parts[1:] and parts[1].isdecimal() else -1
        self._check_answerable(revision, parts[2] if len(parts) == 3 else "")

    def _collect_answers(self, name, marked):
        """Return ``{line: answer}`` of the rows that are answered."""
        lines = {line.id: line for line in self._lines()}
        places = self._find_answer_places(name, marked)
        seen, answers = {}, {}
        for index in range(marked.header + 1, self._find_list_end(marked)):
            cells = marked.grid.row(index + 1)
            filled = any(cells[places[key]] != "" for key in ANSWER_KEYS)
            line = self._find_row_line(cells[marked.column], lines, seen, index, filled)
            if line is None:
                continue
            seen[line.id] = index + 1
            answer = line._read_answer(cells, places, index + 1)
            # What has come to something else since is not agreed to.
            agreed = answer and answer["decision"] == "confirmed"
            if answer and (not agreed or line._is_marked(cells[marked.column])):
                answers[line] = answer
        if missing := [line for key, line in lines.items() if key not in seen]:
            raise UserError(
                self.env._(
                    "The row of %(line)s is missing in %(file)s; leave every row in "
                    "place and send the file again.",
                    line=missing[0].display_name,
                    file=name,
                )
            )
        return answers

    def _find_list_end(self, marked):
        """Return the row of the total below the last line of ours: what we write under
        it reaches into the columns of the answer where a layout is a narrow one."""
        totals = {one._get_print_labels()["total"] for one in self._in_each_language()}
        first, marks = marked.grid.columns[0], marked.grid.columns[marked.column]
        for index in range(marked.grid.height - 1, marked.header, -1):
            if marks[index] != "":
                break
            if str(first[index]).strip() in totals:
                return index
        return marked.grid.height

    def _find_row_line(self, cell, lines, seen, index, filled):
        """Return the line of a row, None for a row that is none of ours.

        :param dict seen: which line stood in which row so far
        """
        text = str(int(cell)) if isinstance(cell, float) else str(cell).strip()
        text = text.partition("|")[0]
        if text == "" and not filled:
            return None
        key = int(text) if text.isdecimal() else None
        if key in lines and key not in seen:
            return lines[key]
        if not text.isdecimal() and not filled:
            return None
        if key in seen:
            raise UserError(
                self.env._(
                    "Rows %(first)s and %(row)s both stand for %(line)s; each line is "
                    "answered in its own row, once.",
                    first=seen[key],
                    row=index + 1,
                    line=lines[key].display_name,
                )
            )
        raise UserError(
            self.env._(
                "Row %(row)s no longer says which line it is; take the workbook we "
                "sent and leave its rows and hidden columns as they are.",
                row=index + 1,
            )
        )

    def _find_answer_places(self, name, marked):
        """Return ``{key: column}`` of the answer's columns, of the mark and of our
        quantity, None where the affiliate's layout has none.

        They are known by their headings, in whatever language we sent them, from the
        mark leftwards: a layout may head another column by the same word.
        """
        heads = [str(cell).strip() for cell in marked.grid.row(marked.header + 1)]
        places = {head: place for place, head in enumerate(heads[: marked.column])}
        quantity = None
        for statement in self._in_each_language():
            quantity = places.get(statement._get_quantity_heading(), quantity)
        for statement in self._in_each_language():
            labels = statement._get_answer_labels()
            if set(labels.values()) <= set(places):
                found = {key: places[label] for key, label in labels.items()}
                return {**found, "mark": marked.column, "quantity": quantity}
        raise UserError(
            self.env._(
                "The headings of %(file)s have been changed; take the workbook we sent "
                "and fill in its last columns only.",
                file=name,
            )
        )

    def _in_each_language(self):
        for lang, _name in self.env["res.lang"].get_installed():
            yield self.with_context(lang=lang)

    def _get_quantity_heading(self):
        """Return what the affiliate's workbook calls our quantity."""
        layout = self.env["rd.statement.column"]._get_layout(
            self.company_id, self.partner_id
        )
        labels = {key: label for key, label, _below in layout}
        return labels.get("quantity") or self.env._("Quantity")

    def _get_workbook_outcome(self, name, answers, remarks):
        """Return in plain words what came of a marked workbook."""
        disputed = [line for line, v in answers.items() if v["decision"] == "disputed"]
        left = self._lines().filtered(lambda line: line.verdict == "pending")
        outcome = self.env._(
            "%(file)s has been read: %(confirmed)s lines confirmed, %(disputed)s "
            "disputed, %(left)s not answered yet.",
            file=name,
            confirmed=len(answers) - len(disputed),
            disputed=len(disputed),
            left=len(left),
        )
        if not remarks:
            return outcome
        noted = self.env._(
            "No answer was asked for %(lines)s; what you wrote there has been noted.",
            lines=", ".join(line.display_name for line in remarks),
        )
        return f"{outcome} {noted}"


class RdStatementLine(models.Model):
    _name = "rd.statement.line"
    _inherit = ["rd.statement.line"]

    def _is_marked(self, cell):
        """Tell whether the line still comes to what its row was written with; rows of
        earlier times bear no total, or no quantity."""
        marks = str(cell).strip().split("|")
        return len(marks) == 1 or marks == _row_mark(self).split("|")[: len(marks)]

    def _read_answer(self, cells, places, row):
        """Return the answer of one row of the workbook, or None when it is blank."""
        self.ensure_one()
        text = str(cells[places["answer_reason"]]).strip()
        quantity, price = (
            self._read_number(cells[places[key]], row)
            for key in ("answer_quantity", "answer_price")
        )
        unit, sent = self._get_unit(), self._read_sent_quantity(cells, places, row)
        if quantity is None and price is None and not text:
            return None
        # Who repeats what we sent agrees to that, whatever the line is by now.
        other_quantity = quantity is not None and all(
            unit.compare(abs(quantity), abs(known)) for known in (sent, self.quantity)
        )
        digits = self.env["decimal.precision"].precision_get("Product Price")
        other_price = price is not None and round(price - self.price_unit, digits) != 0
        if not other_quantity and not other_price:
            agrees = quantity is not None or text.casefold() in YES
            if agrees or not text:
                return {"decision": "confirmed", "note": text} if agrees else None
            return {"decision": "disputed", "reason": "other", "note": text}
        return {
            "decision": "disputed",
            "reason": "quantity" if other_quantity else "price",
            "quantity": quantity,
            "price": price,
            "note": text,
        }

    def _note_remark(self, values, source):
        """Keep what they wrote beside a line that waits for no answer, where the desk
        looks for it: on what is open of it, else in the messages of the statement."""
        self.ensure_one()
        said = self._describe_remark(values)
        item = self.env["rd.difference"].search(
            [("statement_line_id", "=", self.id), ("state", "=", "open")], limit=1
        )
        if item:
            said = f"{said} ({source['who']})"
            item._as_internal().write({"dispute_reason": said})
            return
        said = f"{source['who']}, {self.display_name}: {said}"
        self.statement_id.message_post(body=said, subtype_xmlid="mail.mt_note")

    def _describe_remark(self, values):
        texts = [self._clean_note(values["note"]) or ""]
        if values.get("price") is not None:
            price = formatLang(self.env, values["price"], dp="Product Price")
            texts.append(self.env._("their price %(price)s", price=price))
        quantity = values.get("quantity")
        if quantity is not None and self._get_unit().compare(quantity, self.quantity):
            texts.append(
                self.env._("their quantity %(quantity)s", quantity=f"{quantity:g}")
            )
        return " · ".join(text for text in texts if text)

    def _read_sent_quantity(self, cells, places, row):
        """Return the quantity that our workbook stated in the row.

        Its mark says so; rows of earlier times are held against the line itself.

        :raise UserError: when our quantity has been written over
        """
        marks = str(cells[places["mark"]]).strip().split("|")
        sent = self.quantity if len(marks) < 3 else self._read_number(marks[2], row)
        if places["quantity"] is None:
            return sent
        shown = self._read_number(cells[places["quantity"]], row)
        if shown is None or self._get_unit().compare(shown, sent):
            raise UserError(
                self.env._(
                    "Row %(row)s: our quantity has been changed; leave it and write "
                    "yours beside it, under “%(label)s”.",
                    row=row,
                    label=self.statement_id._get_answer_labels()["answer_quantity"],
                )
            )
        return sent

    def _read_number(self, cell, row):
        """Return the number in a cell, None for an empty one."""
        try:
            value = number(cell)
        except UnreadableError:
            value = float("nan")
        if value is None or (value == value and abs(value) < 1e9):
            return None if value is None else float(value)
        raise UserError(
            self.env._(
                "Row %(row)s: “%(value)s” is not a number.", row=row, value=str(cell)
            )
        )


def _row_mark(line):
    """Return what the hidden cell of the row says: which line, at what total, and our
    quantity, which the affiliate's own layout may leave out."""
    return f"{line.id}|{line.amount_total or 0.0}|{line.quantity or 0.0}"
