import type { DeviceFindings } from "../choose-engine.ts";
import type { Engine } from "../engine.ts";
import { measureSpeed } from "../measure-speed.ts";
import { selfTest } from "../self-test.ts";
import type { GraphicsDevice } from "./graphics-device.ts";
import { createWgslEngine, type WgslEngineOptions } from "./wgsl-engine.ts";

export interface StartedDevice {
  engine: Engine | null;
  report: DeviceFindings;
  /** Closes the engine and destroys the device; the fallback stays open. */
  close(): void;
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Tests the WGSL engine on the device that `open` gives, and measures it beside the fallback where that is WebAssembly.
 * `engine` is null, and the device closed, where it is not to be used. `force` tries even a software adapter and does not
 * measure. Never rejects: the report says what failed.
 */
export async function startOn(
  open: () => Promise<GraphicsDevice>,
  startFallback: () => Promise<Engine>,
  force: boolean,
  options: WgslEngineOptions = {},
): Promise<StartedDevice> {
  const nothing = { isFallback: false, selfTest: null, pairsPerSecond: null };
  let opened: GraphicsDevice | null = null;
  let engine: Engine | null = null;
  const close = () => {
    engine?.close();
    opened?.close();
  };
  const without = (report: DeviceFindings): StartedDevice => {
    close();
    return { engine: null, report, close };
  };
  try {
    opened = await open();
    const { device, isFallback, description } = opened;
    const found = { available: true, isFallback, description };
    if (isFallback && !force) return without({ ...nothing, ...found });
    const fallback = await startFallback();
    engine = createWgslEngine(device, fallback, options);
    const tested = await selfTest(engine);
    if (!tested.passed) return without({ ...found, selfTest: tested, pairsPerSecond: null });
    const measure = fallback.name === "wasm" && !force;
    const pairsPerSecond = measure ? { wgsl: await measureSpeed(engine), wasm: await measureSpeed(fallback) } : null;
    return { engine, report: { ...found, selfTest: tested, pairsPerSecond }, close };
  } catch (error) {
    return without({ ...nothing, available: false, description: sentence(error) });
  }
}
