import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { postAct } from "./portal_post";

/** Deliveries are confirmed one by one, each with what arrived of its lines. */
export class DeliveryPage extends Interaction {
    static selector = ".rd_deliveries";
    dynamicContent = {
        ".rd_confirm_delivery": { "t-on-click.withTarget": this.confirm },
    };

    async confirm(event, button) {
        const card = button.closest("[data-url]");
        const inputs = [...card.querySelectorAll(".rd_arrived")];
        const quantities = Object.fromEntries(
            inputs.map((input) => [input.dataset.move, Number(input.value)])
        );
        button.disabled = true;
        const answer = await postAct(this, card.dataset.url, { quantities });
        const alert = card.querySelector(".rd_error");
        alert.textContent = answer.error || "";
        alert.classList.toggle("d-none", !answer.error);
        button.disabled = false;
        if (!answer.error) {
            card.querySelector(".rd_done").classList.remove("d-none");
            button.remove();
            for (const input of inputs) {
                input.disabled = true;
            }
        }
    }
}

registry.category("public.interactions").add("rd_reconciliation.delivery_page", DeliveryPage);
