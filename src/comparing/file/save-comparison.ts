import type { EngineName } from "../../kernels/engine.ts";
import type { Comparison } from "../comparison.ts";
import type { OutcomeList } from "../outcome-list.ts";
import { ShortTasks } from "../short-tasks.ts";
import { comparisonText } from "./comparison-file.ts";

/** Characters that are turned into bytes at once. */
const PART = 2 ** 18;
/** Files larger than this, in characters, are gzipped. */
const PLAIN = 16 * 2 ** 20;

/** The comparison as a file, written in short tasks; a large one is gzipped, and its name says so. */
export async function saveComparison(
  comparison: Comparison,
  results: OutcomeList,
  engine: EngineName | null,
): Promise<{ file: Blob; name: string }> {
  const tasks = new ShortTasks();
  const parts: Blob[] = [];
  let length = 0;
  let text = "";
  const put = () => {
    parts.push(new Blob([text]));
    length += text.length;
    text = "";
  };
  for (const piece of comparisonText(comparison, results, engine)) {
    text += piece;
    if (text.length >= PART) put();
    if (tasks.full) await tasks.next();
  }
  put();
  const names = [comparison.a.label, comparison.b?.label].filter((label) => label != null);
  const name = `${names.join("--").replace(/[^\w.-]+/g, "_")}.auscult.json`;
  const plain = new Blob(parts, { type: "application/json" });
  if (length <= PLAIN) return { file: plain, name };
  const zipped = new Response(plain.stream().pipeThrough(new CompressionStream("gzip")));
  return { file: new Blob([await zipped.blob()], { type: "application/gzip" }), name: `${name}.gz` };
}
