# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a first file leaves open about tax and sign, and nothing else, is asked."""

import ledger
import pytest
from ledger import Profile

HEAD = "日期,单号,料号,数量"


def asked(head, *rows, profile=None):
    table = ledger.read(
        "\n".join([head, *rows]).encode(), "a.csv", profile or Profile()
    )
    return [str(text) for text in ledger.doubts(table, profile or Profile())]


@pytest.mark.parametrize(
    ("column", "open_to_doubt"),
    [
        ("金额", True),
        ("金额(不含税)", False),
        ("含税金额", False),
        ("价税合计", False),
        ("单价", True),
        ("未税单价", False),
        ("单价(含税)", False),
        ("备注", False),
    ],
)
def test_only_an_amount_without_tax_in_its_heading_is_doubted(column, open_to_doubt):
    found = asked(f"{HEAD},{column}", "2026-09-01,DN1,P-1,3,30")
    assert bool(found) == open_to_doubt
    assert all(column in text for text in found)


def test_a_total_with_tax_beside_it_answers():
    assert not asked(f"{HEAD},金额,价税合计", "2026-09-01,DN1,P-1,3,30,33.9")


@pytest.mark.parametrize(
    ("kind", "quantity", "open_to_doubt"),
    [
        ("发货", 3, False),
        ("采购入库", 3, False),
        ("退货", 3, False),
        ("调整", 3, True),
        ("调整", -3, False),
        ("", 3, False),
    ],
)
def test_only_a_kind_that_may_be_either_is_doubted(kind, quantity, open_to_doubt):
    found = asked(f"{HEAD},事务类型", f"2026-09-01,DN1,P-1,{quantity},{kind}")
    assert bool(found) == open_to_doubt
    assert all("调整" in text for text in found)


def test_what_the_profile_answers_is_not_asked():
    known = Profile(tax_basis="excluded", negative=("调整",))
    rows = ["2026-09-01,DN1,P-1,3,30,调整"]
    assert len(asked(f"{HEAD},金额,事务类型", *rows)) == 2
    assert not asked(f"{HEAD},金额,事务类型", *rows, profile=known)
