import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import {
    checkDatasets,
    checkLabels,
    setupChartJsForTests,
} from "@web/../tests/views/graph/graph_test_helpers";

class Rate extends models.Model {
    month = fields.Date();
    name = fields.Char({ groupable: true });
    rate = fields.Float({ aggregator: "avg" });
    _records = [
        { id: 1, month: "2026-03-01", name: "Affiliates", rate: 90 },
        { id: 2, month: "2026-03-01", name: "Others", rate: 0 },
        { id: 3, month: "2026-04-01", name: "Affiliates", rate: 95 },
        { id: 4, month: "2026-06-01", name: "Affiliates", rate: 98 },
        { id: 5, month: "2026-06-01", name: "Others", rate: 80 },
    ];
}
defineMailModels();
setupChartJsForTests();
defineModels([Rate]);

const arch = (more) => `
    <graph ${more} type="line" stacked="0">
        <field name="month" interval="month" />
        <field name="name" />
        <field name="rate" type="measure" />
    </graph>`;
const mount = (more) => mountView({ type: "graph", resModel: "rate", arch: arch(more) });

test("a month without a figure is a gap in the trend, and 0 stays 0", async () => {
    const view = await mount(`js_class="rd_gap_graph"`);
    checkLabels(view, ["March 2026", "April 2026", "June 2026"]);
    checkDatasets(
        view,
        ["label", "data"],
        [
            { label: "Affiliates", data: [90, 95, 98] },
            { label: "Others", data: [0, null, 80] },
        ]
    );
});
