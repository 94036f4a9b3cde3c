# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Follow the elements of an XML document piece by piece, in the helper process."""

from xml.parsers import expat

from guard import StopError, feed

DEEPEST = 200


class Elements:
    """Calls what is known to begin or to end with an element.

    `handlers` tells {element: (method when it begins, method when it ends or None)}.
    """

    def __init__(self, handlers):
        self.depth = 0
        self.starts = {name: pair[0] for name, pair in handlers.items()}
        self.ends = {name: pair[1] for name, pair in handlers.items() if pair[1]}

    def parse(self, pieces):
        """Read the whole document; a document type stops it."""
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse_declaration
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        feed(parser, pieces)

    def start(self, name, attributes):
        """An element begins."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise StopError("damaged")
        if handler := self.starts.get(name):
            handler(attributes)

    def end(self, name):
        """An element ends."""
        self.depth -= 1
        if handler := self.ends.get(name):
            handler()

    def characters(self, text):
        """Text between two elements."""


def refuse_declaration(*_declared):
    """No spreadsheet program writes a document type here."""
    raise StopError("declaration")
