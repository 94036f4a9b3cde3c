import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";

/**
 * Post an act of a portal page. The server answers a refusal with its sentence; what
 * fails on the way there or back is one sentence, too, and never technical text.
 *
 * @returns {Promise<Object>} the answer, or `{ error }`
 */
export async function postAct(interaction, url, values) {
    try {
        return await interaction.waitFor(rpc(url, values));
    } catch {
        return {
            error: _t(
                "We have no answer to this. Check your connection, open the page " +
                    "again and see whether it was taken."
            ),
        };
    }
}

/** Return the content of a chosen file in base64, or null where it cannot be read. */
export function readFile(file) {
    return new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(",")[1] || "");
        reader.onerror = () => resolve(null);
        reader.readAsDataURL(file);
    });
}

/** Return what is said about a file that cannot be read. */
export function unreadable() {
    return _t("The file cannot be read; choose it again.");
}
