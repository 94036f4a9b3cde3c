# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What each menu of the desk shows somebody who opens it: how many rows."""

from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.tools.safe_eval import datetime, dateutil, safe_eval, time

LOGINS = ("clerk", "supervisor", "finance", "warehouse", "sales", "auditor", "floor")
_ROOT = "rd_sales_admin.menu_rd_desk"
_DEFAULT = "search_default_"


def rows(env):
    """Return {login: {menu: [title, model, rows, rows behind the first filters]}}.

    Only lists of records count: a page of our own and a dialog have no rows.
    """
    people = env["res.users"].search([("login", "in", LOGINS)])
    return {user.login: _rows_of(env(user=user.id)) for user in people}


def _rows_of(env):
    env = env(context={**env["res.users"].context_get(), "lang": "en_US"})
    root = env.ref(_ROOT)
    menus = env["ir.ui.menu"].search([("id", "child_of", root.id)])
    menus = menus._filter_visible_menus()
    found = {}
    for menu in menus.filtered("action"):
        if menu.action._name != "ir.actions.act_window":
            continue
        counted = _count(env, menu.action.sudo().read()[0])
        if counted:
            name = menu.get_external_id()[menu.id]
            found[name] = [menu.complete_name, *counted]
    return found


def _count(env, action):
    """Return [model, rows, rows behind the first filters], nothing for a dialog."""
    names = _names(env)
    context, domain = (
        safe_eval(value, names) if isinstance(value, str) else value or empty
        for value, empty in ((action.get("context"), {}), (action.get("domain"), []))
    )
    model = env[action["res_model"]].with_context(**context)
    if model._transient or action.get("res_id"):
        return None
    first = Domain(domain) & _first_filters(model, action, context, names)
    return [model._name, model.search_count(domain), model.search_count(first)]


def _names(env):
    """Return what a domain or context of the web client may name."""
    return {
        "uid": env.uid,
        "time": time,
        "datetime": datetime,
        "relativedelta": dateutil.relativedelta.relativedelta,
        "context_today": lambda: fields.Date.context_today(env.user),
        "allowed_company_ids": env.user.company_ids.ids,
        "current_company_id": env.company.id,
    }


def _first_filters(model, action, context, names):
    """Return the domain of the filters that are on when the list opens.

    Filters between two separators widen each other, groups of them narrow.
    """
    wanted = {
        name.removeprefix(_DEFAULT): value
        for name, value in context.items()
        if name.startswith(_DEFAULT) and value
    }
    view = (action.get("search_view_id") or (False,))[0]
    arch = etree.fromstring(model.get_view(view, "search")["arch"])
    groups = []
    for group in _groups(arch):
        parts = [_get_domain(node, wanted, names) for node in group]
        groups.append([part for part in parts if part is not None])
    return Domain.AND(Domain.OR(group) for group in groups if group)


def _groups(arch):
    """Yield the filters of a search view, cut at all that is none; each field alone."""
    group = []
    for node in arch.iter("separator", "filter", "field", "group"):
        if node.tag == "filter":
            group.append(node)
            continue
        yield group
        group = [] if node.tag != "field" else [node]
        if group:
            yield group
            group = []
    yield group


def _get_domain(node, wanted, names):
    name = node.get("name")
    if name not in wanted:
        return None
    if node.tag == "field":
        return Domain(name, node.get("operator", "="), wanted[name])
    domain = node.get("domain")
    return Domain(safe_eval(domain, names)) if domain else None
