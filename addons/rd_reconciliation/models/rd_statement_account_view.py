# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .rd_statement_account import BALANCES

SIDES = ("ours", "theirs")


class RdStatement(models.Model):
    """The account and its proof as the statement shows and prints them.

    Every figure has a key by which what stands behind it is opened.
    """

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    account_view = fields.Json(
        string="Balance", compute="_compute_account_view", compute_sudo=False
    )
    account_balanced = fields.Boolean(
        compute="_compute_account_view", compute_sudo=False
    )

    @api.depends(
        "line_ids", "ledger_ids", "match_ids", "difference_ids.state", "amount_total"
    )
    @api.depends_context("lang")
    def _compute_account_view(self):
        for statement in self:
            view = statement._prepare_account_view() if statement.id else False
            statement.account_view = view
            statement.account_balanced = bool(view) and view["balanced"]

    # ------------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------------
    def _prepare_account_view(self):
        """Return the account as plain data.

        - ``basis``: what their balances count, in words;
        - ``stated``: whether their ledger states a closing;
        - ``balances`` [{key, label, ours, theirs, difference, cell}];
        - ``sides`` [{key, label, closing_label, closing, items, adjusted}] with
          items [{key, what, label, code, amount}];
        - ``unexplained``, ``balanced``, ``proved`` (whether there is a proof);
        - ``compared``: whether the rows were matched; before, nothing has a reason.
        """
        self.ensure_one()
        accounts = self._get_accounts()
        proof, period = accounts.proof, accounts.basis == "period"
        proved = bool(self.ledger_ids) or not period
        unexplained = float(proof.unexplained)
        return {
            "currency_id": self.currency_id.id,
            "basis": self._get_basis_label(accounts.basis),
            "stated": not period,
            "proved": proved,
            "compared": bool(self.match_ids) or not self.ledger_ids.line_ids,
            "balances": self._prepare_account_balances(accounts),
            "sides": [self._prepare_account_side(accounts, side) for side in SIDES],
            "unexplained": unexplained,
            "balanced": proved and not self.currency_id.compare_amounts(unexplained, 0),
        }

    def _get_basis_label(self, basis):
        if basis == "period":
            return self.env._("What was stated and booked in the period")
        profile = self.env["rd.ledger.profile"]
        labels = dict(profile._fields["balance_basis"]._description_selection(self.env))
        return labels[basis]

    def _get_balance_labels(self):
        field = self.env["rd.ledger.entry"]._fields["kind"]
        return dict(field._description_selection(self.env))

    def _prepare_account_balances(self, accounts):
        labels = self._get_balance_labels()
        cells = {
            entry.kind: f"{entry.ledger_id.filename or ''} {entry.cell or ''}".strip()
            for entry in self._get_their_entries()
        }
        rows = []
        for name in BALANCES:
            ours, theirs = getattr(accounts.ours, name), getattr(accounts.theirs, name)
            rows.append(
                {
                    "key": name,
                    "label": labels[name],
                    "ours": float(ours),
                    "theirs": None if theirs is None else float(theirs),
                    "difference": None if theirs is None else float(ours - theirs),
                    "cell": cells.get(name, ""),
                }
            )
        return rows

    def _prepare_account_side(self, accounts, side):
        proof = accounts.proof
        translate = self.env["rd.match"]._translate_reason
        labels = self._get_side_labels(accounts.basis)[side]
        return {
            "key": side,
            "label": labels[0],
            "closing_label": labels[1],
            "closing": float(getattr(proof, side)),
            "items": [
                {
                    "key": f"item_{index}",
                    "code": item.code,
                    "what": self._get_item_name(item),
                    "label": translate(item.text.template, item.text.values),
                    "amount": float(item.amount),
                }
                for index, item in enumerate(proof.items)
                if item.side == side
            ],
            "adjusted": float(proof.adjusted(side)),
        }

    def _get_item_name(self, item):
        """Return the delivery or the period that an item is about."""
        if item.section == "brought":
            return self._get_statement_before().name or ""
        if item.section != "line":
            return ""
        if item.ours:
            return self.env["rd.statement.line"].browse(item.ours[0]).display_name
        row = self.env["rd.ledger.line"].browse(item.theirs[0])
        return row.note or row.name or row.display_name

    def _get_side_labels(self, basis):
        env = self.env
        if basis == "period":
            closings = env._("Stated in the period"), env._("Their rows")
        else:
            closings = env._("Our closing, by entries"), env._("Their closing")
        return {
            "ours": (env._("Ours"), closings[0]),
            "theirs": (env._("Theirs"), closings[1]),
        }

    # ------------------------------------------------------------------
    # Opening what stands behind a figure
    # ------------------------------------------------------------------
    def action_view_account(self, key):
        """Open what stands behind one figure of the account.

        :param str key: as the account shows it: ``ours_opening``,
            ``theirs_closing``, ``item_3``
        :raise UserError: when there is no such figure
        """
        self.ensure_one()
        self.check_access("read")
        side, _mark, name = str(key).partition("_")
        if side == "ours" and name in BALANCES:
            return self._open_account_items(self._get_item_ids(name))
        if side == "theirs" and name in (*BALANCES, "payment"):
            kinds = (name, "payment") if name == "receipts" else (name,)
            entries = self._get_their_entries()
            return self._open_their_entries(
                entries.filtered(lambda entry: entry.kind in kinds)
            )
        items = self._get_accounts().proof.items
        if side == "item" and name.isdecimal() and int(name) < len(items):
            return self._open_proof_item(items[int(name)])
        raise UserError(
            self.env._(
                "%(statement)s has no such figure; open it anew.",
                statement=self.display_name,
            )
        )

    def _get_item_ids(self, name):
        """Return the journal items behind one of our balances."""
        wanted = {
            "opening": SQL("WHERE before"),
            "increase": SQL("WHERE NOT before AND NOT after AND charge"),
            "receipts": SQL("WHERE NOT before AND NOT after AND NOT charge"),
            "closing": SQL("WHERE NOT after"),
        }
        return self._query_account_items(wanted[name])

    def _open_proof_item(self, item):
        """Open the difference of an item, else its lines or entries."""
        if item.section == "brought":
            return self._get_statement_before().get_formview_action()
        if item.section == "stated":
            return self._open_stated(item.side)
        if item.section in ("line", "rounding"):
            if item.ours:
                action = self.action_view_lines()
                return {**action, "domain": [("id", "in", list(item.ours))]}
            return self._open_ledger_lines(item.theirs)
        if item.section == "opening":
            return self._open_their_entries(
                self._get_their_entries().filtered(lambda one: one.kind == "opening")
            )
        if item.ours:
            return self._open_account_items(list(item.ours))
        ids = [ref for ref in item.theirs if isinstance(ref, int)]
        return self._open_their_entries(self.env["rd.ledger.entry"].browse(ids))

    def _open_stated(self, side):
        """Open what is stated and not invoiced: our lines, or their rows."""
        if side == "theirs":
            return self._open_ledger_lines(self.ledger_ids.line_ids.ids)
        statements = self | self.search(self._get_earlier_domain()).filtered(
            lambda one: one.state not in ("invoiced", "closed")
        )
        return statements.action_view_lines()

    def _open_ledger_lines(self, ids):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_reconciliation.rd_ledger_line_action"
        )
        return {**action, "domain": [("id", "in", list(ids))], "context": {}}

    def _open_their_entries(self, entries):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_reconciliation.rd_ledger_entry_action"
        )
        return {**action, "domain": [("id", "in", entries.ids)], "context": {}}

    def _open_account_items(self, ids):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_account_moves_all"
        )
        return {**action, "domain": [("id", "in", ids)], "context": {"create": False}}

    # ------------------------------------------------------------------
    # Printed
    # ------------------------------------------------------------------
    def _prepare_print_data(self):
        """Add the account, where their ledger states one: balances and proof."""
        data = super()._prepare_print_data()
        record = data["record"]
        view = record._prepare_account_view()
        data["account"] = record._prepare_print_account(view) if view["stated"] else {}
        return data

    def _prepare_print_account(self, view):
        """Return ``{title, heads, balances, sides, verdict}`` with plain numbers."""
        env = self.env
        money = self._get_print_formats()["money"]
        verdict = env._("The adjusted balances are equal.")
        if not view["balanced"]:
            verdict = env._("Not explained: %s", money(view["unexplained"]))
        return {
            "title": env._("Reconciliation of the balances"),
            "heads": [
                env._("Balance"),
                env._("Ours"),
                env._("Theirs"),
                env._("Difference"),
            ],
            "balances": [
                [row["label"], row["ours"], row["theirs"], row["difference"]]
                for row in view["balances"]
            ],
            "sides": [self._prepare_print_side(side) for side in view["sides"]],
            "verdict": verdict,
        }

    def _prepare_print_side(self, side):
        adjusted = self.env._("Adjusted balance")
        return {
            "label": side["label"],
            "rows": [
                [side["closing_label"], side["closing"]],
                *(
                    [f"{item['what']} {item['label']}".strip(), item["amount"]]
                    for item in side["items"]
                ),
            ],
            "total": [adjusted, side["adjusted"]],
        }
