/** Steps that the tours of the exception desk share. */

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

/** Go down to the row with this text: the mouse is never used. */
export const goTo = (text) => ({
    content: `Go to ${text}`,
    trigger: ".o_rd_desk_row",
    run: async () => {
        for (let tries = 0; tries < 40; tries++) {
            const row = document.querySelector(".o_rd_desk_selected");
            if (row && row.textContent.includes(text)) {
                return;
            }
            const key = tries < 20 ? "j" : "k";
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error(`No row with ${text}`);
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
