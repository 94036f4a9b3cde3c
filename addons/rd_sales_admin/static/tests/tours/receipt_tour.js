import { registry } from "@web/core/registry";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });

const PIXEL =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQ" +
    "DwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

/** Hand the widget a photo, as the camera would. */
function takePhoto({ anchor }) {
    const bytes = Uint8Array.from(atob(PIXEL), (char) => char.charCodeAt(0));
    const photo = new File([bytes], "note.png", { type: "image/png" });
    const input = anchor.parentElement.querySelector(".o_rd_receipt_input");
    const transfer = new DataTransfer();
    transfer.items.add(photo);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change"));
}

registry.category("web_tour.tours").add("rd_receipt_phone_tour", {
    url: "/odoo/signatures",
    steps: () => [
        see("The oldest comes first", ".o_kanban_record:first:contains('DN-1')"),
        open("Open it", ".o_kanban_record:contains('DN-1')"),
        {
            content: "Signed, all accepted: the camera opens",
            trigger: ".o_rd_receipt_sign:contains('Signed, all accepted')",
            run: takePhoto,
        },
        see("It is signed", ".o_form_view .badge:contains('Signed, all accepted')"),
        see("The photo is there", ".o_form_view .o_attachment:contains('note.png')"),
        open("Back to the list", ".o_back_button, .o_breadcrumb .breadcrumb-item a"),
        open("Open the next", ".o_kanban_record:contains('DN-2')"),
        open("Not all of it", ".o_form_view button:contains('Not all accepted')"),
        open("Open the line", ".modal .o_kanban_record:contains('Part P-100')"),
        {
            content: "Two were refused",
            trigger: ".modal .o_field_widget[name='rejected'] input",
            run: "edit 2",
        },
        open("Keep the line", ".modal:last .o_form_button_save, .modal:last footer .btn-primary"),
        open("Record it", ".modal button[name='action_sign']"),
        see("It is signed in part", ".o_form_view .badge:contains('not all accepted')"),
        see("The refused quantity shows", ".o_kanban_record:contains('Rejected')"),
    ],
});
