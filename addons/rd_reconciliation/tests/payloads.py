# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Texts that somebody outside may type to have a page or a mail run them.

Whatever runs leaves a mark: a script sets ``rd_markup`` on the top window, a template
puts ``rd_`` and ``rendered`` together.
"""

RUN = "top.rd_markup='{0}'"
RENDER = "'rd_' + 'rendered'"
MARKUP = (
    # elements that load, fail, focus or move by themselves
    f'<img src=x onerror="{RUN}">',
    f"<img src=x onerror={RUN}>",
    f'<img/src="x"/onerror="{RUN}">',
    f'<IMG SRC=x OnErRoR="{RUN}">',
    f'<img src="x:x" alt="`><script>{RUN}</script>" onerror="{RUN}">',
    f'<image src=x onerror="{RUN}">',
    f'<svg onload="{RUN}">',
    f'<svg/onload="{RUN}"/>',
    f'<svg><animate onbegin="{RUN}" attributeName=x dur=1s>',
    f'<svg><set onbegin="{RUN}" attributename=x>',
    f"<svg><script>{RUN}</script></svg>",
    f'<svg><a xlink:href="javascript:{RUN}"><text x=9 y=9>x</text></a></svg>',
    f'<math><mtext></p><img src onerror="{RUN}"></mtext></math>',
    f'<body onload="{RUN}">',
    f'<body onpageshow="{RUN}">',
    f'<iframe srcdoc="<script>{RUN}</script>"></iframe>',
    f'<iframe src="javascript:{RUN}"></iframe>',
    f'<object data="javascript:{RUN}"></object>',
    f'<embed src="javascript:{RUN}">',
    f'<video><source onerror="{RUN}"></video>',
    f'<video src=x onerror="{RUN}"></video>',
    f'<audio src=x onerror="{RUN}"></audio>',
    f'<details open ontoggle="{RUN}">x</details>',
    f'<marquee onstart="{RUN}">x</marquee>',
    f'<input autofocus onfocus="{RUN}">',
    f'<select autofocus onfocus="{RUN}"></select>',
    f'<textarea autofocus onfocus="{RUN}"></textarea>',
    f'<button autofocus onfocus="{RUN}">x</button>',
    f'<div style="animation-name:x" onanimationstart="{RUN}">x</div>',
    f'<style>@keyframes x{{}}</style><b style="animation:x 1s" '
    f'onanimationend="{RUN}">x</b>',
    f'<p contenteditable onblur="{RUN}">x</p>',
    f'<link rel=stylesheet href=x onerror="{RUN}">',
    f'<meta http-equiv=refresh content="0;url=javascript:{RUN}">',
    f'<base href="javascript:{RUN}//">',
    f'<form action="javascript:{RUN}"><button>x</button></form>',
    f'<button formaction="javascript:{RUN}">x</button>',
    f'<a href="javascript:{RUN}">x</a>',
    f'<a href="  JaVaScRiPt:{RUN}">x</a>',
    f'<a href="java\tscript:{RUN}">x</a>',
    f'<a href="data:text/html,<script>{RUN}</script>">x</a>',
    # scripts as they are, and out of what surrounds them
    f"<script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<script src=x onerror={RUN}></script>",
    f"<<script>{RUN};//<</script>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"</script><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"]]><script>{RUN}</script>",
    f'"><script>{RUN}</script>',
    f"'><img src=x onerror={RUN}>",
    f'" autofocus onfocus="{RUN}" x="',
    f"' onmouseover={RUN} x='",
    f"`onmouseover={RUN}`",
    # templates
    "{{" + RENDER + "}}",
    "${" + RENDER + "}",
    f'<t t-out="{RENDER}"/>',
    f'<t t-esc="{RENDER}"/>{{% print({RENDER}) %}}',
    f'<div t-att-onclick="{RENDER}" t-raw="{RENDER}">x</div>',
)


def bundles(size=10):
    """Return the texts, some in one, each with a sign that it was shown."""
    return [
        "<b onerror=0>" + " ".join(MARKUP[place : place + size])
        for place in range(0, len(MARKUP), size)
    ]
