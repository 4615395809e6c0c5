import { proxy, type Remote, transfer } from "comlink";
import type { DeviceFindings } from "../kernels/choose-engine.ts";
import type { EngineName } from "../kernels/engine.ts";
import type { DeviceApi, ScanApi, ScanEvent, SurveyApi } from "../reading/worker-contract.ts";
import { type StartedWorker, startWorker } from "./start-worker.ts";

/**
 * Scan workers to start. Each keeps two requests open, and a browser allows six per HTTP/1.1 origin, so three at most;
 * two at least, so that one fetches while the other computes.
 */
export const scanWorkerCount = (cores: number): number => Math.max(2, Math.min(3, cores - 1));

/** The page's workers: one for surveys, one for the GPU, a few that scan. Started when first needed, then kept. */
export class WorkerPool {
  readonly cores: number;
  #survey: StartedWorker<SurveyApi> | null = null;
  #device: StartedWorker<DeviceApi> | null = null;
  #findings: { force: boolean; device: StartedWorker<DeviceApi>; answer: Promise<DeviceFindings> } | null = null;
  #scanners: StartedWorker<ScanApi>[] = [];

  constructor(cores: number) {
    this.cores = cores;
  }

  get survey(): Remote<SurveyApi> {
    if (this.#survey?.failed) this.#survey = null;
    this.#survey ??= startWorker(
      new Worker(new URL("../../workers/survey-worker.ts", import.meta.url), { type: "module" }),
    );
    return this.#survey.api;
  }

  /**
   * What WebGPU can do here; asked once, and again after the device was lost, which `onLost` says in a sentence. Starts the
   * device worker; `force` uses even a software adapter.
   */
  startDevice(force: boolean, onLost: (sentence: string) => void): Promise<DeviceFindings> {
    if (this.#device?.failed) this.#device = null;
    this.#device ??= startWorker(
      new Worker(new URL("../../workers/device-worker.ts", import.meta.url), { type: "module" }),
    );
    if (this.#findings?.force === force && this.#findings.device === this.#device) return this.#findings.answer;
    const lost = (sentence: string) => {
      this.#findings = null;
      onLost(sentence);
    };
    this.#findings = { force, device: this.#device, answer: this.#device.api.start(force, proxy(lost)) };
    return this.#findings.answer;
  }

  /** Scan workers set up for `engine`, reporting to `onEvent`. They replace those of the scan before. */
  async scanners(engine: EngineName, onEvent: (event: ScanEvent) => void): Promise<Remote<ScanApi>[]> {
    for (const { worker } of this.#scanners) worker.terminate();
    this.#scanners = Array.from({ length: scanWorkerCount(this.cores) }, () =>
      startWorker(new Worker(new URL("../../workers/scan-worker.ts", import.meta.url), { type: "module" })),
    );
    const apis = this.#scanners.map(({ api }) => api);
    await Promise.all(
      apis.map(async (api) => {
        if (engine !== "wgsl") return api.configure({ engine }, proxy(onEvent));
        const { port1, port2 } = new MessageChannel();
        await this.#device?.api.connect(transfer(port1, [port1]));
        return api.configure(transfer({ engine, device: port2 }, [port2]), proxy(onEvent));
      }),
    );
    return apis;
  }
}
