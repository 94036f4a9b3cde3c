import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { postAct, readFile, unreadable } from "./portal_post";

const QUANTITY = ["short", "quantity"];

/** Each tap on a line is posted by itself; nothing else of the page is sent. */
export class StatementPage extends Interaction {
    static selector = ".rd_statement_page";
    dynamicContent = {
        ".rd_confirm": { "t-on-click.withTarget": this.confirm },
        ".rd_agree": { "t-on-click.withTarget": this.agree },
        ".rd_dispute": { "t-on-click.withTarget": this.openDispute },
        "#rd_dispute form": { "t-on-submit.prevent.withTarget": this.sendDispute },
        "#rd_dispute input[name=reason]": { "t-on-change.withTarget": this.showFigures },
        ".rd_upload": { "t-on-submit.withTarget": this.lockUpload },
    };

    get seen() {
        const { revision, hash } = this.el.dataset;
        return { revision: parseInt(revision), content_hash: hash };
    }

    get modal() {
        return window.Modal.getOrCreateInstance(this.el.querySelector("#rd_dispute"));
    }

    post(path, values) {
        return postAct(this, this.el.dataset.url + path, { ...this.seen, ...values });
    }

    showError(container, text) {
        const alert = container.querySelector(".rd_error");
        alert.textContent = text || "";
        alert.classList.toggle("d-none", !text);
        if (text) {
            alert.scrollIntoView({ block: "nearest" });
        }
    }

    async confirm(event, button) {
        button.disabled = true;
        const answer = await this.post("/confirm", {});
        if (answer.error) {
            button.disabled = false;
            this.showError(button.closest(".card"), answer.error);
        } else {
            window.location.assign(answer.redirect_url);
        }
    }

    async agree(event, button) {
        const card = button.closest(".rd_line");
        button.disabled = true;
        await this.answer(card, card, { decision: "confirmed" });
        button.disabled = false;
    }

    async answer(card, container, values) {
        const { id, stamp } = card.dataset;
        const answer = await this.post(`/line/${id}`, { stamp, ...values });
        this.showError(container, answer.error);
        if (!answer.error) {
            card.dataset.verdict = answer.verdict;
            card.querySelector(".rd_badge").textContent = answer.label;
            card.querySelector(".rd_why").textContent = answer.why;
            card.querySelector(".rd_said").textContent = answer.said;
            for (const element of this.el.querySelectorAll(".rd_count")) {
                element.textContent = answer.counts[element.dataset.count];
            }
            this.showOffer(answer.offer);
            if (answer.confirmed) {
                // It was the last line: the page says who confirmed, and when.
                window.location.reload();
            }
        }
        return !answer.error;
    }

    /** Offer to confirm only what there is to confirm. */
    showOffer(offer) {
        const shown = {
            ".rd_confirm, .rd_all_text": offer === "all",
            ".rd_rest_text": offer === "rest",
            ".rd_sign": Boolean(offer),
        };
        for (const [selector, isShown] of Object.entries(shown)) {
            for (const element of this.el.querySelectorAll(selector)) {
                element.classList.toggle("d-none", !isShown);
            }
        }
    }

    openDispute(event, button) {
        this.card = button.closest(".rd_line");
        const form = this.el.querySelector("#rd_dispute form");
        form.reset();
        form.querySelector(".rd_title").textContent =
            this.card.querySelector(".rd_what strong").textContent +
            " · " +
            this.card.querySelector(".rd_note").textContent;
        form.quantity.value = this.card.dataset.quantity;
        form.price.value = this.card.dataset.price;
        this.showError(form, "");
        this.showFigures(event, form);
        const dialog = this.el.querySelector("#rd_dispute");
        this.shown = new Promise((resolve) =>
            dialog.addEventListener("shown.bs.modal", resolve, { once: true })
        );
        this.modal.show();
    }

    showFigures(event, element) {
        const form = element.closest("form");
        const reason = form.querySelector("[name=reason]:checked")?.value;
        form.querySelector(".rd_for_quantity").classList.toggle("d-none", !QUANTITY.includes(reason));
        form.querySelector(".rd_for_price").classList.toggle("d-none", reason !== "price");
        form.note.required = ["part", "other"].includes(reason);
    }

    async sendDispute(event, form) {
        const reason = form.querySelector("[name=reason]:checked")?.value;
        const values = { decision: "disputed", reason, note: form.note.value };
        if (QUANTITY.includes(reason)) {
            values.quantity = form.quantity.value === "" ? null : Number(form.quantity.value);
        }
        if (reason === "price") {
            values.price = form.price.value === "" ? null : Number(form.price.value);
        }
        const send = form.querySelector(".rd_send");
        send.disabled = true;
        const file = form.file.files[0];
        if (file) {
            values.file_name = file.name;
            values.file = await this.waitFor(readFile(file));
        }
        if (values.file === null) {
            send.disabled = false;
            this.showError(form, unreadable());
            return;
        }
        const done = await this.answer(this.card, form, values);
        send.disabled = false;
        if (done) {
            // A dialog that is still opening would not close.
            await this.waitFor(this.shown);
            this.modal.hide();
        }
    }

    /** A second tap must not hand the file in twice. */
    lockUpload(event, form) {
        form.querySelector("button").disabled = true;
    }
}

registry.category("public.interactions").add("rd_reconciliation.statement_page", StatementPage);
