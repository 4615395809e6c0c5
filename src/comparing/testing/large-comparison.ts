import { emptyPairStats, MAGNITUDE_SLOTS, type PairStats, RELATIVE_SLOTS } from "../../kernels/pair-stats.ts";
import type { Pair } from "../../pairing/pair.ts";
import { placeTensors } from "../../taxonomy/place-tensors.ts";
import type { Comparison } from "../comparison.ts";
import { OutcomeList } from "../outcome-list.ts";
import { largeTensors } from "./large-tensors.ts";
import { comparisonOf } from "./sample-comparison.ts";

/** For tests: numbers that differ from pair to pair and belong together, as if its elements had been read. */
export function numbersOf({ index, count }: Pick<Pair, "index" | "count">): PairStats {
  const stats = emptyPairStats();
  const changed = Math.floor(count * (0.4 + (index % 97) / 200));
  const grown = Math.floor(changed / 3);
  const size = 1e-3 * (1 + (index % 31) / 40);
  Object.assign(stats, { count, unchanged: count - changed, above1e6: changed, above1e5: grown });
  Object.assign(stats, { sumA2: count * 4e-4, sumAD: count * size * 1e-4, sumD2: count * size ** 2 * 0.01 });
  Object.assign(stats, { sumD: count * 1e-9 * (index % 7), sumAbsD: count * size * 0.1, maxAbsD: size });
  const { relative, magnitude } = stats;
  const at = 1 + (index % (RELATIVE_SLOTS - 2));
  relative.positive[(RELATIVE_SLOTS - 1) / 2] = count - changed;
  relative.positive[at] += grown;
  relative.negative[RELATIVE_SLOTS - 1 - at] += changed - grown - 1;
  relative.negative[0]++;
  magnitude.grow[index % MAGNITUDE_SLOTS] = grown;
  magnitude.shrink[(index * 7) % MAGNITUDE_SLOTS] = changed - grown;
  return stats;
}

/** For tests: a mixture of experts of 47,644 pairs, of which every `unknown`-th is not read yet. */
export function largeComparison(unknown = 0): { comparison: Comparison; results: OutcomeList } {
  const tensors = largeTensors();
  const places = placeTensors(tensors.map(([name, shape]) => ({ name, shape })));
  let begin = 0;
  const pairs = tensors.map(([name, shape], index): Pair => {
    const count = shape.reduce((product, n) => product * n, 1);
    const span = { begin, end: begin + 2 * count };
    begin = span.end;
    const view = { name, dtype: "BF16", shape, count, file: 0, span } as const;
    return { index, name, nameB: name, a: view, b: view, adapter: null, place: places[index], count };
  });
  const results = new OutcomeList(pairs);
  for (const pair of pairs) {
    if (unknown > 0 && pair.index % unknown === 0) continue;
    results.set(pair.index, { stats: numbersOf(pair), coverage: 1, engine: "wasm" });
  }
  return { comparison: comparisonOf(pairs), results };
}
