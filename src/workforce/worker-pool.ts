import type { DeviceFindings, SelfTestResult } from "../kernels/choose-engine.ts";
import type { SurveyApi } from "../reading/worker-contract.ts";
import type { Lease } from "./lease.ts";

/** Who computes for the page: one worker for surveys, one for the GPU, a few that scan. */
export interface WorkerPool {
  readonly cores: number;
  readonly survey: SurveyApi;
  /**
   * What WebGPU can do here; asked once, and again after the device was lost, which `onLost` says in a sentence. `force` uses
   * even a software adapter.
   */
  startDevice(force: boolean, onLost: (sentence: string) => void): Promise<DeviceFindings>;
  /** How WebAssembly's self-test failed in a worker; null while it has not. Since then the reference is lent in its place. */
  readonly wasm: SelfTestResult | null;
  /** `hear` is told when it fails. */
  watchWasm(hear: (result: SelfTestResult) => void): void;
  /** A hold on scan workers for one job; none is started before it asks for them. */
  lease(): Lease;
}

/**
 * Scan workers to start. Each keeps two requests open, and a browser allows six per HTTP/1.1 origin, so three at most;
 * two at least, so that one fetches while the other computes.
 */
export const scanWorkerCount = (cores: number): number => Math.max(2, Math.min(3, cores - 1));
