import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Engine } from "../engine.ts";
import { emptyPairStats } from "../pair-stats.ts";
import { createReferenceEngine } from "../reference/reference-engine.ts";
import type { Dawn } from "./dawn-device.ts";
import { startDawn } from "./start-dawn.ts";
import { FakeDevice, GPU_GLOBALS } from "./testing/fake-device.ts";

// What the engine computes on a real device, `npm run bench -- gpu` holds against the reference.

beforeEach(() => {
  for (const [name, value] of Object.entries(GPU_GLOBALS)) vi.stubGlobal(name, value);
});
afterEach(() => vi.unstubAllGlobals());

const SOFTWARE = {
  vendor: "google",
  architecture: "swiftshader",
  device: "",
  description: "",
  isFallbackAdapter: true,
};
const CARD = { ...SOFTWARE, vendor: "acme", architecture: "one", isFallbackAdapter: false };

/** The package with one adapter, or none, whose device is `requestDevice`'s. */
function dawn(info: typeof CARD | null, requestDevice: () => Promise<GPUDevice>) {
  const adapter = info && { info, requestDevice };
  const gpu = { requestAdapter: async () => adapter };
  return async (): Promise<Dawn> => ({ create: () => gpu as unknown as GPU, globals: { GPUOfDawn: 1 } });
}
const without = (code: string | undefined, message: string) => async () => {
  throw Object.assign(new Error(message), { code });
};
const broken: Engine = { name: "wasm", pairStats: () => ({ ...emptyPairStats(), count: -1 }), close() {} };

describe("what is in the way is said in a sentence, and nothing is thrown:", () => {
  const device = async () => new FakeDevice().asDevice;
  const cases: [what: string, load: () => Promise<Dawn>, sentence: RegExp][] = [
    [
      "no package",
      without("ERR_MODULE_NOT_FOUND", "Cannot find package"),
      /^The optional package “webgpu” is not inst/,
    ],
    [
      "no binary",
      without("ERR_DLOPEN_FAILED", "GLIBC_9 not found\nat x"),
      /cannot be loaded .* \(GLIBC_9 not found\)\.$/,
    ],
    ["no adapter", dawn(null, device), /^Dawn found no graphics adapter: /],
    [
      "no device",
      dawn(CARD, without(undefined, "out of it")),
      /^The graphics device could not be started \(out of it\)\.$/,
    ],
  ];
  test.each(cases)("%s", async (_, load, sentence) => {
    const { engine, report, close } = await startDawn(load, createReferenceEngine(), true);
    expect(engine).toBeNull();
    expect(report).toMatchObject({ available: false, description: expect.stringMatching(sentence) });
    expect(close).not.toThrow();
  });
});

describe("the device is destroyed, so that Node can end,", () => {
  test("at once where it is software and was not asked for", async () => {
    const device = new FakeDevice();
    const { engine, report } = await startDawn(
      dawn(SOFTWARE, async () => device.asDevice),
      broken,
      false,
    );
    expect(engine).toBeNull();
    expect(report).toMatchObject({ available: true, isFallback: true, description: "google swiftshader" });
    expect(device.isLost).toBe(true);
  });

  test("where the engine fails its self-test", async () => {
    const device = new FakeDevice();
    const destroyed = vi.spyOn(device, "destroy");
    // Nothing is asked of a device that is gone: every answer is the fallback's.
    device.isLost = true;
    const { engine, report } = await startDawn(
      dawn(CARD, async () => device.asDevice),
      broken,
      true,
    );
    expect(engine).toBeNull();
    expect(report.selfTest).toMatchObject({ passed: false, reason: expect.stringMatching(/count: -1/) });
    expect(destroyed).toHaveBeenCalled();
  });

  test("when what was started is closed", async () => {
    const device = new FakeDevice();
    const destroyed = vi.spyOn(device, "destroy");
    device.isLost = true;
    const started = await startDawn(
      dawn(CARD, async () => device.asDevice),
      createReferenceEngine(),
      true,
    );
    expect(started.engine?.name).toBe("wgsl");
    expect(started.report).toMatchObject({ available: true, isFallback: false, selfTest: { passed: true } });
    expect(destroyed).not.toHaveBeenCalled();
    started.close();
    expect(destroyed).toHaveBeenCalledOnce();
  });
});

test("Dawn's globals are put in place, and none that is there is replaced", async () => {
  const load = async (): Promise<Dawn> => ({
    ...(await dawn(null, async () => new FakeDevice().asDevice)()),
    globals: { GPUOfDawn: 1, GPUBufferUsage: "another" },
  });
  await startDawn(load, createReferenceEngine(), true);
  expect(globalThis).toMatchObject({ GPUOfDawn: 1, GPUBufferUsage: GPU_GLOBALS.GPUBufferUsage });
  Reflect.deleteProperty(globalThis, "GPUOfDawn");
});
