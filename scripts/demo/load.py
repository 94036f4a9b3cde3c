# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Load the demo company into an empty database: ``main(env)``, inside Odoo."""

import sys
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

_SCRIPTS = Path(__file__).resolve().parents[1]
if str(_SCRIPTS) not in sys.path:
    sys.path.insert(0, str(_SCRIPTS))

_MARK = "rd_demo.loaded"
_FILES = _SCRIPTS.parent / ".local" / "demo"


def main(env, today=None, folder=_FILES):
    """Make the company and its two months, unless they are there, and report.

    :param today: the day on which it is loaded; the months are the two before it
    :param folder: where the workbooks are put for people to look at
    """
    from demo import story, summary

    parameters = env["ir.config_parameter"].sudo()
    if not parameters.get_param(_MARK):
        refuse_half(env)
        told = story.tell(today or datetime.now(ZoneInfo("Asia/Shanghai")).date())
        told.write(folder)
        load(env, told)
        parameters.set_param(_MARK, told.months[0].isoformat())
        env.cr.commit()
    summary.show(env)


def refuse_half(env):
    """Stop where an earlier load was broken off; half a company is no demo."""
    if env["res.users"].search_count([("login", "=", "clerk")]):
        raise RuntimeError(
            "The demo company is there only in part: an earlier load was broken off. "
            "Remove its database (make clean) and run make demo again."
        )


def load(env, told):
    """Bring a story into Odoo through the desk's own methods."""
    from demo.afterwards import Afterwards
    from demo.cockpit import pause_one
    from demo.contracts import Contracts
    from demo.custody import Custody
    from demo.desk_work import Desk
    from demo.figures import hand_over, make_plan, stand_in
    from demo.filing import file_papers
    from demo.first_day import FirstDay
    from demo.handover import hand_over as hand_over_projects
    from demo.masters import Masters
    from demo.order_lists import OrderLists
    from demo.orders import Orders
    from demo.portal import answer, make_people
    from demo.receivables import Receivables, agree_terms, ask_for_money
    from demo.returns import Returns
    from demo.scorecard import count, look_back
    from demo.tolerances import allow_tolerance
    from demo.work import ask_opinions, hand_in_reports, plan_work, run_own_step

    with timed("Company, people, parts, customers and orders"):
        masters = Masters(env, told.months).make()
        make_people(masters)
        agree_terms(masters)
        env.cr.commit()
    desk = Desk(env, masters, told)
    with timed("First month: shipping lists"):
        desk.hand_in_lists(0)
    with timed("First month: closed by the desk"):
        desk.invoice_outsiders(0, 4)
        desk.close_first_month()
    with timed("Afterwards: a corrected delivery, a late price, freight"):
        Afterwards(desk).happen()
    with timed("Second month: shipping lists"):
        desk.hand_in_lists(1)
        desk.invoice_outsiders(1, 1)
        desk.receive(1)
    with timed("Second month: run by the scheduled action"):
        desk.run_cron()
        desk.hand_in_ledgers(1)
        desk.run_cron()
        desk.part_pairs(1)
        desk.ask_write_off()
        desk.run_cron()
    with timed("Second month: two tax invoices issued, one on its way"):
        desk.issue_some(1)
    with timed("Second month: two statements sent, one disputed on the portal"):
        answer(desk)
    with timed("Contracts: one in execution, one to be signed, one a draft"):
        Contracts(desk).make()
    with timed("Plan of the months, and a deputy for the clerk"):
        make_plan(desk, told.months)
        hand_over(desk)
        stand_in(desk)
        look_back(desk, told.months)
        env.cr.commit()
    with timed("Projects: handed over, and one that lacks a drawing"):
        hand_over_projects(desk)
    with timed("Papers filed, and what is missing"):
        file_papers(desk)
    with timed("Receivables: bills, a bounced one, exceptions, the plan of this month"):
        Receivables(desk).happen()
    with timed("Asking for money: a promise, a dispute, a dry run"):
        ask_for_money(desk)
    with timed("Orders in progress: released, answered by the floor"):
        Orders(desk).happen()
    with timed("Order lists: one became quotations, one waits for answers"):
        OrderLists(desk).hand_in()
    with timed("Customers' property: cards, an incident, a count, owned stock"):
        Custody(desk).keep()
    with timed("Work plan, reports handed in, what customers think"):
        plan_work(desk)
        hand_in_reports(desk)
        ask_opinions(desk)
        run_own_step(desk)
        env.cr.commit()
    with timed("The cockpit: one affiliate paused"):
        pause_one(desk)
    with timed("Returns: credited, replaced, asked for; samples and loans"):
        Returns(desk).happen()
    with timed("Lists of the first day: taken over, and rows to mend"):
        FirstDay(desk).take_over()
    with timed("A tolerance for what is weighed"):
        allow_tolerance(desk)
    with timed("The daily check of the invariants"):
        env["rd.check.run"]._cron_check()
    with timed("The scorecard of the months that are open"):
        count(desk)


@contextmanager
def timed(what):
    """Print what was done and how long it took."""
    start = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - start:.0f} s", flush=True)
