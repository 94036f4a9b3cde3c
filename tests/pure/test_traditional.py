# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Traditional Chinese is whole, made from the simplified, and as Taiwan says it."""

import re

import polib
import pytest
from desk import i18n, paths, traditional

# what a simplified text becomes: the trade's words, everyday words, places of values
WORDS = {
    "往来对账单": "往來對帳單",
    "客户财产台账": "客戶財產台帳",
    "合同归档": "合約歸檔",
    "项目移交": "專案移交",
    "检查项目": "檢查項目",
    "签收回单": "簽收單",
    "应收账款的账龄": "應收帳款的帳齡",
    "第 %(row)s 行的金额": "第 %(row)s 列的金額",
    "找不到列“%(column)s”": "找不到欄「%(column)s」",
    "该明细已列入对账单，由银行执行": "該明細已列入對帳單，由銀行執行",
    "%(days)s 天后余额仍须发出": "%(days)s 天後餘額仍須發出",
    "丢失、损坏": "遺失、損壞",
    "请打印文件": "請列印文件",
    "默认设置": "預設設定",
    "<b>默认</b> &amp; {limit}": "<b>預設</b> &amp; {limit}",
}
_PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+|&\w+;")
# characters that only simplified Chinese has, in words that are frequent here
_SIMPLIFIED = set("账单对发货数据签认关联户请选择确结额开与为这还没区间务财产样项")


def _file(addon, language):
    return polib.pofile(str(paths.ADDONS / addon / "i18n" / f"{language}.po"))


@pytest.mark.parametrize("text", WORDS)
def test_words_of_the_trade(text):
    assert traditional.convert(text) == WORDS[text]


def test_every_word_of_the_glossary_becomes_what_it_says():
    for simplified, wanted in traditional.glossary().items():
        assert traditional.convert(simplified) == wanted


@pytest.mark.parametrize("addon", paths.OUR_ADDONS)
def test_no_term_is_missing_or_out_of_step(addon):
    simplified = {entry.msgid: entry.msgstr for entry in _file(addon, "zh_CN")}
    found = {entry.msgid: entry.msgstr for entry in _file(addon, traditional.LANGUAGE)}
    assert found.keys() == simplified.keys()
    behind = [
        text for text in found if found[text] != traditional.convert(simplified[text])
    ]
    assert behind == [], "run make i18n"
    assert [text for text, said in found.items() if not said.strip()] == []


@pytest.mark.parametrize("addon", paths.OUR_ADDONS)
def test_values_and_markup_stay(addon):
    simplified = {entry.msgid: entry.msgstr for entry in _file(addon, "zh_CN")}
    for entry in _file(addon, traditional.LANGUAGE):
        wanted = _PLACE.findall(simplified[entry.msgid])
        assert _PLACE.findall(entry.msgstr) == wanted, entry.msgid


@pytest.mark.parametrize("addon", paths.OUR_ADDONS)
def test_nothing_simplified_is_left(addon):
    left = {
        entry.msgid: entry.msgstr
        for entry in _file(addon, traditional.LANGUAGE)
        if _SIMPLIFIED & set(entry.msgstr)
    }
    assert left == {}


@pytest.mark.parametrize("addon", paths.OUR_ADDONS)
@pytest.mark.parametrize("language", [i18n.LANGUAGE, traditional.LANGUAGE])
def test_javascript_mails_and_reports_are_among_the_terms(addon, language):
    """A whole kind of term that the exporter left out would not be missed else."""
    places = " ".join(
        place for entry in _file(addon, language) for place, _line in entry.occurrences
    )
    folder = paths.ADDONS / addon
    kinds = {
        "/static/src/": any(
            "_t(" in p.read_text() for p in folder.rglob("static/src/**/*.js")
        ),
        "model:mail.template": any(folder.glob("data/mail_template*.xml")),
        "model_terms:ir.ui.view": True,
        "/models/": True,
    }
    assert [kind for kind, there in kinds.items() if there and kind not in places] == []


def test_a_bad_line_of_the_glossary_is_named(tmp_path, monkeypatch):
    from desk.messages import Stop

    bad = tmp_path / "zh_TW.tsv"
    bad.write_text("# words\n账\t帳\n账\t賬\n", "utf-8")
    monkeypatch.setattr(traditional, "GLOSSARY", bad)
    with pytest.raises(Stop, match="Line 3"):
        traditional.glossary.__wrapped__()
