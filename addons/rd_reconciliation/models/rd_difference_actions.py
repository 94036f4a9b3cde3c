# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from .rd_difference_approval import SUPERVISOR
from .rd_statement import OPEN_STATES

_lt = LazyTranslate(__name__)

# Action of the desk → method; nothing else can be called through it.
METHODS = {
    "accept_theirs": "action_accept_theirs",
    "keep_ours": "action_keep_ours",
    "send_proof": "action_send_proof",
    "carry": "action_carry",
    "write_off": "action_write_off",
    "correct_price": "action_correct_price",
    "learn": "action_learn",
    "price": "action_wait_price",
    "explain": "action_explain",
    "return": "action_return",
    "credit": "action_credit",
    "dispute": "action_dispute",
    "link": "action_link",
    "unlink": "action_unlink",
    "split": "action_split",
    "approve": "action_approve",
    "refuse": "action_refuse",
    "reopen": "action_reopen",
}
# What each may be told; other names are refused.
INPUTS = {
    "send_proof": {"reason"},
    "price": set(),
    "learn": {"reason"},
    "dispute": {"user_id", "deadline", "reason"},
    "link": {"line_ids", "remember"},
    "unlink": {"again"},
    "split": {"quantity", "reason"},
    "approve": set(),
    "reopen": set(),
}
# What fits goods that the signed note says were not accepted.
RECEIPT_KEYS = ["return", "write_off", "keep_ours"]
SHORT_CODES = ("quantity_short", "quantity", "not_in_theirs", "uom", "duplicate")
PRICE_CODES = ("price", "amount", "tax_basis")
# Label and what becomes of the quantity, with their quantity and the rest in it.
TEXTS = {
    "accept_theirs": (
        _lt("Accept their %(theirs)s"),
        _lt("%(rest)s are carried over to next month."),
    ),
    "keep_ours": (
        _lt("They accept ours"),
        _lt("Our lines are confirmed as they stand."),
    ),
    "carry": (
        _lt("Carry over"),
        _lt("It enters next month's statement with its age."),
    ),
    "send_proof": (
        _lt("Keep ours, send the proof"),
        _lt("The signed note goes to the affiliate; the clock runs on."),
    ),
    "write_off": (
        _lt("Settle the rest as lost"),
        _lt("%(rest)s are never invoiced."),
    ),
    "correct_price": (
        _lt("Take their price"),
        _lt("A supervisor approves it before it counts."),
    ),
    "learn": (
        _lt("Confirm and remember"),
        _lt("Our lines are confirmed; next month this agrees by itself."),
    ),
    "price": (
        _lt("Take the price from the order"),
        _lt("As soon as the order states one."),
    ),
    "explain": (
        _lt("Explain, nothing of ours"),
        _lt("No delivery of ours is concerned."),
    ),
    "return": (
        _lt("Raise a return of %(rest)s"),
        _lt("Their quantity is confirmed, the rest comes back."),
    ),
    "credit": (
        _lt("Grant a credit note"),
        _lt("A draft over the amount they take off, for finance to post."),
    ),
    "dispute": (
        _lt("Dispute"),
        _lt("It stays open with an owner, a day and the reason."),
    ),
    "link": (
        _lt("Link with…"),
        _lt("Choose the lines that belong to it, from other months too."),
    ),
    "unlink": (
        _lt("Part the two sides"),
        _lt("Each becomes a difference of its own."),
    ),
    "split": (
        _lt("Split"),
        _lt("Confirm a part; the rest stays open by itself."),
    ),
    "approve": (
        _lt("Approve"),
        _lt("What was asked for is done at once."),
    ),
    "refuse": (
        _lt("Do not approve"),
        _lt("It goes back to its owner with your reason."),
    ),
}
CONFIRM_LOSS = _lt("%(rest)s are lost for good and never invoiced. Go on?")


