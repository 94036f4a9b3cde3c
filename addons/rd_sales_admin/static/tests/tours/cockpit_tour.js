import { registry } from "@web/core/registry";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });

/** Nothing on the page reaches beyond its width. */
function checkWidth() {
    const page = document.querySelector(".o_rd_cockpit");
    if (page.scrollWidth > page.clientWidth) {
        throw new Error(`The cockpit is ${page.scrollWidth} wide in ${page.clientWidth}.`);
    }
}

const narrow = (trigger) => ({ content: "It fits its width", trigger, run: checkWidth });

registry.category("web_tour.tours").add("rd_cockpit_tour", {
    url: "/odoo/cockpit",
    steps: () => [
        see("Who is late", "[data-section='board'] [data-group='late']:contains('Northern Works')"),
        narrow(".o_rd_cockpit [data-section='chain'] [data-place='rest_1_unsigned']"),
        open("All steps of one", ".o_rd_affiliate:contains('Northern Works') .o_rd_affiliate_name"),
        open("Pause it", ".o_rd_affiliate:contains('Northern Works') .o_rd_pause_row"),
        {
            content: "Why",
            trigger: ".modal .o_rd_reason",
            run: "edit their stock-taking",
        },
        open("Do it", ".modal .o_rd_reason_confirm"),
        open(
            "It says who, when and why",
            ".o_rd_affiliate:contains('their stock-taking') .o_rd_resume_row"
        ),
        {
            content: "Why",
            trigger: ".modal .o_rd_reason",
            run: "edit it is over",
        },
        open("Go on", ".modal .o_rd_reason_confirm"),
        open("The figure", ".o_rd_place[data-place='rest_1_unsigned']:not(:disabled)"),
        see("Its rows", ".o_view_controller:contains('N-1')"),
    ],
});

registry.category("web_tour.tours").add("rd_cockpit_supervisor_tour", {
    url: "/odoo/cockpit",
    steps: () => [
        see("What is asked", ".o_rd_approval:contains('left open')"),
        narrow(".o_rd_cockpit [data-section='health']"),
        open("Refuse", ".o_rd_approval .o_rd_refuse"),
        {
            content: "Why",
            trigger: ".modal .o_rd_reason",
            run: "edit wait for their answer",
        },
        open("Do it", ".modal .o_rd_reason_confirm"),
        see("It is answered", "[data-section='approvals'] .o_rd_empty"),
        open("The month", ".o_rd_cockpit [data-page='month']"),
        see("Its affiliates", ".o_rd_affiliate"),
        narrow(".o_rd_cockpit [data-section='board']"),
    ],
});

registry.category("web_tour.tours").add("rd_cockpit_warehouse_tour", {
    url: "/odoo/cockpit",
    steps: () => [
        see("What waits", "[data-section='own'] [data-key='receipts']"),
        narrow(".o_rd_cockpit [data-section='own']"),
        open("Open it", "[data-key='receipts'] .o_rd_row"),
        see("The delivery is there", ".o_view_controller:contains('OUT')"),
    ],
});
