import { expect, test } from "@odoo/hoot";
import { click, press, queryAll, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { ExceptionDesk } from "@rd_reconciliation/exception_desk/exception_desk";

defineMailModels();

const need = (name, type, value, more = {}) => ({
    name,
    type,
    value,
    label: name,
    required: true,
    ...more,
});
const action = (key, more = {}) => ({
    key,
    label: `Do ${key}`,
    hint: `Hint of ${key}`,
    primary: false,
    needs: [],
    confirm: "",
    bulk: true,
    ...more,
});

function makeRow(id, more = {}) {
    return {
        id,
        name: `Difference ${id}`,
        code: "quantity",
        label: "Quantity difference",
        codes: ["Quantity difference"],
        partner_id: 3,
        partner: "Northern Works",
        statement_id: 7,
        statement: "RS/2026/09/0001",
        state: "open",
        state_label: "Open",
        rule: "Same note",
        status: "mismatch",
        status_label: "Mismatch",
        reason: `Reason ${id}`,
        ours_qty: 60,
        theirs_qty: 58,
        quantity: 2,
        ours_amount: 678,
        theirs_amount: 655.4,
        amount: 22.6,
        currency_id: 1,
        ours: [
            {
                id,
                note: "DN-1",
                part: "P-100",
                customer_part: "",
                name: "Part",
                date: "2026-09-10",
                quantity: 60,
                uom: "Units",
                price: 10,
                amount: 678,
                order: "PO-1",
                price_source: "Order",
            },
        ],
        ours_more: 0,
        theirs: [
            {
                id,
                row: 2,
                file: "ledger.csv",
                note: "DN-1",
                part: "P-100",
                name: "",
                date: "2026-09-10",
                quantity: 58,
                accepted: 58,
                price: 0,
                amount: 655.4,
                raw: [["quantity", "58"]],
                other_period: false,
            },
        ],
        theirs_more: 0,
        candidates: [],
        evidence: [
            { kind: "receipt", label: "Signed note", present: false, text: "", missing: "No note." },
        ],
        deadline: "2026-09-30",
        late: false,
        age: 0,
        owner_id: 2,
        owner: "Ann",
        role: "us",
        role_label: "Clerk",
        waits_for: "",
        proposal: "accept_theirs",
        actions: [
            action("accept_theirs", { primary: true }),
            action("carry"),
            action("dispute", {
                bulk: false,
                needs: [need("reason", "text", ""), need("user_id", "user", 2)],
            }),
            action("write_off", { confirm: "Gone for good?" }),
        ],
        undo: { possible: false, label: "Undo" },
        ...more,
    };
}

function makeDesk(rows, more = {}) {
    const groups = [];
    for (const row of rows) {
        const known = groups.find((one) => one.code === row.code);
        if (known) {
            known.count++;
        } else {
            groups.push({
                partner_id: row.partner_id,
                partner: row.partner,
                code: row.code,
                label: row.label,
                count: 1,
                amount: row.amount,
                currency_id: 1,
            });
        }
    }
    return {
        groups,
        rows,
        total: rows.length,
        offset: 0,
        progress: {
            open: rows.length,
            settled: 2,
            open_amount: [{ currency_id: 1, amount: 22.6 }],
            settled_amount: [],
        },
        counts: { mine: 1, late: 0, approval: 0 },
        may: { settle: true, approve: false },
        users: [
            { id: 2, text: "Ann" },
            { id: 5, text: "Bea" },
        ],
        ...more,
    };
}

/** A desk over these rows; what `act` settles is gone at the next reading. */
async function mountDesk(rows, params = {}) {
    const left = new Map(rows.map((row) => [row.id, row]));
    const asked = [];
    onRpc("rd.difference", "get_desk", ({ args }) => {
        asked.push(args);
        return makeDesk([...left.values()]);
    });
    onRpc("rd.difference", "act", ({ args }) => {
        const [ids, key, values] = args;
        expect.step([key, ids, values]);
        const stays = ["dispute", "reopen"].includes(key);
        if (key === "reopen") {
            ids.forEach((id) => left.set(id, rows.find((row) => row.id === id)));
        } else if (!stays) {
            ids.forEach((id) => left.delete(id));
        }
        return { settled: stays ? [] : ids, open: stays ? ids : [], rows: [], message: "" };
    });
    await mountWithCleanup(ExceptionDesk, { props: { action: { params } } });
    return asked;
}

test("shows groups, both sides, the reason and one proposed action", async () => {
    await mountDesk([makeRow(1), makeRow(2)]);
    expect(queryAllTexts(".o_rd_desk_group")[0]).toMatch("Northern Works");
    expect(".o_rd_desk_row").toHaveCount(2);
    expect(".o_rd_desk_reason").toHaveText("Reason 1");
    expect(".o_rd_desk_primary").toHaveText("Do accept_theirs");
    expect(".o_rd_desk_side .o_rd_differs:contains(58)").toHaveCount(2);
    expect(".o_rd_desk_missing").toHaveText(/No note\./);
    expect(".o_rd_desk_open_count").toHaveText("2 open");
});

test("moves and acts by the keyboard", async () => {
    await mountDesk([makeRow(1), makeRow(2), makeRow(3)]);
    await press("j");
    await animationFrame();
    expect(".o_rd_desk_reason").toHaveText("Reason 2");
    await press("Enter");
    await animationFrame();
    expect.verifySteps([["accept_theirs", [2], {}]]);
    expect(".o_rd_desk_row").toHaveCount(2);
    await press("k");
    await animationFrame();
    await press("c");
    await animationFrame();
    expect.verifySteps([["carry", [1], {}]]);
});

test("goes on with the next row, wherever the settled one has gone", async () => {
    await mountDesk([makeRow(1), makeRow(2), makeRow(3)]);
    await press("d");
    await animationFrame();
    await contains(".o_dialog textarea").edit("Counted twice");
    await click(".o_rd_desk_confirm");
    await animationFrame();
    expect.verifySteps([["dispute", [1], { reason: "Counted twice", user_id: 2 }]]);
    expect(".o_rd_desk_reason").toHaveText("Reason 2");
});

test("takes the last settlement back", async () => {
    await mountDesk([makeRow(1)]);
    await press("a");
    await animationFrame();
    expect(".o_rd_desk_empty").toHaveText("Nothing is left to explain.");
    await press("z");
    await animationFrame();
    expect.verifySteps([
        ["accept_theirs", [1], {}],
        ["reopen", [1], {}],
    ]);
    expect(".o_rd_desk_row").toHaveCount(1);
});

test("does nothing twice and nothing while somebody types", async () => {
    await mountDesk([makeRow(1)]);
    await click(".o_rd_desk_search");
    await press("c");
    await animationFrame();
    expect.verifySteps([]);
    await press("Escape");
    await press("c");
    await press("c");
    await animationFrame();
    expect.verifySteps([["carry", [1], {}]]);
});

test("asks for what an action needs and refuses without it", async () => {
    await mountDesk([makeRow(1)]);
    await press("d");
    await animationFrame();
    await click(".o_rd_desk_confirm");
    await animationFrame();
    expect(".o_dialog [role=alert]").toHaveText("Fill in: reason");
    await contains(".o_dialog textarea").edit("Counted twice");
    await contains(".o_dialog select").select("5");
    await click(".o_rd_desk_confirm");
    await animationFrame();
    expect.verifySteps([["dispute", [1], { reason: "Counted twice", user_id: 5 }]]);
});

test("asks once more before a loss", async () => {
    await mountDesk([makeRow(1)]);
    await press("f");
    await animationFrame();
    expect(".o_dialog .modal-body").toHaveText("Gone for good?");
    expect.verifySteps([]);
    await click(".o_dialog .btn-primary");
    await animationFrame();
    expect.verifySteps([["write_off", [1], {}]]);
});

test("acts on all marked rows, and on all like this one", async () => {
    onRpc("rd.difference", "get_like", () => [1, 3]);
    await mountDesk([makeRow(1), makeRow(2), makeRow(3), makeRow(4)]);
    await press("x");
    await press("j");
    await animationFrame();
    await press("x");
    await animationFrame();
    expect(".o_rd_desk_marked").toHaveCount(2);
    await press("Enter");
    await animationFrame();
    expect.verifySteps([["accept_theirs", [1, 2], {}]]);
    await press(["Shift", "A"]);
    await animationFrame();
    await click(".o_dialog .btn-primary");
    await animationFrame();
    expect.verifySteps([["accept_theirs", [1, 3], {}]]);
});

test("asks once for the reason of all like this one", async () => {
    onRpc("rd.difference", "get_like", () => [1, 3]);
    const explain = action("explain", { primary: true, needs: [need("reason", "text", "")] });
    const rows = [1, 2, 3].map((id) => makeRow(id, { actions: [explain] }));
    await mountDesk(rows);
    await press(["Shift", "A"]);
    await animationFrame();
    await click(".o_dialog .btn-primary");
    await animationFrame();
    expect.verifySteps([]);
    await contains(".o_dialog textarea").edit("Samples of theirs");
    await click(".o_rd_desk_confirm");
    await animationFrame();
    expect.verifySteps([["explain", [1, 3], { reason: "Samples of theirs" }]]);
});

test("filters and takes the open settled one back by the keyboard", async () => {
    const undo = { possible: true, label: "Undo" };
    const rows = [1, 2].map((id) => makeRow(id, { undo, actions: [] }));
    const asked = await mountDesk(rows);
    for (const key of ["1", "1", "4"]) {
        await press(key);
        await animationFrame();
    }
    expect(asked.map(([filters]) => filters)).toEqual([
        {},
        { mine: true },
        { mine: false },
        { mine: false, state: "settled" },
    ]);
    await press("j");
    await press("z");
    await animationFrame();
    expect.verifySteps([["reopen", [2], {}]]);
});

test("links with a candidate or the nearest, and says why not", async () => {
    onRpc("rd.difference", "get_why_not", () => ({
        sentence: "98 against 100.",
        nearest: { side: "theirs", id: 77, text: "DN-2" },
    }));
    const row = makeRow(1, {
        theirs: [],
        candidates: [{ side: "theirs", id: 70, text: "Row 70" }],
        actions: [action("carry", { primary: true }), action("link", { bulk: false })],
    });
    await mountDesk([row, makeRow(2)]);
    await press("w");
    await animationFrame();
    expect(".o_rd_desk_because").toHaveText(/98 against 100\./);
    await click(".o_rd_desk_because button");
    await animationFrame();
    expect.verifySteps([["link", [1], { line_ids: [77], remember: false }]]);
});

test("searches for lines to link with", async () => {
    const texts = [];
    onRpc("rd.difference", "find_lines", ({ args }) => {
        texts.push(args[2]);
        return [
            { id: 9, text: "DN-9", date: "2026-09-10", quantity: 5, amount: 50, other_period: true },
        ];
    });
    const link = action("link", {
        bulk: false,
        needs: [need("line_ids", "lines", false, { side: "theirs" })],
    });
    await mountDesk([makeRow(1, { actions: [action("carry", { primary: true }), link] })]);
    await press("l");
    await animationFrame();
    await contains(".o_dialog input[type=search]").edit("DN-9", { confirm: false });
    await runAllTimers();
    expect(texts).toEqual(["", "DN-9"]);
    await click(".o_dialog .o_rd_desk_choices input");
    await click(".o_rd_desk_confirm");
    await animationFrame();
    expect.verifySteps([["link", [1], { line_ids: [9] }]]);
});

test("draws at most a hundred rows and turns the page", async () => {
    const rows = Array.from({ length: 100 }, (_, index) => makeRow(index + 1));
    const offsets = [];
    onRpc("rd.difference", "get_desk", ({ args }) => {
        offsets.push(args[1]);
        return makeDesk(rows, { total: 5000, offset: args[1] });
    });
    await mountWithCleanup(ExceptionDesk, { props: { action: {} } });
    expect(queryAll(".o_rd_desk_row")).toHaveLength(100);
    expect(queryOne(".o_rd_desk_page")).toHaveText("1–100 of 5000");
    await press("n");
    await animationFrame();
    expect(offsets).toEqual([0, 100]);
    expect(".o_rd_desk_page").toHaveText("101–200 of 5000");
});

test("filters and keeps to the statement it was opened for", async () => {
    const asked = await mountDesk([makeRow(1)], { statement_id: 7 });
    await click(".o_rd_desk_filter_late");
    await animationFrame();
    await contains(".o_rd_desk_search").edit("dn-1", { confirm: false });
    await runAllTimers();
    await animationFrame();
    expect(asked.map((args) => args[0])).toEqual([
        { statement_id: 7 },
        { statement_id: 7, late: true },
        { statement_id: 7, late: true, text: "dn-1" },
    ]);
});

test("an account shows amounts and no quantities", async () => {
    const [ours] = makeRow(1).ours;
    const [theirs] = makeRow(1).theirs;
    const nothing = { quantity: false, accepted: false, price: false };
    const row = makeRow(1, {
        code: "payment",
        ours_qty: false,
        theirs_qty: false,
        quantity: false,
        ours: [{ ...ours, ...nothing, note: "BNK/1", part: "", uom: "", amount: 200 }],
        theirs: [{ ...theirs, ...nothing, note: "BT-1", part: "", amount: 150 }],
        ours_amount: 200,
        theirs_amount: 150,
        amount: 50,
        actions: [action("ask_finance", { primary: true }), action("found")],
    });
    await mountDesk([row]);
    expect(".o_rd_desk_side:first .o_rd_desk_side_head").toHaveText(/^Ours\s*[^,]*200\.00$/);
    expect(".o_rd_desk_side:last .o_rd_desk_line b").toHaveText("BT-1");
    expect(".o_rd_desk_side:last .o_rd_desk_line").not.toHaveText(/false/);
});
