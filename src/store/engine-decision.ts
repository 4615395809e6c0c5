import { chooseEngine } from "../kernels/choose-engine.ts";
import type { EngineName } from "../kernels/engine.ts";
import type { WorkerPool } from "../scheduling/worker-pool.ts";

/** Which engine computes, and why. WebGPU is only looked at where the browser has it and nothing else is forced. */
export async function decideEngine(
  forced: EngineName | null,
  pool: WorkerPool,
  gpu: boolean,
): Promise<{ chosen: EngineName; reason: string }> {
  const look = forced === "wgsl" || (forced === null && gpu);
  const device = look ? await pool.startDevice(forced === "wgsl") : null;
  const { name, reason } = chooseEngine({ forced, device });
  return { chosen: name, reason };
}
