import panel from "../../components/panel.module.css";
import { Segments } from "../../components/segments.tsx";
import { useApp } from "../../components/use-app.ts";
import type { MetricId } from "../../statistics/metric-id.ts";
import { METRICS } from "../../statistics/metrics.ts";
import { useDelta, useSetDelta } from "./use-delta.ts";
import type { ViewState } from "./view-state.ts";

/** The measures that tell one kind of change from another, in words for a list. */
const KINDS: readonly { id: MetricId; label: string }[] = [
  { id: "share", label: "rescale share" },
  { id: "residual", label: "residual" },
  { id: "dip", label: "dip" },
  { id: "valley", label: "valley depth" },
  { id: "energy", label: "BitDelta energy" },
];

const isKind = (metric: MetricId): boolean => KINDS.some(({ id }) => id === metric);

/** What the heatmap draws: how much moved as buttons, what kind of change it is as a list. Nothing for one model alone. */
export function MeasureChoice() {
  const metric = useDelta((state) => state.view.metric);
  const two = useApp((state) => state.comparison?.b != null);
  const hasAdapter = useApp((state) => state.comparison?.adapter != null);
  const setView = useSetDelta();
  if (!two) return null;
  const common = METRICS.filter(({ id }) => id !== "normA" && !isKind(id) && (id !== "adapter" || hasAdapter));
  const choose = (chosen: ViewState["metric"]) => setView({ metric: chosen });
  return (
    <>
      <Segments
        label="Measure"
        value={metric}
        choices={common.map(({ id, label, name }) => ({ value: id, label, title: name }))}
        onChange={choose}
      />
      <label className={panel.check}>
        kind of change
        <select
          value={isKind(metric) ? metric : ""}
          data-chosen={isKind(metric) || undefined}
          onChange={(event) => choose(event.target.value as MetricId)}
        >
          {!isKind(metric) && <option value="">choose…</option>}
          {KINDS.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
