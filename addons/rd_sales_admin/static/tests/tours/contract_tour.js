import { registry } from "@web/core/registry";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });
const go = (content, trigger) => ({ ...open(content, trigger), expectUnloadPage: true });

const fits = {
    content: "Nothing is wider than the screen",
    trigger: ".rd_contract_page",
    run() {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) {
            throw new Error(`The page is ${scrollWidth} px wide on ${clientWidth} px`);
        }
    },
};

registry.category("web_tour.tours").add("rd_contract_sign_tour", {
    steps: () => [
        go("Open the contract to sign", ".list-group a[href^='/my/contracts/']"),
        see("Its plan is there", ".rd_stage:contains('Deposit')"),
        fits,
        open("Sign", "button[data-bs-target='#rd_sign']"),
        {
            content: "Write the name",
            trigger: "#rd_sign .o_web_sign_name_and_signature input",
            run: "edit Ms Harbour",
        },
        {
            content: "The signature is drawn",
            trigger: "#rd_sign canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        go("Accept and sign", "#rd_sign .o_portal_sign_submit:enabled"),
        see("It is signed", ".rd_signed:contains('Ms Harbour')"),
        fits,
    ],
});

registry.category("web_tour.tours").add("rd_contract_deposit_tour", {
    steps: () => [
        see("The plan is open", ".o_field_widget[name=stage_ids]"),
        open("Ask for the deposit", "button[name=action_request_payment]"),
        see("It was asked for", ".o-mail-Message:contains('Payment request')"),
        open("The deposit has come", "button[name=action_register_deposit]"),
        see("Odoo's payment opens", ".modal .o_field_widget[name=amount]"),
        see("The stage is named", ".modal .o_field_widget[name=rd_stage_id]"),
        open("Confirm it", ".modal button[name=action_post]"),
        open("Close", ".modal .btn-close"),
        see("The form is there", "body:not(.modal-open) .o_form_view"),
    ],
});
