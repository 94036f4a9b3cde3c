import { registry } from "@web/core/registry";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });
const tours = registry.category("web_tour.tours");

const PIXEL =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQ" +
    "DwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

/** Hand a picture field a photo, as the camera would. */
function takePhoto({ anchor }) {
    const bytes = Uint8Array.from(atob(PIXEL), (char) => char.charCodeAt(0));
    const photo = new File([bytes], "mark.png", { type: "image/png" });
    const transfer = new DataTransfer();
    transfer.items.add(photo);
    const input = anchor.querySelector("input.o_input_file");
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** A button of a form's header, behind its menu where there is no room for it. */
function press(content, name, text) {
    const there = () =>
        [...document.querySelectorAll(`button[name='${name}']`)].some((button) =>
            button.textContent.includes(text)
        );
    return [
        {
            content: `${content}: where it is`,
            trigger: ".o_form_view .o_form_statusbar",
            run: ({ anchor }) => {
                if (!there()) {
                    anchor.querySelector(".o_statusbar_buttons .o-dropdown")?.click();
                }
            },
        },
        open(content, `button[name='${name}']:contains('${text}')`),
    ];
}

tours.add("rd_custody_receive_tour", {
    steps: () => [
        ...press("Receive it", "action_register_event", "Receive"),
        {
            content: "Where it is put",
            trigger: ".modal .o_field_widget[name='place'] input",
            run: "edit Shelf A-03",
        },
        open("Record", ".modal button[name='action_register']"),
        see("It is in custody", ".o_form_view .o_field_widget[name='place']:contains('A-03')"),
        open("Verification", ".o_notebook .nav-link:contains('Verification')"),
        open("The cavity is in order", ".o_kanban_record:contains('Cavity') button[name='action_good']"),
        see("It is answered", ".o_kanban_record:contains('Cavity'):contains('As it should be')"),
        open("The mark is in order", ".o_kanban_record:contains('Mark') button[name='action_good']"),
        see("Both are", ".o_kanban_record:contains('Mark'):contains('As it should be')"),
        ...press("Finish", "action_finish_check", "Finish"),
        see("It is verified", ".o_form_view .o_field_widget[name='verified_on']"),
        ...press("Mark it", "action_register_event", "Mark"),
        {
            content: "Photo of the mark",
            trigger: ".modal .o_field_widget[name='photo']",
            run: takePhoto,
        },
        see("It is there", ".modal .o_field_widget[name='photo'] img[data-src^='data:image'], .modal .o_field_widget[name='photo'] img[src^='data:image']"),
        open("Record", ".modal button[name='action_register']"),
        see("It is marked", ".o_form_view .o_field_widget[name='marked_on']"),
    ],
});

/** Give the page a camera that shows nothing, and a decoder that reads a label in it. */
function plantCamera(code) {
    window.BarcodeDetector = class {
        static async getSupportedFormats() {
            return ["qr_code"];
        }
        async detect() {
            // in the middle: the frame of the preview leaves out what is not in it
            return [{ rawValue: code, boundingBox: new DOMRect(150, 110, 10, 10) }];
        }
    };
    const canvas = document.createElement("canvas");
    canvas.width = 320;
    canvas.height = 240;
    const pen = canvas.getContext("2d");
    setInterval(() => pen.fillRect(0, 0, Math.random() * 320, 240), 40);
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(25);
}

tours.add("rd_custody_camera_tour", {
    steps: () => [
        {
            content: "A camera",
            trigger: ".o_rd_scan .o_rd_scan_camera",
            run: () => plantCamera(/rd_label=([^;]+)/.exec(document.cookie)[1]),
        },
        open("Scan", ".o_rd_scan_camera"),
        see("The card is open", ".o_form_view .o_field_widget[name='description']"),
    ],
});

tours.add("rd_custody_no_camera_tour", {
    steps: () => [
        {
            content: "No camera",
            trigger: ".o_rd_scan .o_rd_scan_camera",
            run: () => {
                navigator.mediaDevices.getUserMedia = async () => {
                    throw new DOMException("none", "NotFoundError");
                };
            },
        },
        open("Scan", ".o_rd_scan_camera"),
        see("It says so", ".modal:contains('No device can be found')"),
        open("Close", ".modal .btn-close, .modal .oi-arrow-left, .modal .o_barcode_mobile_container .btn"),
        {
            content: "Type the mark instead",
            trigger: ".o_rd_scan input",
            run: "edit OWNER-77",
        },
        open("Open it", ".o_rd_scan_open"),
        see("The card is open", ".o_form_view .o_field_widget[name='description']"),
    ],
});

tours.add("rd_custody_incident_tour", {
    steps: () => [
        ...press("Tell the owner", "action_report", "Tell"),
        see("It was told", ".o_form_view .o_field_widget[name='reported_date']"),
    ],
});

tours.add("rd_custody_incident_answer_tour", {
    steps: () => [
        {
            content: "Open it",
            trigger: "a.card:contains('Waits for your decision')",
            run: "click",
            expectUnloadPage: true,
        },
        open("Repair it", "label[for='decision_repair']"),
        {
            content: "In words",
            trigger: "#words",
            run: "edit Weld it, send a photo",
        },
        {
            content: "Send",
            trigger: "form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        see("It stands there", ".alert-success:contains('Your decision')"),
    ],
});
