import { expect, it, test } from "vitest";
import type { Dtype } from "../safetensors/dtype.ts";
import type { Engine, EngineName } from "./engine.ts";
import { withReferenceFor64 } from "./pair-engine.ts";
import { emptyPairStats } from "./pair-stats.ts";

function recording(name: EngineName, log: string[]): Engine {
  return {
    name,
    pairStats({ count }) {
      log.push(`${name} computes`);
      return { ...emptyPairStats(), count };
    },
    close: () => log.push(`${name} closes`),
  };
}

const SERVED: [Dtype, Dtype, EngineName][] = [
  ["BF16", "F32", "wasm"],
  ["F16", "F16", "wasm"],
  ["F64", "BF16", "reference"],
  ["BF16", "F64", "reference"],
  ["I64", "I64", "reference"],
  ["F32", "U8", "reference"],
];

test.each(SERVED)("%s against %s is computed by %s", async (dtypeA, dtypeB, name) => {
  const log: string[] = [];
  const engine = withReferenceFor64(recording("wasm", log), recording("reference", log));
  const bytes = new Uint8Array(8);
  expect(engine.name).toBe("wasm");
  expect(engine.engineFor({ dtypeA, dtypeB })).toBe(name);
  expect((await engine.pairStats({ dtypeA, a: bytes, dtypeB, b: bytes, count: 1 })).count).toBe(1);
  expect(log).toEqual([`${name} computes`]);
});

it("closes each engine once", () => {
  const log: string[] = [];
  withReferenceFor64(recording("wasm", log), recording("reference", log)).close();
  const reference = recording("reference", log);
  withReferenceFor64(reference, reference).close();
  expect(log).toEqual(["wasm closes", "reference closes", "reference closes"]);
});
