# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The profile that is proposed from a first file reads it, and the next one too."""

import ledger
import pytest
from ledger import Profile

PLAIN = "送货日期,送货单号,料号,数量,金额(不含税)\n2026-09-01,DN1,P-1,3,30\n"
REMARKS = "日期,料号,数量,备注\n" + "".join(
    f"2026-09-0{n},P-{n},{n},81082{n}001 发甲厂\n" for n in range(1, 8)
)


def test_every_setting_is_spelled_out():
    proposal = ledger.propose(PLAIN.encode(), "a.csv")
    profile = proposal.profile
    assert profile.columns == {
        "date": "送货日期",
        "note": "送货单号",
        "part": "料号",
        "quantity": "数量",
        "amount": "金额(不含税)",
    }
    assert (profile.tax_basis, profile.key_pattern) == ("excluded", None)
    assert "金额(不含税)" in " ".join(map(str, proposal.reasons))
    assert Profile.from_dict(profile.to_dict()) == profile


def test_the_note_is_found_in_the_remark():
    proposal = ledger.propose(REMARKS.encode(), "a.csv")
    assert proposal.profile.key_pattern == r"\d{9,}"
    assert proposal.profile.columns["note"] == "备注"
    assert proposal.table.rows[0].values["note"] == "810821001"
    again = ledger.read(REMARKS.encode(), "next.csv", proposal.profile)
    assert [row.values for row in again.rows] == [
        row.values for row in proposal.table.rows
    ]
    assert "7 of 7" in str(proposal.reasons[-1])


@pytest.mark.parametrize(
    ("old", "new"),
    [("810825001 发甲厂", "急"), ("81082", "8")],
    ids=["too few", "too short"],
)
def test_other_remarks_are_left_alone(old, new):
    text = REMARKS.replace(old, new)
    for number in range(1, 5):
        text = text.replace(f"81082{number}001", "箱")
    assert ledger.propose(text.encode(), "a.csv").profile.key_pattern is None


def test_the_other_side_tells_which_number_is_the_note():
    text = REMARKS.replace("料号,", "料号,单号,").replace(",P-", ",P-").splitlines()
    rows = [text[0]] + [
        ",".join((*line.split(",")[:2], f"55{n}", *line.split(",")[2:]))
        for n, line in enumerate(text[1:])
    ]
    data = "\n".join(rows).encode()
    assert ledger.propose(data, "a.csv").profile.key_pattern is None
    theirs = ledger.propose(data, "a.csv", notes={"810821001", "x"})
    assert theirs.table.rows[0].values["note"] == "810821001"
    ours = ledger.propose(data, "a.csv", notes={"550", "551"})
    assert ours.table.rows[0].values["note"] == "550"


def test_what_is_known_stays():
    base = Profile(key_pattern=r"DN(\d)", tax_basis="included")
    proposal = ledger.propose(PLAIN.encode(), "a.csv", base)
    assert proposal.profile.tax_basis == "included"
    assert proposal.table.rows[0].values["note"] == "1"


def test_a_file_without_a_table_is_refused():
    with pytest.raises(ledger.Refused):
        ledger.propose(b"a,b\n1,2\n", "a.csv")


def test_a_column_without_a_heading_is_found_by_what_the_profile_says():
    base = Profile(header_row=0, columns={"note": "A", "quantity": "B"})
    proposal = ledger.propose(b"S1,3\nS2,4\n", "a.csv", base)
    assert proposal.profile.columns == base.columns
    again = ledger.read(b"S3,5\n", "next.csv", proposal.profile)
    assert again.rows[0].values == {"note": "S3", "quantity": 5}
