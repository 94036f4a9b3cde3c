import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { Cockpit, PACE } from "@rd_sales_admin/cockpit/cockpit";

defineMailModels();

const step = (more = {}) => ({
    id: 11,
    code: "lists",
    label: "Shipping lists",
    state: "waiting",
    state_label: "Waiting",
    owner: "Warehouse",
    due: "10/02/2026",
    due_day: "2026-10-02",
    late: true,
    since: "",
    message: "The list has not come.",
    action: { type: "ir.actions.act_window", res_model: "rd.close.step", domain: [] },
    ...more,
});
const row = (id, name, more = {}) => ({
    id,
    name,
    cutoff: "09/30/2026",
    steps: [step()],
    current: step(),
    left: false,
    paused: false,
    group: "late",
    done: 0,
    ...more,
});

function makePage(more = {}) {
    return {
        page: "month",
        pages: [
            { code: "month", label: "Month" },
            { code: "supervisor", label: "Supervisor" },
        ],
        company: { id: 1, name: "Centre" },
        companies: [{ id: 1, name: "Centre" }],
        today: "10/05/2026",
        months: [{ id: 5, name: "2026-09", state: "open" }],
        month: {
            id: 5,
            name: "2026-09",
            state: "open",
            progress: 40,
            done: 2,
            steps: 5,
            waiting: 3,
            paused: false,
            can_act: true,
            can_leave: true,
            can_close: false,
        },
        running: false,
        stamp: "one",
        sections: [
            {
                code: "board",
                label: "Affiliate by affiliate",
                kind: "board",
                empty: "None",
                data: {
                    columns: [{ code: "lists", label: "Shipping lists" }],
                    rows: [
                        row(3, "Northern Works"),
                        row(4, "Southern Works", { current: false, group: "ready" }),
                    ],
                },
            },
            { code: "changes", label: "Changes", kind: "list", empty: "No news.", data: [] },
            {
                code: "approvals",
                label: "Approvals",
                kind: "approvals",
                empty: "",
                data: [
                    {
                        id: 9,
                        name: "Close 2026-08",
                        partner: "",
                        amount: "",
                        reason: "their audit",
                        effects: "",
                        asked_by: "Ann",
                        asked_on: "today",
                        can_answer: true,
                        why_not: "",
                        action: {},
                    },
                ],
            },
        ],
        ...more,
    };
}

async function mountCockpit(answers) {
    onRpc("rd.cockpit", "read_page", ({ kwargs }) => {
        expect.step(kwargs.stamp);
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        if (answer instanceof Error) {
            throw answer;
        }
        return answer;
    });
    await mountWithCleanup(Cockpit, { props: { action: { context: {} } } });
}

test("shows each affiliate with what it waits for, and what is empty", async () => {
    await mountCockpit([makePage()]);
    expect.verifySteps([null]);
    expect(".o_rd_affiliate").toHaveCount(2);
    expect(".o_rd_affiliate:first .o_rd_blocker").toHaveText(
        "Shipping lists: The list has not come."
    );
    expect("[data-section=changes] .o_rd_empty").toHaveText("No news.");
    await contains("[data-filter=ready]").click();
    expect(queryAllTexts(".o_rd_affiliate_name")).toEqual(["Southern Works"]);
});

test("says what to do first as long as no month is open", async () => {
    await mountCockpit([makePage({ month: false, months: [], is_first: true })]);
    expect.verifySteps([null]);
    expect(".o_rd_cockpit_first li").toHaveCount(4);
});

test("says nothing of the first steps to whom months are no business of", async () => {
    await mountCockpit([makePage({ month: false, months: [], is_first: false })]);
    expect.verifySteps([null]);
    expect(".o_rd_affiliate").toHaveCount(2);
    expect(".o_rd_cockpit_first").toHaveCount(0);
});

test("says nothing of the first steps when a month is open", async () => {
    await mountCockpit([makePage()]);
    expect.verifySteps([null]);
    expect(".o_rd_cockpit_first").toHaveCount(0);
});

test("a cell opens its rows", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(action.res_model);
        },
    });
    await mountCockpit([makePage()]);
    await contains(".o_rd_affiliate:first .o_rd_cell").click();
    expect.verifySteps([null, "rd.close.step"]);
});

test("is read again while it is seen, with the stamp of what is shown", async () => {
    await mountCockpit([makePage(), { stamp: "one", unchanged: true }]);
    await advanceTime(PACE.resting);
    expect.verifySteps([null, "one"]);
    expect(".o_rd_affiliate").toHaveCount(2);
});

test("is read faster while the scheduled action runs", async () => {
    const running = { done: 1, remaining: 4 };
    await mountCockpit([makePage({ running })]);
    expect(".o_rd_running").toHaveText(/4 affiliates to go/);
    await advanceTime(PACE.running);
    expect.verifySteps([null, "one"]);
});

test("speaks of one affiliate that is left as of one", async () => {
    await mountCockpit([makePage({ running: { done: 4, remaining: 1 } })]);
    expect(".o_rd_running").toHaveText("running, 1 affiliate to go");
    expect.verifySteps([null]);
});

test("says that it is not up to date when the server is away", async () => {
    await mountCockpit([makePage(), makeServerError({ message: "gone" })]);
    await advanceTime(PACE.resting);
    await animationFrame();
    expect(".o_rd_affiliate").toHaveCount(2);
    expect(".o_rd_cockpit_bar").toHaveText(/not up to date/);
    expect.verifySteps([null, "one"]);
});

test("a page that cannot be read says why and can be tried again", async () => {
    await mountCockpit([makeServerError({ message: "Not your page." }), makePage()]);
    expect(".o_rd_cockpit_error p").toHaveText("Not your page.");
    await contains(".o_rd_cockpit_error .btn").click();
    expect(".o_rd_affiliate").toHaveCount(2);
    expect.verifySteps([null, null]);
});

test("pausing asks for the reason and does not go without", async () => {
    onRpc("rd.close", "action_pause", ({ args, kwargs }) => {
        expect.step([args, kwargs.reason, kwargs.partner_id]);
        return true;
    });
    await mountCockpit([makePage()]);
    await contains(".o_rd_affiliate_name:first").click();
    await contains(".o_rd_pause_row").click();
    await contains(".o_rd_reason_confirm").click();
    expect(".o_dialog [role=alert]").toHaveText("Say why; it is kept.");
    expect.verifySteps([null]);
    await contains(".o_rd_reason").edit("stock-taking");
    await contains(".o_rd_reason_confirm").click();
    await animationFrame();
    expect.verifySteps([[[[5]], "stock-taking", 3], null]);
});

test("an approval is refused with a reason", async () => {
    onRpc("rd.approval", "action_refuse", ({ args, kwargs }) => {
        expect.step([args[0], kwargs.reason]);
        return true;
    });
    await mountCockpit([makePage()]);
    await click(".o_rd_refuse");
    await animationFrame();
    await contains(".o_rd_reason").edit("not this month");
    await contains(".o_rd_reason_confirm").click();
    await animationFrame();
    expect.verifySteps([null, [[9], "not this month"], null]);
});
