import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { AccountProof } from "@rd_reconciliation/account_proof/account_proof";

defineMailModels();

const balance = (key, ours, theirs) => ({
    key,
    ours,
    theirs,
    label: `The ${key}`,
    difference: theirs === null ? null : ours - theirs,
    cell: "ledger.csv E4",
});

function makeView(more = {}) {
    return {
        currency_id: 1,
        basis: "Goods they took in",
        stated: true,
        proved: true,
        compared: true,
        balanced: true,
        unexplained: 0,
        balances: [balance("opening", 500, 480), balance("closing", 413, 393)],
        sides: [
            {
                key: "ours",
                label: "Ours",
                closing_label: "Our closing",
                closing: 300,
                items: [{ key: "item_0", code: "x", what: "", label: "Shipped", amount: 113 }],
                adjusted: 413,
            },
            {
                key: "theirs",
                label: "Theirs",
                closing_label: "Their closing",
                closing: 393,
                items: [{ key: "item_1", code: "opening", what: "RS/1", label: "Opening", amount: 20 }],
                adjusted: 413,
            },
        ],
        ...more,
    };
}

async function mountProof(view) {
    const record = { resId: 7, data: { account_view: view } };
    await mountWithCleanup(AccountProof, {
        props: { record, name: "account_view", readonly: true },
    });
}

test("both sides, their items and the verdict", async () => {
    await mountProof(makeView());
    expect(".alert-success").toHaveCount(1);
    expect(queryAllTexts("[data-row] th")).toEqual(["The opening", "The closing"]);
    expect("[data-row=opening] .text-danger").toHaveCount(1);
    expect("[data-side=ours] tbody tr").toHaveCount(2);
    expect("[data-side=theirs] tfoot").toHaveText(/413/);
});

test("what is not explained is red and says how much", async () => {
    await mountProof(makeView({ balanced: false, unexplained: -7 }));
    expect(".alert-danger").toHaveText(/-?7\.00/);
});

test("without a ledger there is no proof and no figure of theirs", async () => {
    const balances = [balance("opening", 500, null)];
    await mountProof(makeView({ proved: false, balanced: false, balances }));
    expect(".alert-secondary").toHaveCount(1);
    expect("[data-side]").toHaveCount(0);
    expect("[data-key=theirs_opening]").toHaveCount(0);
});

test("a ledger that was only read explains nothing yet", async () => {
    await mountProof(makeView({ compared: false }));
    expect(".alert-secondary").toHaveText(/has not been compared/);
    expect("[data-side]").toHaveCount(0);
    expect("[data-key=theirs_opening]").toHaveCount(1);
});

test("every figure opens its rows", async () => {
    onRpc("rd.statement", "action_view_account", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window_close" };
    });
    mockService("action", { doAction: (action) => expect.step(action.type) });
    await mountProof(makeView());
    for (const key of ["ours_opening", "theirs_closing", "item_1"]) {
        await click(`[data-key=${key}]`);
        await animationFrame();
        expect.verifySteps([[[7], key], "ir.actions.act_window_close"]);
    }
});

test("nothing is drawn for a new record", async () => {
    await mountProof(false);
    expect(".o_rd_account").toHaveCount(0);
});
