# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Parse one workbook in a process of its own, then end.

Run as a script by `book.py`: standard input carries the options and the file,
standard output the cells or the code of a refusal, both as marshal. It imports
nothing of the project and starts fast. A parser that aborts, eats memory or
never ends takes this process down and not the server that asked.
"""

import gc
import marshal
import os
import sys

# The interpreter starts without the folder of the script on its path; behind
# everything else there, no module of the project hides one of Python's.
sys.path.append(os.path.dirname(os.path.abspath(__file__)))

from guard import StopError  # noqa: E402


def limit_resources(memory, seconds):
    """Lower this process's own limits; never raise those it inherited."""
    import resource

    for kind, wanted in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        resource.setrlimit(kind, (wanted, wanted))


def read_zip(data, wanted, limits):
    """Open what a zip container holds: an Office or an OpenDocument workbook."""
    import container

    archive = container.open_zip(data, limits)
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        import xlsx

        return xlsx.read(archive, data, wanted, limits)
    if "content.xml" in names:
        import opendocument

        return opendocument.read_archive(archive, wanted, limits)
    raise StopError("xlsb" if "xl/workbook.bin" in names else "not_xlsx")


def read_xls(data, wanted, limits):
    """Open a BIFF workbook."""
    import xls

    return xls.read(data, wanted, limits)


def read_xml(data, wanted, limits):
    """Open a workbook that is one XML document."""
    import flat_xml

    return flat_xml.read(data, wanted, limits)


def read_html(data, wanted, limits):
    """Open the tables of a web page."""
    import web_page

    return web_page.read(data, wanted, limits)


READERS = {"zip": read_zip, "xls": read_xls, "xml": read_xml, "html": read_html}


def answer(options, data):
    """The cells, or the code of a refusal; never an exception."""
    try:
        reader = READERS[options["kind"]]
        return reader(data, options["sheet"], options["limits"])
    except StopError as stop:
        return stop.answer
    except MemoryError:
        return {"refused": "memory", "values": {}}
    except Exception as error:
        # Whatever a damaged file provokes is a refusal; the parent words it.
        code = "encrypted" if "assword" in str(error) else "damaged"
        return {"refused": code, "values": {"detail": str(error)[:200]}}


def main():
    """Serve one request on standard input and output."""
    options = marshal.load(sys.stdin.buffer)
    sys.path.extend(options["path"])
    # The process ends before garbage matters.
    gc.disable()
    limit_resources(options["limits"]["memory"], options["limits"]["seconds"])
    result = answer(options, sys.stdin.buffer.read())
    # Version 2 keeps no table of references, which saves a third of the time.
    sys.stdout.buffer.write(marshal.dumps(result, 2))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
