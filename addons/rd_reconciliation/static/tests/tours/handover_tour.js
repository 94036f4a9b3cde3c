import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// The drawing is missing: its class says so and cannot be accepted; tooling can.
tours.add("rd_handover_blocked_tour", {
    steps: () => [
        { content: "Open the handover", trigger: ".rd_handover_card", run: "click", expectUnloadPage: true },
        { content: "The drawing blocks", trigger: "[data-kind=document] .rd_blocked:contains(D-7)" },
        { content: "Nothing accepts all of it", trigger: ".rd_handover:not(:has(.rd_accept_all))" },
        {
            content: "Accept the tooling",
            trigger: "[data-kind=tooling] .rd_accept",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "It is accepted", trigger: "[data-kind=tooling] .text-bg-success" },
    ],
});

tours.add("rd_handover_receive_tour", {
    steps: () => [
        {
            content: "The drawing waits to be received",
            trigger: ".o_kanban_record:contains(D-7) .o_rd_receive",
            run: "click",
        },
        {
            content: "It is here",
            trigger: ".o_kanban_renderer:not(:has(.o_kanban_record:contains(D-7) .o_rd_receive))",
        },
    ],
});

tours.add("rd_handover_accept_tour", {
    steps: () => [
        {
            content: "Accept what is left",
            trigger: ".rd_accept_all",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "All of it is accepted", trigger: ".alert-success" },
        { content: "With its certificate", trigger: "a[href$='certificate.pdf']" },
    ],
});
