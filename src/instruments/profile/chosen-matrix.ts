import type { Comparison } from "../../comparing/comparison.ts";
import { gridOf, pairNamed } from "../../comparing/grid.ts";
import type { OutcomeList } from "../../comparing/outcome-list.ts";
import type { Pair } from "../../pairing/pair.ts";
import { derive } from "../../statistics/derive.ts";
import { isProfiled } from "./profile-state.ts";

/**
 * The matrix to look at: the one asked for; else, of those in layers, the one that moved most of what is exact, and before
 * anything is the first. Null where there is none.
 */
export function chosenMatrix({ pairs }: Comparison, list: OutcomeList, asked: string | null): Pair | null {
  const named = asked === null ? undefined : pairNamed(pairs, asked);
  if (named && isProfiled(named)) return named;
  const cells = gridOf(pairs, "matrix").rows.flatMap((row) => row.cells.map((cell) => cell.pairs));
  const matrices = cells.filter((cell) => cell.length === 1 && isProfiled(pairs[cell[0]]));
  let best = matrices[0]?.[0];
  let most = -1;
  for (const cell of matrices) {
    const outcome = list.pooled(cell);
    const moved = outcome?.state === "exact" ? (derive(outcome.numbers).relativeNorm ?? -1) : -1;
    if (moved > most) [best, most] = [cell[0], moved];
  }
  return pairs[best ?? -1] ?? pairs.find(isProfiled) ?? null;
}
