import { createReferenceEngine } from "../reference/reference-engine.ts";
import { startWasm } from "../wasm/start-wasm.ts";
import { type StartedDevice, startOn } from "./start-on.ts";
import { openTfjsDevice } from "./tfjs-device.ts";
import type { WgslEngineOptions } from "./wgsl-engine.ts";

/**
 * Opens the graphics device of the page, tests the WGSL engine on it and measures it beside WebAssembly. `engine` is null
 * where it is not to be used. `force` tries even a software adapter and does not measure. Never rejects: the report says
 * what failed.
 */
export async function startDevice(
  force: boolean,
  options: WgslEngineOptions = {},
): Promise<Omit<StartedDevice, "close">> {
  const startFallback = () => startWasm().catch(createReferenceEngine);
  const { engine, report } = await startOn(openTfjsDevice, startFallback, force, options);
  // The page has one device for all who start it; it ends with its worker.
  return { engine, report };
}
