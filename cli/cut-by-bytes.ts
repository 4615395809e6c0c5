import type { ReadPlan } from "../src/reading/read-plan.ts";
import { segmentBytes } from "../src/reading/segment.ts";

/** Where the `index`-th of `of` parts of a plan begins and ends: all take about as many bytes to read. */
export function cutByBytes(plan: ReadPlan, index: number, of: number): { from: number; to: number } {
  const cut = { from: plan.length, to: plan.length };
  let before = 0;
  let bytes = 0;
  for (const segment of plan) bytes += segmentBytes(segment);
  for (let position = 0; position < plan.length; position++) {
    // A segment belongs to the part in whose stretch its middle lies.
    const size = segmentBytes(plan.at(position));
    const part = bytes === 0 ? 1 : Math.min(of, 1 + Math.floor(((before + size / 2) / bytes) * of));
    if (part >= index && position < cut.from) cut.from = position;
    if (part > index) return { ...cut, to: position };
    before += size;
  }
  return cut;
}
