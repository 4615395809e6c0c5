import type { Comparison } from "../src/comparing/comparison.ts";
import { comparisonText } from "../src/comparing/file/comparison-file.ts";
import type { OutcomeList } from "../src/comparing/outcome-list.ts";
import type { EngineName } from "../src/kernels/engine.ts";
import { type Bar, type Breach, breachesOf } from "./bar.ts";
import { moduleTable } from "./module-table.ts";
import type { Printing } from "./read-arguments.ts";
import { tensorTable } from "./tensor-table.ts";
import { writeFile } from "./write-file.ts";

/** Where a command writes: its result, and what is said beside it. */
export interface Streams {
  out(text: string): void;
  say(sentence: string): void;
}

/** At most so many places are named for which a bar holds. */
const NAMED = 20;

/** A comparison that is known as a whole: writes and prints what was asked for. Resolves with the status, 0 or 1. */
export async function putOut(
  { comparison, outcomes, engine }: { comparison: Comparison; outcomes: OutcomeList; engine: EngineName | null },
  { output, table, modules }: Printing & { output: string | null },
  bars: readonly Bar[],
  { out, say }: Streams,
): Promise<number> {
  if (output !== null) await writeFile(output, comparisonText(comparison, outcomes, engine));
  if (modules) for (const line of moduleTable(comparison, outcomes)) out(line);
  if (modules && table) out("\n");
  if (table) for (const line of tensorTable(comparison, outcomes)) out(line);
  const breaches = breachesOf(comparison, outcomes, bars);
  for (const breach of breaches.slice(0, NAMED)) say(breachWords(breach));
  if (breaches.length > NAMED) say(`… and in ${breaches.length - NAMED} more places.`);
  return breaches.length > 0 ? 1 : 0;
}

const breachWords = ({ bar: { text, metric }, where, value }: Breach): string =>
  `${text} holds in ${where}: ${metric.id} is ${value}.`;
