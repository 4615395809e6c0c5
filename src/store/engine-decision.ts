import { chooseEngine, type DeviceFindings } from "../kernels/choose-engine.ts";
import type { EngineName } from "../kernels/engine.ts";
import type { WorkerPool } from "../workforce/worker-pool.ts";

interface Decision {
  chosen: EngineName;
  /** Why this one, in a sentence. */
  reason: string;
}

/** Which engine computes, and why. WebGPU is only looked at where the browser has it and nothing else is forced. */
export class EngineDecision {
  readonly #pool: WorkerPool;
  readonly #gpu: boolean;
  #forced: EngineName | null = null;
  #device: DeviceFindings | null = null;

  constructor(pool: WorkerPool, gpu: boolean) {
    this.#pool = pool;
    this.#gpu = gpu;
  }

  async decide(forced: EngineName | null, onLost: (sentence: string) => void): Promise<Decision> {
    const look = forced === "wgsl" || (forced === null && this.#gpu);
    this.#device = look ? await this.#pool.startDevice(forced === "wgsl", onLost).catch(missing) : null;
    this.#forced = forced;
    return this.again();
  }

  /** The same question once more, with what has become known of WebAssembly. */
  again(): Decision {
    const { name, reason } = chooseEngine({
      forced: this.#forced,
      device: this.#device,
      wasm: this.#pool.wasm ?? undefined,
    });
    return { chosen: name, reason };
  }
}

/** A worker that cannot be started is no device; the scan goes on without it. */
const missing = ({ message }: Error): DeviceFindings => ({
  ...{ available: false, isFallback: false, selfTest: null, pairsPerSecond: null },
  description: `WebGPU could not be looked at: ${message}`,
});
