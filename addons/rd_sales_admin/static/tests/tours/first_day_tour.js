import { registry } from "@web/core/registry";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });

/** Nothing on the page reaches beyond its width. */
function checkWidth() {
    const page = document.querySelector(".o_rd_first_day");
    if (page.scrollWidth > page.clientWidth) {
        throw new Error(`The page is ${page.scrollWidth} wide in ${page.clientWidth}.`);
    }
}

registry.category("web_tour.tours").add("rd_first_day_tour", {
    url: "/odoo/first-day",
    steps: () => [
        see(
            "How far a kind is",
            ".card[data-kind='partner'] .o_rd_first_day_state:contains('Rows in: 1, to mend: 1')"
        ),
        see("Nothing yet", ".card[data-kind='alias'] .o_rd_first_day_state:contains('Nothing yet')"),
        {
            content: "It fits its width",
            trigger: ".o_rd_first_day [data-missing='prices']",
            run: checkWidth,
        },
        open("Its lists", ".card[data-kind='partner'] .o_rd_runs"),
        open("The one", ".o_data_cell:contains('customers.csv'), .o_kanban_record:contains('customers.csv')"),
        see("What is to be done", ".o_form_view :contains('no contact is called')"),
        open("Back to the list", ".breadcrumb a:contains('List'), .o_back_button"),
        {
            content: "Back to the page",
            trigger: ".o_list_view, .o_kanban_view",
            run: () => window.history.back(),
        },
    ],
});

registry.category("web_tour.tours").add("rd_first_day_missing_tour", {
    url: "/odoo/first-day",
    steps: () => [
        open(
            "The customer without a price",
            "[data-missing='prices'] .o_rd_missing_row:contains('Northern Works')"
        ),
        see("His contact", ".o_form_view .o_field_widget[name='child_ids']"),
    ],
});
