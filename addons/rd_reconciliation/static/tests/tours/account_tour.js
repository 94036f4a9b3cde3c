import { registry } from "@web/core/registry";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });
const press = (content, key) => ({
    content,
    trigger: ".o_rd_desk",
    run: () => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })),
});

/** From the statement to its account, and back from what a figure opens. */
const account = () => [
    open("Open the account", ".o_notebook .nav-link:contains('Balance')"),
    see("The proof balances", ".o_rd_account .alert-success"),
    see("Their opening differs", ".o_rd_account [data-row=opening] .text-danger:contains('20.00')"),
    {
        content: "Nothing is wider than the page",
        trigger: ".o_rd_account [data-side=theirs] tfoot",
        run() {
            const { scrollWidth, clientWidth } = document.documentElement;
            if (scrollWidth > clientWidth) {
                throw new Error(`The page is ${scrollWidth} px wide on ${clientWidth} px`);
            }
        },
    },
    open("Open their cell", ".o_rd_account [data-key=theirs_opening]"),
    see("It is their opening", ".o_view_controller:contains('480.00')"),
];

registry.category("web_tour.tours").add("rd_account_tour", { steps: account });

registry.category("web_tour.tours").add("rd_account_desk_tour", {
    steps: () => [
        see("The payment is the first", ".o_rd_desk_card:contains('we have not received it')"),
        press("Ask finance", "q"),
        {
            content: "Say what is asked",
            trigger: ".o_dialog #rd_need_reason",
            run: "edit Did it come in?",
        },
        open("Send it", ".o_dialog .o_rd_desk_confirm"),
        see("It waits for finance", ".o_rd_desk_waits:contains('answers next')"),
        press("Name the entry", "h"),
        open("Choose it", ".o_dialog .o_rd_desk_choices label:contains('50')"),
        open("It is this one", ".o_dialog .o_rd_desk_confirm"),
        see("Nothing is left", ".o_rd_desk_open_count:contains('0 open')"),
    ],
});
