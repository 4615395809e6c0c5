import { expect, it } from "vitest";
import type { Engine, Stretch } from "./engine.ts";
import { emptyPairStats } from "./pair-stats.ts";
import { createReferenceEngine } from "./reference/reference-engine.ts";
import { testedWhenUsed } from "./tested-when-used.ts";

const reference = createReferenceEngine();
const bytes = Uint8Array.of(0x80, 0x3f, 0x00, 0x40);
const stretch = (dtypeA: "BF16" | "F16" | "I16" = "BF16"): Stretch => ({
  ...{ dtypeA, a: bytes, dtypeB: "BF16", b: bytes, count: 2 },
});

/** An engine that counts its calls by dtypes, and gets every stretch with a base of `wrong` wrong. */
function watched(wrong?: string) {
  const calls = new Map<string, number>();
  const engine: Engine = {
    name: "wasm",
    pairStats(given) {
      calls.set(given.dtypeA, (calls.get(given.dtypeA) ?? 0) + 1);
      return given.dtypeA === wrong ? emptyPairStats() : reference.pairStats(given);
    },
    close: () => undefined,
  };
  return { engine: testedWhenUsed(engine), calls };
}

it("tests the dtypes that are asked for, each pair once", async () => {
  const { engine, calls } = watched();
  expect(await engine.pairStats(stretch())).toEqual(reference.pairStats(stretch()));
  const tested = calls.get("BF16") ?? 0;
  expect(tested).toBeGreaterThan(10);
  await Promise.all([engine.pairStats(stretch()), engine.pairStats(stretch())]);
  expect(calls).toEqual(new Map([["BF16", tested + 2]]));
});

it("tests once, however many stretches come at once", async () => {
  const { engine, calls } = watched();
  await engine.pairStats(stretch());
  const alone = calls.get("BF16") ?? 0;
  const busy = watched();
  await Promise.all([1, 2, 3].map(() => busy.engine.pairStats(stretch())));
  expect(busy.calls.get("BF16")).toBe(alone + 2);
});

it("serves no pair of dtypes that it gets wrong, and the others", async () => {
  const { engine } = watched("F16");
  for (let i = 0; i < 2; i++)
    await expect(engine.pairStats(stretch("F16"))).rejects.toMatchObject({
      ...{ name: "EngineFailed", message: expect.stringMatching(/failed its self-test\. F16/) },
    });
  expect(await engine.pairStats(stretch())).toEqual(reference.pairStats(stretch()));
});

it("leaves other dtypes to the engine", async () => {
  const { engine, calls } = watched();
  await engine.pairStats(stretch("I16"));
  expect(calls).toEqual(new Map([["I16", 1]]));
});
