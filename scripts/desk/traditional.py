# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Traditional Chinese as Taiwan writes it, made from the simplified translation.

OpenCC converts characters and everyday words; the words of the trade, where Taiwan
says something else, are listed in ``scripts/i18n/zh_TW.tsv``.
"""

import functools
import re

from . import paths
from .messages import Stop

LANGUAGE = "zh_TW"
GLOSSARY = paths.SCRIPTS / "i18n" / "zh_TW.tsv"
_CONFIGURATION = "s2twp"  # to traditional, Taiwan's characters and everyday words
# places of glossary words while the rest is converted: OpenCC leaves these alone
_FIRST_PLACE = 0xE000


@functools.cache
def glossary():
    """Return {word in zh_CN: word in zh_TW} of the trade.

    :raises Stop: a line has not two words, or a word is listed twice
    """
    words = {}
    for number, line in enumerate(GLOSSARY.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) < 2 or not parts[0] or not parts[1] or parts[0] in words:
            raise Stop(
                f"Line {number} of {GLOSSARY.name} must be a word in zh_CN that is not"
                " listed yet, a tab, and the word in zh_TW."
            )
        words[parts[0]] = parts[1]
    return words


@functools.cache
def _converter():
    import opencc

    return opencc.OpenCC(_CONFIGURATION)


@functools.cache
def _glossary_words():
    longest_first = sorted(glossary(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def convert(text):
    """Return a simplified text in traditional Chinese, glossary words first."""
    words = []

    def set_aside(match):
        words.append(glossary()[match.group()])
        return chr(_FIRST_PLACE + len(words) - 1)

    text = _glossary_words().sub(set_aside, text)
    text = _converter().convert(text)
    for number, word in enumerate(words):
        text = text.replace(chr(_FIRST_PLACE + number), word)
    return text


def converted(file, header):
    """Return the traditional translations of a simplified ``polib.POFile``."""
    import polib

    result = polib.POFile(wrapwidth=78)
    result.header = header
    result.metadata = {**file.metadata, "Language": LANGUAGE}
    for entry in file:
        result.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=convert(entry.msgstr),
                comment=entry.comment,
                occurrences=entry.occurrences,
                flags=entry.flags,
            )
        )
    return result
