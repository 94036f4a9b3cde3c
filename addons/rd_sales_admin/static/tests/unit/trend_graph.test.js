import { expect, test } from "@odoo/hoot";
import { TrendGraphModel } from "@rd_sales_admin/trend_graph/trend_graph";

const point = (month, name, value, count = 1) => ({
    labels: name ? [month, name] : [month, "None"],
    value,
    count,
    domain: [["month", "=", month]],
    identifier: `${month} ${name}`,
});

function getData(mode, points) {
    const model = Object.create(TrendGraphModel.prototype);
    model.metaData = { mode, measure: "value", measures: { value: { string: "Value" } } };
    return model._getData(points, false);
}

// in September nothing was due: the month has its place, and no row
const POINTS = [
    point("August", "Outside", 100),
    point("August", "Affiliates", 0),
    point("September", "", 0, 0),
    point("October", "Affiliates", 58),
];

test("nothing due is a gap of the line, a zero is a zero", () => {
    const data = getData("line", POINTS);
    expect(data.labels).toEqual(["August", "September", "October"]);
    expect(data.datasets.map(({ label }) => label)).toEqual(["Outside", "Affiliates"]);
    expect(data.datasets[0].data).toEqual([100, null, null]);
    expect(data.datasets[1].data).toEqual([0, null, 58]);
});

test("a pie stays as it is", () => {
    expect(getData("pie", POINTS).datasets[0].data).toEqual([100, 0, 0, 58]);
});
