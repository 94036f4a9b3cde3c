# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The zip container of new workbooks, looked into before anything is parsed."""

import io
import re
import zipfile
from xml.etree import ElementTree

from guard import StopError

CHUNK = 1 << 20
SMALL = 4 * CHUNK
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
# What the parsers never open; some programs write such parts twice.
UNREAD = ("xl/drawings/", "xl/media/", "xl/charts/", "docProps/", "customXml/")


def open_zip(data, limits):
    """The archive behind `data` after every check its directory allows."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    entries = archive.infolist()
    if len(entries) > limits["entries"]:
        raise StopError("entries")
    names = [entry.filename for entry in entries]
    read = [name for name in names if not name.startswith(UNREAD)]
    if len(set(read)) != len(read):
        # Two programs would read two different files.
        raise StopError("damaged")
    if any(entry.flag_bits & 1 for entry in entries):
        raise StopError("encrypted")
    if sum(entry.file_size for entry in entries) > limits["unpacked"]:
        raise StopError("unpacked")
    for entry in entries:
        packed = max(entry.compress_size, 1)
        if (
            entry.file_size > limits["ratio_from"]
            and entry.file_size > limits["ratio"] * packed
        ):
            raise StopError("unpacked")
    return archive


def chunks(archive, name):
    """The unpacked bytes of one part, piece by piece."""
    with archive.open(name) as part:
        while piece := part.read(CHUNK):
            yield piece


def check_part(archive, name):
    """Refuse a part that declares a document type or an entity."""
    tail = b""
    for piece in chunks(archive, name):
        if b"\x00" in piece:
            # UTF-16 would slip through every byte pattern below.
            raise StopError("damaged")
        if DECLARATION.search(tail + piece):
            raise StopError("declaration")
        tail = piece[-16:]


def check_parts(archive, skip):
    """Check every XML part except those in `skip`, which are scanned later."""
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels", ".vml")) and name not in skip:
            check_part(archive, name)


def small_tree(archive, name):
    """The element tree of a part that is always small in an honest file."""
    if archive.getinfo(name).file_size > SMALL:
        raise StopError("damaged")
    check_part(archive, name)
    return ElementTree.fromstring(archive.read(name))
