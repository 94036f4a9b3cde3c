/** Steps that the tours of the exception desk share. */

import { waitUntil } from "@odoo/hoot-dom";

export const see = (content, trigger) => ({ content, trigger });
export const press = (content, key, trigger = ".o_rd_desk") => ({
    content,
    trigger,
    run: ({ anchor }) => {
        const target = document.activeElement || anchor;
        target.dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })
        );
    },
});
export const answer = (content, field, text) => ({
    content,
    trigger: `.o_dialog #rd_need_${field}`,
    run: `edit ${text}`,
});
export const enter = (content, field) => press(content, "Enter", `.o_dialog #rd_need_${field}`);
export const gone = (content, count) =>
    see(content, `.o_rd_desk_open_count:contains('${count} open')`);

/** The key that leads from the selected row to the nearest one with this text. */
const keyTowards = (text) => {
    const rows = [...document.querySelectorAll(".o_rd_desk_row")];
    const selected = rows.findIndex((row) => row.matches(".o_rd_desk_selected"));
    const found = (row) => row.textContent.includes(text);
    if (rows.slice(selected).some(found)) {
        return found(rows[selected]) ? null : "j";
    }
    if (!rows.some(found)) {
        throw new Error(`No row with ${text}`);
    }
    return "k";
};

/** Go to the row with this text: the mouse is never used.
 *
 * The next key waits until the one before is seen: on a busy machine the picture may
 * come later than several keys, and the row would be passed over.
 */
export const goTo = (text) => ({
    content: `Go to ${text}`,
    trigger: ".o_rd_desk_selected",
    run: async () => {
        for (let key = keyTowards(text); key; key = keyTowards(text)) {
            const row = document.querySelector(".o_rd_desk_selected");
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            await waitUntil(() => !row.matches(".o_rd_desk_row.o_rd_desk_selected"), {
                message: `${key} led no further to ${text}`,
                timeout: 10000,
            });
        }
    },
});

/** Confirm a dialog from its button, as Tab and Enter do. */
export const confirm = {
    content: "Confirm",
    trigger: ".o_dialog .o_rd_desk_confirm",
    run: ({ anchor }) => {
        anchor.focus();
        anchor.click();
    },
};

export const click = (content, trigger) => ({ content, trigger, run: "click" });

/** The page is no wider than the phone, nor is anything on it that is shown. */
export const fits = (trigger) => ({
    content: "Nothing is wider than the phone",
    trigger,
    run: () => {
        const wide = [...document.querySelectorAll(`${trigger} *`)].find(
            (item) => item.getBoundingClientRect().right > window.innerWidth + 1
        );
        if (wide) {
            throw new Error(`Wider than the phone: ${wide.outerHTML.slice(0, 200)}`);
        }
    },
});
