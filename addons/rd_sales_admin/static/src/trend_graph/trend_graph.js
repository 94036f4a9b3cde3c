import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { graphView } from "@web/views/graph/graph_view";

/**
 * A line that ends where nothing was due: n/a is a gap, not a zero.
 *
 * Months without a row keep their place on the axis, and make no series of their own.
 */
export class TrendGraphModel extends GraphModel {
    _getData(dataPoints) {
        const data = super._getData(...arguments);
        if (this.metaData.mode === "pie") {
            return data;
        }
        const named = new Set(
            dataPoints.filter(({ count }) => count).map((point) => this._getDatasetLabel(point))
        );
        data.datasets = data.datasets.filter(({ label }) => named.has(label));
        for (const dataset of data.datasets) {
            dataset.data = dataset.data.map((value, index) =>
                dataset.domains[index].length ? value : null
            );
        }
        return data;
    }
}

registry.category("views").add("rd_trend_graph", {
    ...graphView,
    Model: TrendGraphModel,
});
