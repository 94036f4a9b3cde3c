import { registry } from "@web/core/registry";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });
const go = (content, trigger) => ({ ...open(content, trigger), expectUnloadPage: true });
// A page that is left while its messages still load complains about it.
const settled = see("The messages are there", "#chatterRoot:shadow .o-mail-Chatter");
const line = (part) => `.rd_line:contains('${part}')`;

const fits = {
    content: "Nothing is wider than the screen",
    trigger: ".rd_statement_page",
    run() {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) {
            throw new Error(`The page is ${scrollWidth} px wide on ${clientWidth} px`);
        }
    },
};

const photo = () => new File([Uint8Array.from(atob(PIXEL), (c) => c.charCodeAt(0))], "crate.png", { type: "image/png" });
const PIXEL =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAIAAAUAAeImfDMAAAAASUVORK5CYII=";

const attach = (selector, file) => ({
    content: "Choose a file",
    trigger: selector,
    run({ anchor }) {
        const chosen = new DataTransfer();
        chosen.items.add(file());
        anchor.files = chosen.files;
        anchor.dispatchEvent(new Event("change", { bubbles: true }));
    },
});

const dispute = (part, reason, figures) => [
    open(`Dispute ${part}`, `${line(part)} .rd_dispute`),
    open("Say why", `#rd_dispute.show label:contains('${reason}')`),
    ...figures,
    attach("#rd_dispute input[name=file]", photo),
    open("Send it", "#rd_dispute.show .rd_send:enabled"),
    see("It is shown as disputed", `${line(part)}[data-verdict=difference] .rd_said:contains('${reason}')`),
    see("The question is closed", "body:not(.modal-open)"),
];

const ledger = () =>
    new File(
        ["送货日期,送货单号,料号,数量,价税合计\n2026-09-10,SH-1,P-300,100,38.42\n"],
        "ours.csv",
        { type: "text/csv" }
    );

const answer = (url) => [
    go("Open the statement to answer", `a[href^='${url}']`),
    see("Its lines are there", line("P-300")),
    fits,
    ...dispute("P-100", "Short", [
        { content: "What arrived", trigger: "#rd_dispute.show #rd_quantity", run: "edit 8" },
    ]),
    ...dispute("P-200", "Other price", [
        { content: "Their price", trigger: "#rd_dispute.show #rd_price", run: "edit 20" },
    ]),
    attach(".rd_upload_ledger input[name=file]", ledger),
    go("Hand in the ledger", ".rd_upload_ledger button"),
    see("The outcome is in plain words", ".alert-success:contains('1 of our 3 lines agree')"),
    see("What differs says why", `${line("P-100")} .rd_why:contains('8')`),
    fits,
    open("Sign", "button[data-bs-target='#rd_sign']"),
    { content: "The name", trigger: "#rd_sign .o_web_sign_name_and_signature input", run: "edit Lin Mei" },
    { content: "The signature is drawn", trigger: "#rd_sign canvas.o_web_sign_signature", run: "canvasNotEmpty" },
    go("Confirm and sign", "#rd_sign .o_portal_sign_submit:enabled"),
    see("It says who confirmed", ".rd_statement_page .text-success:contains('north_finance')"),
    settled,
];

registry.category("web_tour.tours").add("rd_portal_statement_tour", {
    steps: () => [go("Open the statements", "a[href='/my/statements']"), ...answer("/my/statements/")],
});

registry.category("web_tour.tours").add("rd_portal_delivery_tour", {
    steps: () => [
        { content: "One piece is missing", trigger: ".rd_delivery .rd_arrived:first", run: "edit 9" },
        open("Confirm the arrival", ".rd_confirm_delivery"),
        see("It is confirmed", ".rd_done:not(.d-none)"),
    ],
});

registry.category("web_tour.tours").add("rd_portal_confirm_tour", {
    steps: () => [
        settled,
        open("Agree to one line", `${line("P-300")} .rd_agree`),
        see("It is confirmed", `${line("P-300")}[data-verdict=confirmed]`),
        see("Two are left", ".rd_count[data-count=open]:contains('2')"),
        go("Confirm all", ".rd_confirm"),
        see("All is confirmed", ".rd_statement_page .text-success"),
        settled,
    ],
});
