# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from collections import Counter
from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from odoo import Command
from odoo.tests import tagged

from .answer_walk import AnswerWalk
from .chain_walk import ChainWalk
from .common import INVARIANTS, ReconciliationCommon, load_invariants
from .handover_walk import HandoverWalk

_logger = logging.getLogger(__name__)

# Five numbers more with each release, walked in each run from then on. Which walk a
# number names changes with the steps.
KEPT = {"19.0.1.1.0": (1101, 1102, 1103, 1104, 1105)}


class PreparedCursor:
    """A cursor that lets the database plan each fixed query once: to plan the
    invariants takes longer than to look at the few rows of a walk."""

    def __init__(self, cursor):
        self._cursor = cursor
        self._names = {}

    def execute(self, query, parameters=None):
        """Run a query, prepared if it has no parameters."""
        if parameters:
            self._cursor.execute(query, parameters)
            return
        if query not in self._names:
            name = f"rd_invariant_{len(self._names)}"
            self._cursor.execute(f"PREPARE {name} AS {query}")
            self._names[query] = name
        self._cursor.execute(f"EXECUTE {self._names[query]}")

    def forget(self):
        """Have the queries planned anew: what many walks took back has grown by then,
        and a plan for small tables reads all of it."""
        for name in self._names.values():
            self._cursor.execute(f"DEALLOCATE {name}")
        self._names.clear()

    def __getattr__(self, name):
        return getattr(self._cursor, name)


class ChainWalkCase(ReconciliationCommon):
    """Random walks through the chain; no step may break an invariant."""

    walked_by = ChainWalk

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.walked = cls.parts[0] + cls.parts[2]
        cls.agree_prices(cls.affiliate, 11.0, date(2026, 9, 12))
        cls.order = cls._create_order(
            [(cls.walked[0], 500, 10.0), (cls.walked[1], 500, 0.335)]
        )
        # the same affiliate, entered a second time by somebody
        cls.twin = cls.env["res.partner"].create(
            {
                "name": "Northern Works (old)",
                "is_company": True,
                "rd_partner_class": "affiliate",
            }
        )
        cls.twin_order = cls._create_order(
            [(cls.walked[0], 500, 10.0)], partner=cls.twin
        )
        cls.freight = cls._create_part("FREIGHT", 0.0, type="service")
        cls.closes = cls.env["rd.close"]
        for month in (9, 10, 11):
            cls.closes += cls._open_close(date(2026, month, 1))
        cls.env["rd.opening"]._ensure(cls.company)
        cls.invariants = load_invariants() if INVARIANTS.is_file() else None

    def setUp(self):
        super().setUp()
        if not self.invariants:
            self.skipTest("the invariants are not part of an installed add-on")
        self.did, self.refused = Counter(), Counter()
        # plans of these queries are not worth compiling for a dozen rows
        self.env.cr.execute("SET LOCAL jit = off")
        self.cursor = PreparedCursor(self.env.cr._obj)
        self.addCleanup(self.env.cr.execute, "DEALLOCATE ALL")

    @classmethod
    def agree_prices(cls, partner, price, day):
        """Sign a contract over the first part: 10 as its orders say, and another
        price for deliveries of a fortnight from ``day`` on."""
        bounds = (
            (date(2026, 9, 1), day - timedelta(1), 10.0),
            (day, day + timedelta(13), price),
            (day + timedelta(14), False, 10.0),
        )
        contract = cls.env["rd.contract"].create(
            {
                "subject": "Parts of the year",
                "partner_id": partner.id,
                "kind": "framework",
                "scan": "c2Nhbg==",
                "price_ids": [
                    Command.create(
                        {
                            "product_id": cls.walked[0].id,
                            "price": amount,
                            "valid_from": begin,
                            "valid_to": end,
                        }
                    )
                    for begin, end, amount in bounds
                    if not end or begin <= end
                ],
            }
        )
        contract.action_send()
        contract.action_sign_scan()
        return contract

    def check_invariants(self):
        """Hold the books against the invariants of the project, in raw SQL.

        Nobody's step changes the tables themselves: what guarantees a rule in the
        database is looked at elsewhere.
        """
        found = self.invariants.check(self.cursor, without=("guarantees",))
        self.assertFalse(found, "\n".join(found))

    def count(self, did, refused):
        """Add what one walk did and what it was refused."""
        self.did.update(did)
        self.refused.update(refused)

    def _walk(self, walks, number=None, **options):
        """Take that many walks of twenty steps.

        :param number: names walks that are the same each time; other ones without it
        """
        machine = type("ChainWalkOfTest", (self.walked_by,), {"test": self})
        walk = get_state_machine_test(
            machine,
            settings=settings(
                max_examples=walks,
                stateful_step_count=20,
                deadline=None,
                database=None,
                derandomize=False,  # whatever the profile of a build server says
                suppress_health_check=list(HealthCheck),
                **options,
            ),
        )
        if number is not None:
            walk = seed(number)(walk)
        walk()
        _logger.info("done: %s; refused: %s", dict(self.did), dict(self.refused))


