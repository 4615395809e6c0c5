import { chooseEngine, type DeviceFindings } from "../kernels/choose-engine.ts";
import type { EngineName } from "../kernels/engine.ts";
import type { WorkerPool } from "../workforce/worker-pool.ts";

/** Which engine computes, and why. WebGPU is only looked at where the browser has it and nothing else is forced. */
export async function decideEngine(
  forced: EngineName | null,
  pool: WorkerPool,
  gpu: boolean,
  onLost: (sentence: string) => void,
): Promise<{ chosen: EngineName; reason: string }> {
  const look = forced === "wgsl" || (forced === null && gpu);
  const device = look ? await pool.startDevice(forced === "wgsl", onLost).catch(missing) : null;
  const { name, reason } = chooseEngine({ forced, device });
  return { chosen: name, reason };
}

/** A worker that cannot be started is no device; the scan goes on without it. */
const missing = ({ message }: Error): DeviceFindings => ({
  ...{ available: false, isFallback: false, selfTest: null, pairsPerSecond: null },
  description: `WebGPU could not be looked at: ${message}`,
});
