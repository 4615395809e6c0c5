import type { Comparison } from "../src/comparing/comparison.ts";
import type { OutcomeList } from "../src/comparing/outcome-list.ts";
import { latticeOfPairs } from "../src/statistics/lattice.ts";
import { METRICS } from "../src/statistics/metrics.ts";
import { storedType } from "../src/tensors/view.ts";
import { textTable } from "./text-table.ts";

/** Measures that only some comparisons have. */
const FOR_ADAPTERS = "adapter";

/** A line a tensor with every measure, then a line for each that is compared with none, and why. */
export function* tensorTable({ pairs, unpaired, b, adapter }: Comparison, outcomes: OutcomeList): Generator<string> {
  const metrics = METRICS.filter(({ id }) => (b ? id !== FOR_ADAPTERS || adapter : id === "normA"));
  const rows = pairs.map((pair) => {
    const { name, a, index } = pair;
    const outcome = outcomes.at(index);
    const types = [...new Set([storedType(a), storedType(pair.b ?? a)])].join(" → ");
    const stats = outcome?.stats ?? outcomes.numbers(index);
    const values = metrics.map((metric) =>
      metric.format(
        stats && metric.value(stats, outcome?.deltas, metric.histograms ? latticeOfPairs([pair]) : undefined),
      ),
    );
    return [name, a.shape.join("×"), types, ...values];
  });
  const numbers = metrics.map(({ label }) => ({ heading: label, isNumber: true }) as const);
  yield* textTable([{ heading: "tensor" }, { heading: "shape" }, { heading: "type" }, ...numbers], rows);
  if (unpaired.length === 0) return;
  yield "\n";
  const sides = { a: "A", b: "B", adapter: "the adapter" };
  yield* textTable(
    [{ heading: "not compared" }, { heading: "of" }, { heading: "why" }],
    unpaired.map(({ name, side, reason }) => [name, sides[side], reason]),
  );
}
