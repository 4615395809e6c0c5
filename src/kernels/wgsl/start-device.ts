import type { DeviceFindings } from "../choose-engine.ts";
import type { Engine } from "../engine.ts";
import { measureSpeed } from "../measure-speed.ts";
import { createReferenceEngine } from "../reference/reference-engine.ts";
import { selfTest } from "../self-test.ts";
import { startWasm } from "../wasm/start-wasm.ts";
import { openTfjsDevice } from "./tfjs-device.ts";
import { createWgslEngine, type WgslEngineOptions } from "./wgsl-engine.ts";

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Opens the graphics device, tests the WGSL engine on it and measures it beside WebAssembly. `engine` is null where it is
 * not to be used. `force` tries even a software adapter and does not measure. Never rejects: the report says what failed.
 */
export async function startDevice(
  force: boolean,
  options: WgslEngineOptions = {},
): Promise<{ engine: Engine | null; report: DeviceFindings }> {
  const nothing = { isFallback: false, selfTest: null, pairsPerSecond: null };
  try {
    const { device, isFallback, description, close } = await openTfjsDevice();
    const found = { available: true, isFallback, description };
    if (isFallback && !force) {
      close();
      return { engine: null, report: { ...nothing, ...found } };
    }
    const wasm = await startWasm().catch(() => null);
    const engine = createWgslEngine(device, wasm ?? createReferenceEngine(), options);
    const tested = await selfTest(engine);
    if (!tested.passed) {
      engine.close();
      close();
      return { engine: null, report: { ...found, selfTest: tested, pairsPerSecond: null } };
    }
    const measure = wasm && !force;
    const pairsPerSecond = measure ? { wgsl: await measureSpeed(engine), wasm: await measureSpeed(wasm) } : null;
    return { engine, report: { ...found, selfTest: tested, pairsPerSecond } };
  } catch (error) {
    return { engine: null, report: { ...nothing, available: false, description: sentence(error) } };
  }
}