class RdDifference(models.Model):
    """What may be done about a difference, and doing it by name."""

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    # ------------------------------------------------------------------
    # What may be done
    # ------------------------------------------------------------------
    def _get_actions(self):
        """Return the actions that fit, the proposed one as the primary."""
        self.ensure_one()
        if self.state != "open" or self.statement_id.state not in OPEN_STATES:
            return []
        if self.requested_by_id:
            return self._get_approval_actions()
        keys = self._get_fitting_keys()
        primary = self.proposal if self.proposal in keys else keys[0]
        keys.remove(primary)
        return [self._prepare_action(key, key == primary) for key in (primary, *keys)]

    def _get_fitting_keys(self):
        ours, theirs = bool(self.line_ids), bool(self.ledger_line_ids)
        if ours and not self.match_id:
            own = RECEIPT_KEYS if self._is_of_receipt() else ["price"]
            return [*own, "carry", "dispute"]
        short = ours and self.code in SHORT_CODES and self.quantity > 0
        offered = {
            "accept_theirs": ours and theirs and self.quantity > 0,
            "keep_ours": ours,
            "learn": ours and theirs and self.code in ("part_alias", "doc_ref", "uom"),
            "correct_price": (
                ours
                and theirs
                and {self.code, *(self.also_codes or ())} & set(PRICE_CODES)
            ),
            "explain": not ours,
            "carry": True,
            "send_proof": ours,
            "write_off": short,
            "return": short and theirs,
            "credit": not ours and self.amount > 0,
            "link": ours != theirs,
            "unlink": ours and theirs,
            "split": ours,
            "dispute": True,
        }
        return [key for key, fits in offered.items() if fits]

    def _get_approval_actions(self):
        user = self.env.user
        if user == self.requested_by_id or not user.has_group(SUPERVISOR):
            return []
        return [self._prepare_action("approve", True), self._prepare_action("refuse")]

    def _prepare_action(self, key, primary=False):
        label, hint = TEXTS[key]
        needs = self._get_action_needs(key)
        confirm = self._say(CONFIRM_LOSS) if key == "write_off" else ""
        return {
            "key": key,
            "label": self._say(label),
            "hint": self._say(hint),
            "primary": primary,
            "needs": needs,
            "confirm": confirm,
            "bulk": not any(need["required"] for need in needs) and key != "approve",
        }

    def _say(self, text):
        """Return a text of this file in the user's language, with its quantities."""
        values = {
            "theirs": f"{abs(self.theirs_qty):g}",
            "rest": f"{abs(self.quantity):g}",
        }
        template = self.env._(text)
        return template % values

    def _get_action_needs(self, key):
        """Return the inputs that the desk asks for before it acts."""
        needs = {
            "dispute": self._get_dispute_needs,
            "split": self._get_split_needs,
            "unlink": self._get_unlink_needs,
            "link": self._get_link_needs,
        }
        if key in needs:
            return needs[key]()
        if key in ("refuse", "correct_price", "credit", "explain"):
            return [_need("reason", "text", self.env._("Reason"), "")]
        return []

    def _get_dispute_needs(self):
        owner, day = self.env._("Owner"), self._get_deadline(self.company_id, 5)
        return [
            _need("reason", "text", self.env._("Reason"), ""),
            _need("user_id", "user", owner, self.user_id.id or self.env.uid),
            _need("deadline", "date", self.env._("Answer by"), str(day)),
        ]

    def _get_split_needs(self):
        label = self.env._("Quantity that is confirmed")
        value = abs(self.theirs_qty or self.ours_qty)
        return [_need("quantity", "number", label, value)]

    def _get_unlink_needs(self):
        label = self.env._("The next match may propose this pair again")
        return [_need("again", "boolean", label, False)]

    def _get_link_needs(self):
        lines = _need("line_ids", "lines", self.env._("Lines"), False)
        label = self.env._("Remember how they write it")
        return [
            {**lines, "side": self._other_side()},
            {**_need("remember", "boolean", label, True), "required": False},
        ]

    # ------------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------------
    def act(self, key, values=None):
        """Do one action of the desk for these differences, all or none.

        :param str key: an action that each of their rows offers, or "reopen"
        :param dict values: what the action asked for
        :return: ids settled and still open by now, their rows, a message
        :raise UserError: when the action does not fit one of them
        """
        values = values or {}
        if key not in METHODS or set(values) - INPUTS.get(key, {"reason"}):
            raise UserError(self.env._("The desk does not know this action."))
        if key != "reopen":
            for item in self:
                item._check_offers(key)
        getattr(self, METHODS[key])(**values)
        left = self.exists()
        still_open = left.filtered(lambda item: item.state == "open")
        return {
            "settled": (left - still_open).ids,
            "open": still_open.ids,
            "rows": left._prepare_rows(),
            "message": still_open[:1]._get_waits_for() if still_open else "",
        }

    def _check_offers(self, key):
        self.check_access("read")
        if key not in [action["key"] for action in self._get_actions()]:
            self._check_open()
            raise UserError(
                self.env._(
                    "This does not fit %(difference)s; reload the desk.",
                    difference=self.display_name,
                )
            )

    def get_like(self):
        """Return ids of open differences that may be settled the same way as this:
        same affiliate, kind and proposal, none waiting for somebody."""
        self.ensure_one()
        self.check_access("read")
        like = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("code", "=", self.code),
                ("proposal", "=", self.proposal),
                ("state", "=", "open"),
                ("requested_by_id", "=", False),
                ("dispute_reason", "=", False),
                ("statement_id.state", "in", OPEN_STATES),
            ],
            order="deadline, id",
        )
        return like.ids


def _need(name, kind, label, value):
    return {
        "name": name,
        "type": kind,
        "label": label,
        "required": True,
        "value": value,
    }
