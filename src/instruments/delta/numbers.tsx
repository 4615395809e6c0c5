import type { Inspection } from "../../comparing/inspection.ts";
import { countText } from "../../components/quantity.ts";
import { deltaCosine, deltaRatio } from "../../kernels/low-rank/delta-sums.ts";
import { formatNumber, formatPercent } from "../../statistics/format-number.ts";
import { NumberList, type NumberRow } from "./number-list.tsx";

/** The numbers of one cell as a list of names and values; `short` is for the readout beside the pointer. */
export function Numbers({ inspection, short = false }: { inspection: Inspection; short?: boolean }) {
  const { derived, numbers: stats, deltas, pairs, state, identical, isUpdate, proof } = inspection;
  if (!derived || !stats) return <p className="sub">Not read yet.</p>;
  const share = (value: number | null) => (value === null ? "–" : formatPercent(value));
  const lone = pairs[0].b === null;
  const rows: NumberRow[] = lone
    ? [
        [isUpdate ? "‖ΔW‖ Frobenius" : "‖A‖ Frobenius", formatNumber(derived.normA)],
        ["root mean square", formatNumber(stats.count > 0 ? Math.sqrt(stats.sumA2 / stats.count) : null)],
        ...(isUpdate ? [] : [["zeros", countText(stats.zeroBase)] as [string, string]]),
      ]
    : [
        ["‖Δ‖ Frobenius", formatNumber(derived.normD)],
        ["‖Δ‖ / ‖A‖", formatNumber(derived.relativeNorm)],
        ["rescale k", formatNumber(derived.k)],
        ["weights changed", share(derived.shareChanged), proof],
      ];
  if (!short && !lone)
    rows.push(
      ["share of ‖Δ‖² along A", share(derived.rescaleShare)],
      ["residual / ‖A‖", formatNumber(derived.residual)],
      ["cosine (A, B)", formatNumber(derived.cosine)],
      ["‖A‖", identical && derived.normA === null ? "not read" : formatNumber(derived.normA)],
      ["‖B‖", identical && derived.normB === null ? "not read" : formatNumber(derived.normB)],
      ["largest |Δ|", formatNumber(derived.maxAbsD)],
      ["unchanged weights", share(stats.count > 0 ? stats.unchanged / stats.count : null), "bitwise"],
      ["|Δ| > 1e−6", countText(stats.above1e6)],
      ["|Δ| > 1e−5", countText(stats.above1e5)],
      ["beyond ±1", share(derived.beyondOne)],
    );
  if (deltas)
    rows.push(
      ["cosine (s·BA, Δ)", formatNumber(deltaCosine(deltas))],
      ["‖s·BA‖ / ‖Δ‖", formatNumber(deltaRatio(deltas))],
    );
  if (!short) rows.push(["elements", countText(stats.count)]);
  if (stats.nonFinite > 0) rows.push(["not finite (left out)", countText(stats.nonFinite)]);
  return <NumberList rows={rows} state={state} />;
}
