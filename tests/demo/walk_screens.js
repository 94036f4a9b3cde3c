// Copyright 2026 the RD Sales Desk authors
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
//
// Runs inside the web client of a phone: opens an action and one of its records, and
// says what is wider than the screen and what axe-core calls serious or critical.
window.rdWalk = (() => {
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const env = () => odoo.__WOWL_DEBUG__.root.env;
    const required = (name) => odoo.loader.modules.get(name);

    // deliberately scrollable: a pivot and a graph have as many columns as their data
    const SCROLLABLE = ".o_pivot, .o_graph_renderer, [data-scrolls-sideways]";
    const OURS = [".o_action_manager", "#wrap"];

    /** What is looked at: the dialog where one is open, else the page below the head. */
    function looked() {
        return document.querySelector(".o_dialog")
            ? [".o_dialog"]
            : OURS.filter((selector) => document.querySelector(selector));
    }

    function isShown(element) {
        return element.getClientRects().length > 0;
    }

    function describe(element) {
        const name = element.getAttribute("name");
        const classes = [...element.classList].slice(0, 4).join(".");
        return `${element.tagName.toLowerCase()}${name ? `[${name}]` : ""}.${classes}`;
    }

    /** What reaches past the right edge of the screen, or scrolls sideways. */
    function wide() {
        const found = [];
        const page = document.scrollingElement;
        if (page.scrollWidth > window.innerWidth) {
            found.push(`page is ${page.scrollWidth - window.innerWidth} px too wide`);
        }
        for (const root of document.querySelectorAll(looked().join(","))) {
            for (const element of [root, ...root.querySelectorAll("*")]) {
                if (!isShown(element) || element.scrollWidth <= element.clientWidth + 1) {
                    continue;
                }
                const flow = getComputedStyle(element).overflowX;
                if (!["auto", "scroll"].includes(flow) || element.closest(SCROLLABLE)) {
                    continue;
                }
                const more = element.scrollWidth - element.clientWidth;
                found.push(`${describe(element)} scrolls ${more} px`);
            }
        }
        return found;
    }

    /** Wait until nothing is loading and the screen stands still. */
    async function settled() {
        let last = "";
        for (let turn = 0, still = 0; turn < 200 && still < 3; turn++) {
            await sleep(60);
            const busy = document.querySelector(".o_blockUI, .o_loading_indicator");
            const now = String(document.querySelectorAll("body *").length);
            still = !busy && now === last ? still + 1 : 0;
            last = now;
        }
    }

    /** Elements that Odoo's own components draw: [selector, what it is]. */
    const ODOO = [
        ['[class*="o-mail-"]', "the chatter, activities and previews of messages"],
        [".o_control_panel", "search, pager, view switcher"],
        [".o_notebook_headers", "tabs of a form"],
        [".o_statusbar_status", "the status bar"],
        [".o_select_menu, .o_select_menu_input, .o_select_menu_toggler", "choice fields"],
        [".dropdown-toggle", "menus"],
        [".o_tag", "tags"],
        [".o_image, .o_preview_image, .o_attachment_preview", "previews of files"],
        [".o_progress, .o_progressbar", "progress bars"],
        [".o_form_uri", "links to records"],
        [".o_pivot, .o_graph_view", "pivot and graph"],
        [".o_field_domain", "the editor of conditions"],
        ["[name='activity_ids'], .o_list_activity, .o_ActivityButtonView", "activities"],
        [".o_field_many2one_avatar_user, .o_m2o_avatar, .o_avatar", "pictures of users"],
        [".o_data_cell .o-checkbox", "ticks in lists"],
        [".o_field_reference select", "the choice of a kind of record"],
        [".o_column_title", "columns of a board"],
        [".o_portal_chatter, .o_portal_navbar, .breadcrumb", "the portal's own parts"],
    ];
    // whose colours are Odoo's theme: text classes, badges, buttons, labels, links
    const THEME =
        ".text-muted, .badge, .btn, .alert, .o_form_label, .form-text, a, label," +
        " [class*='text-bg-'], [class*='text-']";

    /** Tell whose a finding is; nothing for what Odoo itself draws. */
    function owner(rule, element, model) {
        if (!element || ODOO.some(([selector]) => element.closest(selector))) {
            return "";
        }
        const own = element.closest("[class*='o_rd_'], [class*='rd_'], #wrap");
        if (rule === "color-contrast" && (!own || element.closest(THEME))) {
            return "";
        }
        const field = element.closest(".o_field_widget[name], [name]");
        // what we add to a model of Odoo's has our prefix; the rest of its form is Odoo's
        const isOdoos = model && !model.startsWith("rd.");
        if (isOdoos && !own && !field?.getAttribute("name").startsWith("rd_")) {
            return "";
        }
        return field ? field.getAttribute("name") || "-" : own ? own.className : "-";
    }

    async function serious(model) {
        const include = looked();
        if (!include.length) {
            return [];
        }
        const result = await window.axe.run(
            { include, exclude: ['[class*="o-mail-"]', ".o_control_panel"] },
            {
                resultTypes: ["violations"],
                runOnly: {
                    type: "tag",
                    values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
                },
            }
        );
        const found = [];
        for (const item of result.violations) {
            if (!["serious", "critical"].includes(item.impact)) {
                continue;
            }
            for (const node of item.nodes) {
                const element = document.querySelector(node.target.at(-1));
                const whose = owner(item.id, element, model);
                if (whose) {
                    const why = item.id === "color-contrast" ? node.any[0].message : "";
                    found.push(`${item.id} (${whose}): ${node.html.slice(0, 200)} ${why}`);
                }
            }
        }
        return found;
    }

    async function look(where, options) {
        await settled();
        const error = document.querySelector(".o_error_dialog, .o_notification.bg-danger");
        return {
            where,
            wide: wide(),
            serious: options.axe ? await serious(options.model) : [],
            error: error ? error.textContent.slice(0, 400) : "",
        };
    }

    async function pages(where, options) {
        const seen = [];
        const tabs = document.querySelectorAll(
            ".o_form_view .o_notebook_headers .nav-link:not(.active):not(.disabled)"
        );
        for (const tab of [...tabs].filter(isShown)) {
            tab.click();
            seen.push(await look(`${where} / ${tab.textContent.trim()}`, options));
        }
        return seen;
    }

    async function records(action) {
        const { evaluateExpr } = required("@web/core/py_js/py");
        const { user } = required("@web/core/user");
        const context = { ...user.context, uid: user.userId, active_id: false };
        let domain = [];
        try {
            domain = evaluateExpr(action.domain || "[]", context);
        } catch {
            domain = [];
        }
        const orm = env().services.orm;
        const ids = await orm.search(action.res_model, domain, { limit: 300 });
        return [...new Set([ids[0], ids.at(-1)])].filter(Boolean);
    }

    /** Open an action, then the form of its first and its last record. */
    async function action(id, options = {}) {
        const service = env().services.action;
        const seen = [];
        const found = await service.loadAction(id);
        const name = found.path || found.xml_id || found.name;
        options = { ...options, model: found.res_model };
        await service.doAction(id, { clearBreadcrumbs: true });
        seen.push(await look(name, options));
        const modes = (found.views || []).map((view) => view[1]);
        const hasForm = modes.includes("form") && modes.length > 1;
        if (options.forms && hasForm && found.target !== "new") {
            for (const [number, resId] of (await records(found)).entries()) {
                await service.doAction(id, {
                    viewType: "form",
                    props: { resId },
                    clearBreadcrumbs: true,
                });
                const where = `${name} (form ${resId})`;
                // of a second record only the width may be another one
                seen.push(await look(where, { ...options, axe: options.axe && !number }));
                if (!number) {
                    seen.push(...(await pages(where, options)));
                }
            }
        }
        const dialog = document.querySelector(
            ".o_dialog .btn-close, .o_dialog .oi-arrow-left"
        );
        if (dialog) {
            dialog.click();
            await settled();
        }
        return seen;
    }

    /** The same, telling the cause of what Owl only calls an error of its life cycle. */
    async function told(id, options) {
        try {
            return await action(id, options);
        } catch (error) {
            const cause = error.cause?.message || error.cause || "";
            throw new Error(`${error.message} ${cause.data?.message || cause}`);
        }
    }

    return { action: told, look };
})();
