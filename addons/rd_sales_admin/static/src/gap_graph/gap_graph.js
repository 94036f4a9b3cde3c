import { registry } from "@web/core/registry";
import { graphView } from "@web/views/graph/graph_view";
import { GraphModel } from "@web/views/graph/graph_model";

/**
 * A trend in which a month without a figure is a gap: a rate of nothing is n/a, and
 * the plain graph draws it as 0.
 */
export class GapGraphModel extends GraphModel {
    /** @override */
    _getData(dataPoints) {
        const result = super._getData(...arguments);
        if (this.metaData.mode === "pie") {
            return result;
        }
        const known = new Set();
        for (const point of dataPoints) {
            if (point.count && Number.isFinite(point.value)) {
                known.add(this._getPlace(this._getDatasetLabel(point), point.labelIndex));
            }
        }
        for (const dataset of result.datasets) {
            dataset.data = dataset.data.map((value, index) =>
                known.has(this._getPlace(dataset.label, index)) ? value : null
            );
        }
        // Months that were filled in belong to no series of their own.
        const drawn = result.datasets.filter((one) => one.data.some((value) => value !== null));
        return { ...result, datasets: drawn.length ? drawn : result.datasets.slice(0, 1) };
    }

    _getPlace(label, index) {
        return JSON.stringify([label, index]);
    }
}

registry.category("views").add("rd_gap_graph", { ...graphView, Model: GapGraphModel });
