import { transfer } from "comlink";
import type { DeviceFindings, SelfTestResult } from "../kernels/choose-engine.ts";
import type { EngineName } from "../kernels/engine.ts";
import type { DeviceApi, ScanEvent, ScanWorkerApi, SurveyApi } from "../reading/worker-contract.ts";
import { type Lease, type TakenScanners, WorkerLease } from "./lease.ts";
import { ScanSeat, type SeatKeeper } from "./scan-seat.ts";
import { SharedScanner } from "./shared-scanner.ts";
import { type StartedWorker, startWorker, WorkerFailed, WorkerLost } from "./start-worker.ts";
import { scanWorkerCount, type WorkerPool } from "./worker-pool.ts";

/**
 * The browser's workers. Started when first needed, then kept: scan workers stay warm between jobs, and jobs that run at the
 * same time share them.
 */
export class PageWorkers implements WorkerPool {
  readonly cores: number;
  #survey: StartedWorker<SurveyApi> | null = null;
  #device: StartedWorker<DeviceApi> | null = null;
  #findings: { force: boolean; device: StartedWorker<DeviceApi>; answer: Promise<DeviceFindings> } | null = null;
  #scanners: SharedScanner[] = [];
  /** Of workers that died: who took their place. */
  readonly #successors = new WeakMap<SharedScanner, SharedScanner>();
  #wasm: SelfTestResult | null = null;
  readonly #wasmWatchers: ((result: SelfTestResult) => void)[] = [];

  constructor(cores: number) {
    this.cores = cores;
  }

  get survey(): SurveyApi {
    if (!this.#survey || this.#survey.isDead)
      this.#survey = startWorker<SurveyApi>(
        new Worker(new URL("../../workers/survey-worker.ts", import.meta.url), { type: "module" }),
      );
    return this.#survey.api;
  }

  get wasm(): SelfTestResult | null {
    return this.#wasm;
  }

  watchWasm(hear: (result: SelfTestResult) => void): void {
    this.#wasmWatchers.push(hear);
  }

  startDevice(force: boolean, onLost: (sentence: string) => void): Promise<DeviceFindings> {
    if (!this.#device || this.#device.isDead)
      this.#device = startWorker<DeviceApi>(
        new Worker(new URL("../../workers/device-worker.ts", import.meta.url), { type: "module" }),
      );
    if (this.#findings?.force === force && this.#findings.device === this.#device) return this.#findings.answer;
    const lost = (sentence: string) => {
      this.#findings = null;
      onLost(sentence);
    };
    this.#findings = { force, device: this.#device, answer: this.#device.api.start(force, lost) };
    return this.#findings.answer;
  }

  lease(): Lease {
    return new WorkerLease((engine, onEvent) => this.#takeScanners(engine, onEvent));
  }

  /**
   * As many workers as the cores and an origin's connections allow, shared with whoever else holds them. Only where others
   * hold them for another engine are there more for a while.
   */
  #takeScanners(asked: EngineName, onEvent: (event: ScanEvent) => void): TakenScanners {
    const engine = asked === "wasm" && this.#wasm ? "reference" : asked;
    const key = this.#keyOf(engine);
    this.#scanners = this.#scanners.filter(({ isDead }) => !isDead);
    const scanners = this.#scanners.filter((scanner) => scanner.fits(key)).slice(0, scanWorkerCount(this.cores));
    while (scanners.length < scanWorkerCount(this.cores)) scanners.push(this.#startScanner());
    const keeper: SeatKeeper = {
      replace: (dead) => this.#successorOf(dead),
      setUp: (scanner) => this.#setUp(scanner, engine),
      replaceEngine: (scanner, { message }) => {
        this.#noteWasm({ passed: false, reason: message });
        return this.#setUp(scanner, "reference");
      },
    };
    const seats = scanners.map((scanner) => new ScanSeat(scanner, onEvent, keeper));
    const release = (seat: ScanSeat) => {
      seat.release();
      this.#endSurplus();
    };
    return {
      scanners: seats.map((seat) => ({ api: seat.api, release: () => release(seat) })),
      ready: Promise.all(seats.map(({ ready }) => ready)),
    };
  }

  #startScanner(): SharedScanner {
    const worker = new Worker(new URL("../../workers/scan-worker.ts", import.meta.url), { type: "module" });
    const scanner = new SharedScanner(startWorker<ScanWorkerApi>(worker, true));
    this.#scanners.push(scanner);
    return scanner;
  }

  #successorOf(dead: SharedScanner): SharedScanner {
    const successor = this.#successors.get(dead) ?? this.#startScanner();
    this.#successors.set(dead, successor);
    this.#scanners = this.#scanners.filter((one) => one !== dead);
    return successor;
  }

  /** What a worker is set up for: an engine, or the very worker that has the device. */
  #keyOf(engine: EngineName): object | string {
    return engine === "wgsl" && this.#device ? this.#device : engine;
  }

  #setUp(scanner: SharedScanner, engine: EngineName): Promise<void> {
    return scanner.setUp(this.#keyOf(engine), async (api, onEvent) => {
      if (engine !== "wgsl") return api.configure({ engine }, onEvent);
      if (!this.#device) throw new WorkerFailed();
      const { port1, port2 } = new MessageChannel();
      await this.#device.api.connect(transfer(port1, [port1]));
      return api.configure(transfer({ engine, device: port2 }, [port2]), onEvent);
    });
  }

  #noteWasm(result: SelfTestResult): void {
    if (this.#wasm) return;
    this.#wasm = result;
    for (const hear of this.#wasmWatchers) hear(result);
  }

  /** Of the workers that nobody holds, as many are kept warm as one job needs. */
  #endSurplus(): void {
    for (const scanner of [...this.#scanners].reverse()) {
      if (this.#scanners.length <= scanWorkerCount(this.cores)) return;
      if (scanner.isHeld) continue;
      scanner.end(new WorkerLost());
      this.#scanners = this.#scanners.filter((one) => one !== scanner);
    }
  }
}
