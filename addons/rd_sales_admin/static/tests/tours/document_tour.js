import { registry } from "@web/core/registry";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });

const PAGE = "%PDF-1.4 one page";

/** Hand the widget a file, as the camera or the chooser would. */
function choose(name) {
    return ({ anchor }) => {
        const file = new File([PAGE + name], name, { type: "application/pdf" });
        const input = anchor.parentElement.querySelector(".o_rd_paper_input");
        const transfer = new DataTransfer();
        transfer.items.add(file);
        input.files = transfer.files;
        input.dispatchEvent(new Event("change"));
    };
}

/** Drop a file on the widget, as from the desktop. */
function drop(name) {
    return ({ anchor }) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([PAGE + name], name, { type: "application/pdf" }));
        for (const kind of ["dragover", "drop"]) {
            const event = new DragEvent(kind, { bubbles: true, cancelable: true });
            Object.defineProperty(event, "dataTransfer", { value: transfer });
            anchor.dispatchEvent(event);
        }
    };
}

/** Nothing reaches beyond the screen. */
const fits = (trigger) => ({
    content: "Nothing is wider than the screen",
    trigger,
    run() {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) {
            throw new Error(`The page is ${scrollWidth} px wide on ${clientWidth} px`);
        }
    },
});

registry.category("web_tour.tours").add("rd_document_phone_tour", {
    steps: () => [
        see("The order's paper is missing", ".o_kanban_record:contains('PO-1')"),
        fits(".o_kanban_record:contains('PO-1')"),
        {
            content: "One tap, one photo: it is filed",
            trigger: ".o_kanban_record:contains('PO-1') .o_rd_file_paper",
            run: choose("order.pdf"),
        },
        see("It has come", ".o_notification:contains('Filed.')"),
        see("Nothing is missing", ".o_view_nocontent, .o_kanban_view:not(:has(.o_rd_file_paper))"),
    ],
});

registry.category("web_tour.tours").add("rd_document_find_tour", {
    steps: () => [
        see("The register", ".o_kanban_view"),
        open("Search", ".o_control_panel .oi-search, .o_control_panel button .fa-search"),
        {
            content: "One box for every word",
            trigger: ".o_searchview_input",
            run: "edit gearbox northern",
        },
        {
            content: "Find it",
            trigger: ".o_searchview_input",
            run: "press Enter",
        },
        see("The place stands on the card", ".o_kanban_record:contains('Shelf A / Box 1')"),
        fits(".o_kanban_record:contains('Supply contract gearbox')"),
        open("Open it", ".o_kanban_record:contains('Supply contract gearbox')"),
        see("Its file is there", ".o_form_view .o_attachment:contains('paper.pdf')"),
        fits(".o_form_view"),
    ],
});

registry.category("web_tour.tours").add("rd_document_index_tour", {
    steps: () => [
        see("The form", ".modal .o_field_widget[name=kind]"),
        open("Print it", ".modal button[name=action_workbook]"),
        see("It is done", "body:not(:has(.o_error_dialog))"),
    ],
});

registry.category("web_tour.tours").add("rd_document_write_tour", {
    steps: () => [
        see("The procedure", ".o_form_view .o_field_widget[name=title]"),
        {
            content: "Drop the next version",
            trigger: ".o_form_view .o_rd_file_paper",
            run: drop("second.pdf"),
        },
        see("It waits to be reviewed", ".o_field_widget[name=version_ids] .o_data_row:contains('Draft')"),
    ],
});

registry.category("web_tour.tours").add("rd_document_approve_tour", {
    steps: () => [
        open("Reviewed", "button[name=action_review]"),
        open("Approved", "button[name=action_approve]"),
        open("In force", "button[name=action_put_in_force]"),
        see("It holds", ".o_statusbar_status .o_arrow_button_current:contains('In force')"),
    ],
});

registry.category("web_tour.tours").add("rd_document_read_tour", {
    steps: () => [
        open("I have read it", "button[name=action_acknowledge]"),
        see("Nothing is left to read", ".o_form_view:not(:has(button[name=action_acknowledge]))"),
    ],
});

registry.category("web_tour.tours").add("rd_document_check_tour", {
    steps: () => [
        see("What should be in the box", ".o_kanban_record:contains('Supply contract gearbox')"),
        fits(".o_kanban_record:contains('Supply contract gearbox')"),
        open("One is missing", ".o_kanban_record:contains('Supply contract') button[name=action_missing]"),
        see("It says so", ".o_kanban_record:contains('Supply contract'):contains('Missing')"),
        open("More buttons", ".o_statusbar_buttons .dropdown-toggle, .o_statusbar_buttons button[name=action_done]"),
    ],
});
