import type { FileHead, FileOperand } from "../src/comparing/file/comparison-file.ts";
import type { PartHead } from "./part-file.ts";

/** What tells whether two parts are of one comparison. */
export interface Identified {
  head: FileHead;
  part: PartHead;
}

const NAMES = { a: "A", b: "B", adapter: "the adapter" } as const;
const same = (x: unknown, y: unknown): boolean => JSON.stringify(x) === JSON.stringify(y);
const named = (operand: FileOperand | null | undefined): string => operand?.ref ?? "nothing";

/** What `mine` has otherwise than `other`, as the end of a sentence that begins with the name of `mine`; null for parts of one comparison. */
export function partDifference(mine: Identified, other: Identified): string | null {
  const [x, y] = [mine.head, other.head];
  for (const side of ["a", "b", "adapter"] as const) {
    const [p, q] = [x[side], y[side]];
    if (named(p) !== named(q)) return `has ${named(p)} as ${NAMES[side]}, and not ${named(q)}`;
    if (!same(p?.files, q?.files) || !same(mine.part.contents[side], other.part.contents[side]))
      return `was made of other files of ${NAMES[side]}, ${named(p)}`;
  }
  if ((x.rename ?? "") !== (y.rename ?? ""))
    return `has ${x.rename ? `the rename rule ${x.rename}` : "no rename rule"}, and not ${y.rename ?? "none"}`;
  if (x.contract !== y.contract) return `has numbers of another kind (${x.contract}, and not ${y.contract})`;
  if (x.engine !== y.engine)
    return `was computed by the engine ${x.engine}, and not by ${y.engine}: the last bits of their sums differ`;
  if (!same(mine.part.plan, other.part.plan)) return "was cut otherwise, by another version of Auscult";
  return null;
}
