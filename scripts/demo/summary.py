# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What closed, and what waits for whom, in plain sentences."""

import importlib.util
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from .catalogue import COMPANY, OUTSIDERS

_INVARIANTS = Path(__file__).resolve().parents[2] / "tests" / "invariants.py"
_ROLES = {"us": "clerk", "them": "affiliate"}


class Wait(NamedTuple):
    """One thing that rests until a person acts."""

    partner: str
    ref: str
    role: str
    person: str
    what: str


def show(env):
    """Print the state of the company's months and check the invariants."""
    env = env(context={**env.context, "lang": "en_US"})
    closes = env["rd.close"].search([], order="month")
    print(f"\n{COMPANY}: {_size(env)}")
    for close in closes:
        _show_month(close)
    _show_differences(env)
    broken = violations(env)
    if broken:
        raise AssertionError("Broken invariants:\n" + "\n".join(broken))
    print("Invariants of the settlement chain: all hold.", flush=True)


def _size(env):
    count = {
        "affiliates": [("rd_partner_class", "=", "affiliate"), ("ref", "!=", False)],
        "outside customers": [("ref", "in", [item.code for item in OUTSIDERS])],
    }
    parts = [
        f"{env['res.partner'].search_count(domain)} {what}"
        for what, domain in count.items()
    ]
    rows = env["rd.shipping.list.line"].search_count([("verdict", "=", "delivered")])
    invoices = env["account.move"].search_count(
        [("move_type", "=", "out_invoice"), ("rd_statement_id", "=", False)]
    )
    parts.append(f"{rows} rows of shipping lists delivered")
    return ", ".join([*parts, f"{invoices} ordinary invoices to outside customers"])


def _show_month(close):
    print(f"\nMonth {close.name}: {_state(close)}")
    waits = waiting(close)
    resting = {wait.ref for wait in waits if wait.role != "finance"}
    for partner in close.step_ids.partner_id.sorted("ref"):
        if partner.ref not in resting and _is_through(close, partner):
            name = f"{partner.ref or '-'} {partner.name}"
            print(f"  {name}: {_outcome(close, partner)}")
    for wait in waits:
        print(
            f"  {wait.ref or '-'} {wait.partner} waits for {wait.person} "
            f"({wait.role}): {wait.what}"
        )
    if not waits and close.state == "open":
        due = min(close.step_ids.mapped("date_due"), default=None)
        print(f"  nothing is due before {due}")


def _state(close):
    if close.state == "closed":
        return f"closed by {close.closed_by_id.name}"
    return f"open, {close.done_count} of {close.step_count} steps done"


def _is_through(close, partner):
    steps = close.step_ids.filtered(lambda step: step.partner_id == partner)
    return all(step.state in ("done", "left") for step in steps)


def _outcome(close, partner):
    if partner == close.company_id.partner_id:
        own = close.step_ids.filtered(lambda step: step.partner_id == partner)
        return own.message
    statements = close.statement_ids.filtered(lambda item: item.partner_id == partner)
    if not statements:
        return "nothing delivered"
    invoices = statements.invoice_ids.filtered(lambda move: move.state == "posted")
    return (
        f"{sum(statements.mapped('line_count'))} lines, "
        f"{sum(statements.mapped('amount_total')):,.2f} yuan, "
        f"posted as {', '.join(invoices.mapped('name'))}"
    )


def waiting(close):
    """Return a :class:`Wait` for everything of a month that rests, by affiliate."""
    waits = []
    steps = close.step_ids.filtered(lambda step: step.state in ("waiting", "failed"))
    for step in steps.sorted(lambda item: item.partner_id.ref or ""):
        partner = step.partner_id
        items = close.statement_ids.difference_ids.filtered(
            lambda item, partner=partner: (
                item.partner_id == partner and item.state == "open"
            )
        )
        if items:
            waits += _wait_for_differences(partner, items)
        else:
            person = _person(close.env, step.role, partner)
            waits.append(
                Wait(partner.name, partner.ref, step.role, person, step.message)
            )
    return waits + _wait_for_accounts(close, steps.partner_id)


def _wait_for_accounts(close, resting):
    """What is open of the accounts of those whose deliveries are through."""
    items = close.statement_ids.difference_ids.filtered(
        lambda item: (
            item.state == "open"
            and item.account_section
            and item.partner_id not in resting
        )
    )
    waits = []
    for partner in items.partner_id.sorted("ref"):
        own = items.filtered(lambda item, partner=partner: item.partner_id == partner)
        waits += _wait_for_differences(partner, own)
    return waits


def _wait_for_differences(partner, items):
    groups = {}
    for item in items:
        groups.setdefault(_who(item), []).append(item.display_name)
    return [
        Wait(partner.name, partner.ref, role, person, "; ".join(sorted(names)))
        for (role, person), names in sorted(groups.items())
    ]


def _who(item):
    """Return (role, name) of who has to settle a difference."""
    if item.requested_by_id:
        return "supervisor", _person(item.env, "supervisor", item.partner_id)
    role = _ROLES.get(item.role, item.role)
    if role == "salesperson" and item.user_id:
        return role, item.user_id.name
    return role, _person(item.env, role, item.partner_id)


def _person(env, role, partner):
    """Return the name of who holds a role; the affiliate's own contact for its."""
    if role == "affiliate":
        return partner.child_ids[:1].name or partner.name
    group = env.ref(f"rd_sales_admin.rd_sales_admin_group_{role}", False)
    if not group:
        return ""
    systems = env.ref("base.user_root") + env.ref("base.user_admin")
    return ", ".join((group.user_ids - systems).sorted("id").mapped("name"))


def _show_differences(env):
    found = Counter(env["rd.difference"].search([]).mapped("code"))
    labels = dict(env["rd.difference"]._fields["code"]._description_selection(env))
    listed = ", ".join(f"{labels[code]} {count}" for code, count in found.most_common())
    print(f"\nDifferences found, by kind: {listed}")


def violations(env):
    """Return what breaks the invariants of the chain, by raw SQL."""
    if not _INVARIANTS.is_file():
        return []
    spec = importlib.util.spec_from_file_location("rd_invariants", _INVARIANTS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    env.flush_all()
    return module.check(env.cr)
