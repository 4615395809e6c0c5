import type { ReadPlan } from "../src/reading/read-plan.ts";
import { type Segment, segmentBytes } from "../src/reading/segment.ts";

/** Some segments of a plan, as a plan of its own: they know themselves which slices of their pairs they are. */
export class PlanPart implements ReadPlan {
  readonly #plan: ReadPlan;
  readonly #positions: Uint32Array;
  readonly bytes: number;

  /** `positions` in the plan, in their order there. */
  constructor(plan: ReadPlan, positions: Uint32Array) {
    this.#plan = plan;
    this.#positions = positions;
    this.bytes = positions.reduce((sum, position) => sum + segmentBytes(plan.at(position)), 0);
  }

  get length(): number {
    return this.#positions.length;
  }

  at(position: number): Segment {
    return this.#plan.at(this.#positions[position]);
  }

  pairOf(position: number): number {
    return this.#plan.pairOf(this.#positions[position]);
  }

  slicesOf(pair: number): number {
    return this.#plan.slicesOf(pair);
  }

  *[Symbol.iterator](): Iterator<Segment> {
    for (let position = 0; position < this.length; position++) yield this.at(position);
  }
}

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
