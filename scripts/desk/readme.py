# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""make readme: each add-on's description page, made from its ``readme`` fragments.

The fragments are those of the OCA (Odoo Community Association); Odoo shows the page
where add-ons are installed.
"""

import ast
import html
import os
import shutil
import subprocess

from . import paths, setup
from .messages import say

REQUIRED = ("DESCRIPTION", "INSTALL", "CONFIGURE", "USAGE", "ROADMAP", "HISTORY")
_SECTIONS = (
    ("DESCRIPTION", None),
    ("CONTEXT", "Where it comes from"),
    ("INSTALL", "Installation"),
    ("CONFIGURE", "Configuration"),
    ("USAGE", "Usage"),
    ("ROADMAP", "Known issues and what may come"),
    ("HISTORY", "Changes"),
    ("CONTRIBUTORS", "Contributors"),
)
# the picture of an add-on's page: one of those of the documentation
SCREENS = {
    "rd_sales_admin": "cockpit",
    "rd_reconciliation": "exception-desk",
    "rd_receivables": "collection-plan",
    "rd_custody": "property-card",
}
_PAGE = """<!-- Made from readme/*.md by make readme: change those. -->
<section class="oe_container">
<h1>{name}</h1>
<p class="lead">{summary}</p>
{picture}{body}
<p>Licence: AGPL-3.0 or later</p>
</section>
"""
_PICTURE = '<p><img src="{name}" alt="{alt}" class="img-fluid" width="100%"/></p>\n'


def main(arguments=()):
    """Write the description pages."""
    setup.prepare()
    command = [str(paths.PYTHON), "-m", "desk.readme"]
    environment = {**os.environ, "PYTHONPATH": str(paths.SCRIPTS)}
    return subprocess.run(command, env=environment, cwd=paths.ROOT).returncode


def page_of(addon):
    """Return the path of an add-on's description page."""
    return paths.ADDONS / addon / "static" / "description" / "index.html"


def render(addon):
    """Return an add-on's description page."""
    import markdown

    manifest = ast.literal_eval((paths.ADDONS / addon / "__manifest__.py").read_text())
    parts = []
    for name, title in _SECTIONS:
        fragment = paths.ADDONS / addon / "readme" / f"{name}.md"
        if fragment.is_file():
            parts += [f"<h2>{title}</h2>"] if title else []
            parts.append(markdown.markdown(fragment.read_text("utf-8")))
    return _PAGE.format(
        name=html.escape(manifest["name"]),
        summary=html.escape(manifest["summary"]),
        picture=_picture(addon, manifest["name"]),
        body="\n".join(parts),
    )


def _picture(addon, name):
    if addon not in SCREENS:
        return ""
    return _PICTURE.format(name="screen.png", alt=html.escape(f"A screen of {name}"))


def pictures_of(addon):
    """Return where an add-on's picture comes from and where it goes."""
    source = paths.ROOT / "docs" / "images" / f"{SCREENS[addon]}.png"
    return source, page_of(addon).with_name("screen.png")


def write():
    """Write every page that is not what its fragments say."""
    for addon in paths.OUR_ADDONS:
        page, text = page_of(addon), render(addon)
        if not page.is_file() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8")
            say(f"  {page.relative_to(paths.ROOT)}")
    for addon in SCREENS:
        shutil.copyfile(*pictures_of(addon))


if __name__ == "__main__":
    write()
