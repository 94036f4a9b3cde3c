# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo's program, with a browser whose answers and pictures come late.

Takes the arguments of Odoo's own program; RD_SLOW_ANSWERS and RD_SLOW_FRAMES say how
late, in milliseconds.
"""

import os
import sys

import odoo.cli
from odoo.tests import common

# What runs in a page before anything of its own does.
_SCRIPT = """
(() => {
    if (location.pathname.startsWith("/web/tests")) {
        return; // unit tests have a clock and a server of their own
    }
    const [answers, frames] = [%(answers)d, %(frames)d];
    const late = () =>
        new Promise((resolve) => setTimeout(resolve, answers * Math.random()));
    if (answers) {
        const fetched = window.fetch.bind(window);
        window.fetch = async (...asked) => {
            const answer = await fetched(...asked);
            await late();
            return answer;
        };
        const send = XMLHttpRequest.prototype.send;
        XMLHttpRequest.prototype.send = function (...body) {
            late().then(() => send.apply(this, body));
        };
    }
    if (frames) {
        window.requestAnimationFrame = (draw) =>
            setTimeout(() => draw(performance.now()), frames);
        window.cancelAnimationFrame = (number) => clearTimeout(number);
    }
})();
"""


class SlowBrowser(common.ChromeBrowser):
    """Odoo's browser of the tests, on a slow line and a slow machine."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        source = _SCRIPT % {
            "answers": int(os.environ["RD_SLOW_ANSWERS"]),
            "frames": int(os.environ["RD_SLOW_FRAMES"]),
        }
        self._websocket_request(
            "Page.addScriptToEvaluateOnNewDocument", params={"source": source}
        )


common.ChromeBrowser = SlowBrowser

if __name__ == "__main__":
    sys.exit(odoo.cli.main())
