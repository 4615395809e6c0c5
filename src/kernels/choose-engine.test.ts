import { describe, expect, test } from "vitest";
import { chooseEngine, type DeviceFindings, type EngineQuestion } from "./choose-engine.ts";
import type { EngineName } from "./engine.ts";

const PASSED = { passed: true, reason: "It agrees." };
const FAILED = { passed: false, reason: "F32 gave one too many." };
const NO_GPU: DeviceFindings = {
  available: false,
  isFallback: false,
  description: "This browser offers no WebGPU here.",
  selfTest: null,
  pairsPerSecond: null,
};
const CARD: DeviceFindings = {
  available: true,
  isFallback: false,
  description: "acme gx",
  selfTest: PASSED,
  pairsPerSecond: { wgsl: 5e9, wasm: 5e8 },
};
const SLOW: DeviceFindings = { ...CARD, pairsPerSecond: { wgsl: 4e8, wasm: 5e8 } };
const WRONG: DeviceFindings = { ...CARD, selfTest: FAILED };
const SOFTWARE: DeviceFindings = {
  ...CARD,
  isFallback: true,
  description: "swift",
  selfTest: null,
  pairsPerSecond: null,
};
const SOFTWARE_TESTED: DeviceFindings = { ...SOFTWARE, selfTest: PASSED };

const CASES: [string, EngineQuestion, EngineName, string[]][] = [
  ["a card that is fast and right", { forced: null, device: CARD }, "wgsl", ["acme gx", "5000 M"]],
  ["a card that was not measured", { forced: null, device: { ...CARD, pairsPerSecond: null } }, "wgsl", ["acme gx"]],
  ["a slow card", { forced: null, device: SLOW }, "wasm", ["400 M", "500 M"]],
  ["a slow card where WebAssembly fails", { forced: null, device: SLOW, wasm: FAILED }, "wgsl", ["acme gx"]],
  ["a card that miscounts", { forced: null, device: WRONG }, "wasm", ["acme gx", "one too many"]],
  ["a card that was not tested", { forced: null, device: { ...CARD, selfTest: null } }, "wasm", ["not been tested"]],
  ["software", { forced: null, device: SOFTWARE }, "wasm", ["software", "swift"]],
  ["no adapter", { forced: null, device: NO_GPU }, "wasm", ["no WebGPU"]],
  ["no WebGPU in the browser", { forced: null, device: null }, "wasm", ["no WebGPU"]],
  ["nothing but the reference", { forced: null, device: null, wasm: FAILED }, "reference", ["one too many"]],
  ["wgsl forced", { forced: "wgsl", device: CARD }, "wgsl", ["asked for"]],
  ["wgsl forced on a slow card", { forced: "wgsl", device: SLOW }, "wgsl", ["asked for"]],
  ["wgsl forced in software", { forced: "wgsl", device: SOFTWARE_TESTED }, "wgsl", ["asked for", "swift"]],
  ["wgsl forced where there is none", { forced: "wgsl", device: NO_GPU }, "wasm", ["asked for", "no WebGPU"]],
  ["wgsl forced where it miscounts", { forced: "wgsl", device: WRONG }, "wasm", ["asked for", "one too many"]],
  ["wasm forced", { forced: "wasm", device: null, wasm: PASSED }, "wasm", ["asked for"]],
  ["wasm forced where it miscounts", { forced: "wasm", device: null, wasm: FAILED }, "reference", ["one too many"]],
  ["the reference forced", { forced: "reference", device: CARD }, "reference", ["asked for"]],
];

describe("chooseEngine", () => {
  test.each(CASES)("%s", (_case, question, name, words) => {
    const choice = chooseEngine(question);
    expect(choice.name).toBe(name);
    for (const word of words) expect(choice.reason).toContain(word);
    expect(choice.reason).toMatch(/^[A-Z].*\.$/);
  });
});
