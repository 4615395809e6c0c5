import { BadInput } from "./bad-input.ts";
import { breachesOf, parseBar } from "./bar.ts";
import { putOut, type Streams } from "./comparison-output.ts";
import { Ledger } from "./ledger.ts";
import { partDifference } from "./part-difference.ts";
import type { MergeRequest } from "./read-arguments.ts";
import { readPart, type SavedPart } from "./read-part.ts";
import { requireWritable } from "./write-file.ts";

/** Puts the parts of a comparison together. Resolves with the status; rejects with `BadInput`. */
export async function merge(request: MergeRequest, streams: Streams): Promise<number> {
  const bars = request.failIf.map(parseBar);
  if (request.output !== null) await requireWritable(request.output);
  const parts: SavedPart[] = [];
  // One after the other: each of them may be large.
  for (const path of request.parts) parts.push(await partAt(path));
  requireAll(parts);
  const [{ comparison, head }] = parts;
  const { pairs } = comparison;
  const ledger = new Ledger(pairs);
  for (const { outcomes, segments } of parts) {
    ledger.take(outcomes);
    for (const segment of segments) ledger.add(segment);
  }
  const unread = pairs.find(({ index }) => ledger.outcomes.coverage(index) < 1);
  if (unread)
    throw new BadInput(`The parts do not have all of ${unread.name}: one of them is damaged. Compute them again.`);
  breachesOf(comparison, ledger.outcomes, bars);
  return putOut({ comparison, outcomes: ledger.outcomes, engine: head.engine }, request, bars, streams);
}

async function partAt(path: string): Promise<SavedPart> {
  const found = await readPart(path);
  switch (found.kind) {
    case "part":
      return found.saved;
    case "missing":
      throw new BadInput(`There is no file ${path}. Check the path.`);
    case "whole":
      throw new BadInput(`${path} is a whole comparison and no part of one. Name what auscult part has written.`);
    case "foreign":
      throw new BadInput(`${path} is no part of a comparison. Name what auscult part has written.`);
  }
}

/** Throws `BadInput` where the parts are not all parts of one comparison, each once and finished. */
function requireAll(parts: readonly SavedPart[]): void {
  const [first] = parts;
  const { of } = first.part;
  const byIndex = new Map<number, SavedPart>();
  for (const saved of parts) {
    const { path, part } = saved;
    const difference = part.of === of ? partDifference(saved, first) : `is one of ${part.of} parts, and not of ${of}`;
    if (difference)
      throw new BadInput(
        `${path} belongs to another comparison than ${first.path}: it ${difference}. Name the parts of one.`,
      );
    const twin = byIndex.get(part.index);
    if (twin) throw new BadInput(`${path} and ${twin.path} are both part ${part.index} of ${of}. Name each part once.`);
    byIndex.set(part.index, saved);
    if (part.left > 0)
      throw new BadInput(
        `${path} is not finished: ${part.left} segments are left of part ${part.index} of ${of}. Run its command again, it goes on.`,
      );
  }
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0)
    throw new BadInput(
      `${missing.length === 1 ? `Part ${missing[0]} of ${of} is` : `Parts ${missing.join(", ")} of ${of} are`} missing. Name all parts.`,
    );
}
