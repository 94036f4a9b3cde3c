import { registry } from "@web/core/registry";
import { postAct } from "@rd_reconciliation/portal/portal_post";
import { Interaction } from "@web/public/interaction";

/** What is open with one company: chosen items are promised, disputed or proved. */
export class OpenItemsPage extends Interaction {
    static selector = ".rd_open_items";
    dynamicContent = {
        ".rd_promise_form": { "t-on-submit.prevent.withTarget": this.promise },
        ".rd_dispute_form": { "t-on-submit.prevent.withTarget": this.dispute },
        ".rd_proof_form": { "t-on-submit.withTarget": this.prove },
    };

    get chosen() {
        const boxes = this.el.querySelectorAll(".rd_item input:checked");
        return [...boxes].map((box) => Number(box.value));
    }

    promise(event, form) {
        return this.send(form, "/my/open-items/promise", {
            amount: Number(form.amount.value),
            date: form.date.value,
        });
    }

    dispute(event, form) {
        return this.send(form, "/my/open-items/dispute", {
            reason: form.reason.value,
            text: form.text.value,
        });
    }

    /** A form can only bear its fields; a second tap must not send it twice. */
    prove(event, form) {
        form.items.value = this.chosen.join(",");
        form.querySelector("button").disabled = true;
    }

    async send(form, url, values) {
        const { company, hash } = this.el.dataset;
        const button = form.querySelector("button");
        button.disabled = true;
        const answer = await postAct(this, url, {
            company: Number(company),
            content_hash: hash,
            items: this.chosen,
            ...values,
        });
        if (!answer.error) {
            window.location.assign("/my/open-items?outcome=done");
            return;
        }
        const alert = this.el.querySelector(".rd_error");
        alert.textContent = answer.error;
        alert.classList.remove("d-none");
        alert.scrollIntoView({ block: "center" });
        button.disabled = false;
    }
}

registry.category("public.interactions").add("rd_receivables.open_items_page", OpenItemsPage);
