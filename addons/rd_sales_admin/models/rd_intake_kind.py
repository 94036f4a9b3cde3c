# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from typing import Any, NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .. import ledger
from ..tools.intake import (
    CHOICE,
    DATE,
    NUMBER,
    RATE,
    TEXT,
    Column,
    KnownRow,
    MendRow,
)
from ..tools.intake_finder import IntakeFinder
from ..tools.intake_words import CHOICES, by_word

GROUP = "rd_sales_admin.rd_sales_admin_group_"
# By these words at its beginning the remark tells the explained example row.
EXAMPLE_WORDS = ("Example", "示例", "範例", "例")
KINDS = {
    "float": NUMBER,
    "integer": NUMBER,
    "monetary": NUMBER,
    "date": DATE,
    "selection": CHOICE,
    "boolean": CHOICE,
}


class Judged(NamedTuple):
    """What was found about one row."""

    row: models.Model
    verdict: str
    message: str = ""
    values: Any = None
    """What is to be made of it, where it is ready."""
    record: Any = None
    """What is here already."""


class RdIntakeKind(models.AbstractModel):
    """One kind of list that is taken over: its form, its verdicts, what it makes.

    A kind is an abstract model of its own that inherits this one and is named in
    rd.intake._get_kinds. It reads nothing row by row: ``_look_up`` finds for
    all rows what they name, ``_prepare_row`` judges one of them without a query.
    """

    _name = "rd.intake.kind"
    _description = "Kind of a List Taken Over"

    # Who may take such lists over; what is written is checked by its own rights too.
    _intake_roles = ("clerk",)
    # The model that is made or changed.
    _intake_model = None
    # When it is done on the first day: each kind builds on those before it.
    _intake_sequence = 100

    # ------------------------------------------------------------------
    # What a kind declares
    # ------------------------------------------------------------------
    @api.model
    def _get_label(self):
        """Return what the kind is called."""
        return self._description

    @api.model
    def _get_text(self):
        """Return one sentence: what the list holds and what becomes of it."""
        return ""

    @api.model
    def _get_columns(self):
        """Return ``{name: Column}`` of the form, in order."""
        return {}

    @api.model
    def _look_up(self, company, rows):
        """Return the finder that knows what these rows name."""
        return IntakeFinder(company)

    @api.model
    def _prepare_row(self, row, finder):
        """Return what is to be made of a row.

        :raise MendRow: with column and sentence, when it cannot be taken so
        :raise KnownRow: when it is here already
        """
        raise NotImplementedError

    @api.model
    def _get_key(self, row, values):
        """Return by what two rows of a list say the same."""
        raise NotImplementedError

    @api.model
    def _get_group(self, row, values):
        """Return which rows are taken together or not at all."""
        return row.id

    @api.model
    def _make(self, company, ready):
        """Make or change what the rows say; return one record for each.

        :param ready: list of :class:`Judged` with their values
        """
        raise NotImplementedError

    @api.model
    def _get_made_domain(self, company):
        """Return the domain of what lists of this kind make."""
        return [("company_id", "in", [False, company.id])]

    # ------------------------------------------------------------------
    # Columns
    # ------------------------------------------------------------------
    @api.model
    def _field_column(self, model, name, example, **values):
        """Return the column of a field: its name, help and choices are the field's."""
        field = self.env[model]._fields[name]
        given = {
            "label": field._description_string(self.env),
            "help": field._description_help(self.env) or "",
            "kind": KINDS.get(field.type, TEXT),
        }
        if field.type == "selection":
            given["choices"] = tuple(field._description_selection(self.env))
            given["written"] = CHOICES.get(name, {})
        return Column(**{**given, "example": example, **values})

    @api.model
    def _get_yes_no(self):
        return (("yes", self.env._("Yes")), ("no", self.env._("No")))

    @api.model
    def _get_all_columns(self):
        """Return the columns of the form with the one for remarks."""
        note = Column(
            self.env._("Remarks"),
            self.env._(
                "For yourself; nothing is made of it. A row that begins with “Example” "
                "here is not read."
            ),
            self.env._("Example, is not read"),
            words="Remarks|Remark|Note|Notes|备注|備註|说明|說明",
        )
        return {**self._get_columns(), "note": note}

    @api.model
    def _get_mend_column(self):
        """Return the column by which a mended row is told from a new one."""
        return Column(
            self.env._("Mended row"),
            self.env._("Leave it as it is: the row is mended by this number."),
            "",
            NUMBER,
        )

    @api.model
    def _get_fields(self):
        """Return the columns as the reader of spreadsheets wants them.

        Each is known by its name in every language that is installed.
        """
        columns = {**self._get_all_columns(), "mends": self._get_mend_column()}
        words = {name: [column.label] for name, column in columns.items()}
        for code, _name in self.env["res.lang"].get_installed():
            kind = self.with_context(lang=code)
            others = kind._get_all_columns()
            for name, column in {**others, "mends": kind._get_mend_column()}.items():
                words[name] += [column.label, *_cut(column.words)]
        return {
            name: ledger.Field(
                column.kind if column.kind in (NUMBER, RATE, DATE) else TEXT,
                tuple(dict.fromkeys(words[name])),
                key=column.kind == TEXT,
                instead=_cut(column.instead),
            )
            for name, column in columns.items()
        }

    @api.model
    def _get_required(self):
        return [name for name, one in self._get_columns().items() if one.required]

    @api.model
    def _is_example(self, texts):
        """Tell whether a row is the explained example of the empty form."""
        note = (texts.get("note") or "").strip()
        return note.startswith((*EXAMPLE_WORDS, self.env._("Example, is not read")))

    @api.model
    def _read_choices(self):
        """Return ``{column: {text in small letters: value}}`` in every language."""
        found = {}
        for code, _name in self.env["res.lang"].get_installed():
            columns = self.with_context(lang=code)._get_columns()
            for name, column in columns.items():
                for value, label in column.choices:
                    texts = found.setdefault(name, {})
                    texts.setdefault(str(value).casefold(), value)
                    texts.setdefault(str(label).strip().casefold(), value)
        for name, column in columns.items():
            for text, value in by_word(column.written).items():
                found[name].setdefault(text, value)
        return found

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    @api.model
    def _may_take(self):
        """Tell whether the person may take such lists over."""
        return self._has_post() and self.env[self._intake_model].has_access("write")

    @api.model
    def _has_post(self):
        return self.env.su or any(
            self.env.user.has_group(GROUP + role) for role in self._intake_roles
        )

    @api.model
    def _why_not_take(self):
        """Return the sentence why the person may not take such lists, or nothing."""
        if not self._has_post():
            return self.env._(
                "“%(kind)s” is taken over by: %(roles)s.",
                kind=self._get_label(),
                roles=", ".join(
                    self.env.ref(GROUP + role).sudo().name
                    for role in self._intake_roles
                ),
            )
        if not self._may_take():
            return self.env._(
                "“%(kind)s” changes “%(model)s”, which you may not; an "
                "administrator gives you that right or takes the list over.",
                kind=self._get_label(),
                model=self.env["ir.model"]._get(self._intake_model).name,
            )
        return ""

    @api.model
    def _check_role(self):
        """Refuse whoever has not the post, or may not change what is changed."""
        if why := self._why_not_take():
            raise AccessError(why)

    # ------------------------------------------------------------------
    # Verdicts
    # ------------------------------------------------------------------
    @api.model
    def _judge(self, company, rows):
        """Return a :class:`Judged` for each row, in a number of queries that does not
        depend on how many there are."""
        finder = self._look_up(company, rows)
        finder.columns = self._get_all_columns()
        finder.choices = self._read_choices()
        seen, judged = {}, []
        for row in rows:
            judged.append(self._judge_row(row, finder, seen))
        return self._judge_groups(judged, finder)

    def _judge_row(self, row, finder, seen):
        try:
            self._check_cells(row, finder)
            values = self._prepare_row(row, finder)
            self._check_seen(row, self._get_key(row, values), seen)
        except MendRow as mend:
            return Judged(row, "mend", self._get_sentence(row, mend, finder))
        except KnownRow as known:
            return Judged(row, "known", known.message, record=known.record)
        return Judged(row, "ready", self._describe_change(values, finder), values)

    @api.model
    def _describe_change(self, values, finder):
        """Return what a row that is ready would do, where that is not evident."""
        return ""

    def _check_seen(self, row, key, seen):
        """Refuse a second row that speaks of the same."""
        if key in seen:
            raise MendRow(
                None,
                self.env._("row %s speaks of the same; leave one of them.", seen[key]),
            )
        seen[key] = row.row

    def _check_cells(self, row, finder):
        """Refuse what cannot be read, and what is missing."""
        for name, problem in (row.problems or {}).items():
            raise MendRow(name, problem)
        for name, column in finder.columns.items():
            if column.required and not row._text(name):
                raise MendRow(name, self.env._("it is empty; fill it in."))

    def _judge_groups(self, judged, finder):
        """Let rows that are taken together wait for the one that cannot be taken."""
        groups = {}
        for one in judged:
            groups.setdefault(self._get_group(one.row, one.values), []).append(one)
        stopped = {
            key: next(one for one in group if one.verdict == "mend")
            for key, group in groups.items()
            if any(one.verdict == "mend" for one in group)
        }
        result = []
        for one in judged:
            cause = stopped.get(self._get_group(one.row, one.values))
            if cause and one.verdict == "ready":
                mend = MendRow(
                    None, self.env._("it goes with row %s; mend that.", cause.row.row)
                )
                one = Judged(one.row, "mend", self._get_sentence(one.row, mend, finder))
            result.append(one)
        return result

    def _get_sentence(self, row, mend, finder):
        """Return one sentence that names row, column and what to do."""
        column = finder.columns.get(mend.column)
        if not column:
            return self.env._("Row %(row)s: %(what)s", row=row.row, what=mend.message)
        return self.env._(
            "Row %(row)s, column “%(column)s”: %(what)s",
            row=row.row,
            column=column.label,
            what=mend.message,
        )

    def _choice(self, row, name, finder):
        """Return the value that a cell chooses, None for an empty one.

        :raise MendRow: when it names none of the choices
        """
        text = row._text(name)
        if not text:
            return None
        value = finder.choices.get(name, {}).get(text.strip().casefold())
        if value is None:
            labels = [str(label) for _value, label in finder.columns[name].choices]
            raise MendRow(
                name,
                self.env._(
                    "“%(text)s” is none of the choices; write one of: %(choices)s.",
                    text=text,
                    choices=", ".join(labels),
                ),
            )
        return value

    # ------------------------------------------------------------------
    # Taking over
    # ------------------------------------------------------------------
    @api.model
    def _take(self, company, ready):
        """Make what the rows say: all of it or nothing.

        :raise UserError: naming the first row that is refused on the way
        """
        try:
            with self.env.cr.savepoint():
                return self._make(company, ready)
        except UserError as error:
            raise self._name_row(company, ready, error) from error

    def _name_row(self, company, ready, error):
        """Return the refusal of the row that is refused on its own, or as it was."""
        groups = {}
        for one in ready:
            groups.setdefault(self._get_group(one.row, one.values), []).append(one)
        for group in groups.values():
            try:
                with self.env.cr.savepoint() as attempt:
                    self._make(company, group)
                    attempt.rollback()
            except UserError as own:
                return UserError(
                    self.env._(
                        "Row %(row)s: %(what)s Nothing was taken over.",
                        row=group[0].row.row,
                        what=own.args[0],
                    )
                )
        return error


def _cut(words):
    """Return the words of a text that is cut at bars."""
    return tuple(filter(None, words.split("|")))