@tagged("post_install", "-at_install")
class TestChainWalk(ChainWalkCase):
    """Thirty of the fifty walks of every run, ten to a batch, the same each time, and
    those kept of each release."""

    batches = 3

    def test_walks(self):
        for number in range(self.batches):
            # one that fails is printed as it was: to shrink it would take minutes
            with self.subTest(number=number):
                self._walk(10, number, phases=(Phase.generate,))

    def test_walks_of_releases(self):
        for release, numbers in KEPT.items():
            for number in numbers:
                with self.subTest(release=release, number=number):
                    # the first walk of a number is the plainest there is
                    self._walk(2, number, phases=(Phase.generate,))


@tagged("post_install", "-at_install")
class TestHandoverWalk(ChainWalkCase):
    """Ten of the fifty, of an affiliate that has a project handed over, too."""

    walked_by = HandoverWalk

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.handovers = cls._make_handovers()

    @classmethod
    def _make_handovers(cls):
        """Return two lists of one project line, received and with the affiliate."""
        service = cls._create_part(
            "PRJ-1",
            900.0,
            type="service",
            is_storable=False,
            service_policy="delivered_milestones",
            service_tracking="project_only",
        )
        cls.project_order = cls._create_order([(service, 1, 900.0)])
        handovers = cls.env["rd.handover"]
        for share in (60.0, 40.0):
            handovers += handovers.create(
                {
                    "company_id": cls.company.id,
                    "order_id": cls.project_order.id,
                    "share": share,
                    "line_ids": [
                        Command.create({"name": "Keys", "handover_class": "accessory"})
                    ],
                }
            )
        for handover in handovers:
            handover.action_start()
            handover.line_ids.action_receive()
            handover.action_send()
        return handovers

    def test_walks(self):
        self._walk(10, 0, phases=(Phase.generate,))


class AnswerWalkCase(ChainWalkCase):
    """An affiliate with somebody on the portal, who answers each by other means."""

    walked_by = AnswerWalk

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance = cls._make_portal("walk_finance", cls.affiliate, "finance")


@tagged("post_install", "-at_install")
class TestChainWalkAnswers(AnswerWalkCase):
    """Ten of the fifty, in which charges and adjusted prices are answered as well."""

    def test_walks(self):
        self._walk(10, 0, phases=(Phase.generate,))


@tagged("-standard", "rd_nightly", "post_install", "-at_install")
class TestChainWalkNightly(AnswerWalkCase):
    """Five hundred, others each night; a failing one is shrunk and printed, and the
    batches after it are walked all the same."""

    def test_walks(self):
        self._walk_batches(range(5))

    def test_more_walks(self):
        self._walk_batches(range(5, 10))

    def _walk_batches(self, batches):
        for batch in batches:
            # two of the ten with what the affiliate answers by its own means
            self.walked_by = AnswerWalk if batch % 5 == 4 else ChainWalk
            self.cursor.forget()
            with self.subTest(batch=batch):
                self._walk(50, print_blob=True)
