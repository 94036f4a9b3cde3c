# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import functools

from odoo.fields import Domain


def flag_search(method):
    """Make the search method of a computed flag of one that says where it is set.

    The method takes no argument and returns a domain. Odoo asks with the operator
    ``in`` alone and makes the opposite of every other by itself; what is set or not
    set is everything.
    """

    @functools.wraps(method)
    def search(self, operator, value):
        if operator != "in":
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        domain = Domain(method(self))
        return domain if True in value else ~domain

    return search
