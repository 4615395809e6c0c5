import { describe, expect, it, test } from "vitest";
import { HELD_BUDGET, heldBytes } from "./held-bytes.ts";
import type { Segment } from "./segment.ts";
import { ScanStage, SEGMENTS } from "./testing/scan-stage.ts";
import { seededDraw } from "./testing/seeded-draw.ts";

const side = (length: number, more: Partial<Segment["a"]> = {}): Segment["a"] => ({
  ...{ file: 0, span: { begin: 8, end: 8 + length }, dtype: "BF16" as const },
  ...more,
});
const scales = (length: number) => [{ file: 0, span: { begin: 0, end: length }, dtype: "F16", first: 0 } as const];

test.each<[string, Pick<Segment, "a" | "b">, number]>([
  ["a stream", { a: side(1000), b: side(1000, { from: 0, auxiliary: scales(10) }) }, 0],
  ["one side", { a: side(1000, { whole: true }), b: side(500) }, 1000],
  ["both, with scales", { a: side(7, { whole: true }), b: side(100, { whole: true, auxiliary: scales(10) }) }, 197],
  ["one model alone", { a: side(1000, { whole: true }), b: null }, 1000],
])("what is held of %s", (_, segment, bytes) => {
  expect(heldBytes({ ...segment, adapter: null })).toBe(bytes);
});

/** The stage's segments as large ones that are read whole: `share` of the budget each, by position. */
const wholes = (share: (position: number) => number) =>
  SEGMENTS.map((segment, i): Segment => {
    const bytes = Math.round(share(i) * HELD_BUDGET);
    return bytes === 0 ? segment : { ...segment, a: side(bytes, { from: 0, whole: true }) };
  });

/** Runs a scan to its end and tells the most that was held at once, and the most runs that were under way. */
async function drained(segments: readonly Segment[], seed: number): Promise<{ held: number; busy: number }> {
  const stage = await ScanStage.started({ workers: 3, segments });
  const draw = seededDraw(seed);
  const most = { held: 0, busy: 0 };
  for (let { busy } = stage; busy.length > 0; { busy } = stage) {
    // What is handed over behind a run begins when that is over, and counts as held already.
    const runs = stage.workers.flatMap(({ current, waiting }) => [...(current ? [current] : []), ...waiting]);
    const held = runs.reduce((sum, { run }) => sum + heldBytes(segments[run.segments[0].position]), 0);
    most.held = Math.max(most.held, held);
    most.busy = Math.max(most.busy, busy.length);
    await stage.step(busy[draw(busy.length)]);
  }
  expect(stage.state).toEqual({ status: "finished" });
  expect([...stage.finished].sort((x, y) => x - y)).toEqual([...segments.keys()]);
  return most;
}

describe("workers together", () => {
  it.each([0, 1, 2, 3])("never hold more than the budget, whatever finishes first (%i)", async (seed) => {
    const { held, busy } = await drained(
      wholes((i) => (i % 5 === 0 ? 0 : 0.2 + (i % 4) / 5)),
      seed,
    );
    expect(held).toBeLessThanOrEqual(HELD_BUDGET);
    expect(held).toBeGreaterThan(HELD_BUDGET / 2);
    expect(busy).toBe(3);
  });

  it("hold one that is larger than the budget while they hold no other", async () => {
    const { held } = await drained(
      wholes(() => 1.2),
      5,
    );
    expect(held).toBe(Math.round(1.2 * HELD_BUDGET));
  });

  it("are all at work on small ones", async () => {
    expect(
      (
        await drained(
          wholes(() => 0.1),
          6,
        )
      ).busy,
    ).toBe(3);
  });
});
