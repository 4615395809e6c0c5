import type { Checkpoint } from "../../hub/checkpoint.ts";
import { formatRef } from "../../hub/parse-ref.ts";
import type { DeviceFindings, SelfTestResult } from "../../kernels/choose-engine.ts";
import type { EngineName } from "../../kernels/engine.ts";
import { emptyPairStats, type PairStats } from "../../kernels/pair-stats.ts";
import { Survey } from "../../reading/survey.ts";
import { HandWorker } from "../../reading/testing/hand-workers.ts";
import type { OpenOptions, SurveyApi } from "../../reading/worker-contract.ts";
import { type Lease, WorkerLease } from "../../workforce/lease.ts";
import type { WorkerPool } from "../../workforce/worker-pool.ts";

export type Tensors = readonly (readonly [name: string, shape: readonly number[]])[];

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** A checkpoint of BF16 tensors in one file. */
export function checkpointOf(ref: string, tensors: Tensors): Checkpoint {
  let at = 100;
  const stored = tensors.map(([name, shape]) => {
    const begin = at;
    at += 2 * shape.reduce((product, n) => product * n, 1);
    return { file: 0, tensor: { name, dtype: "BF16", shape, span: { begin, end: at } } as const };
  });
  const location = { kind: "http", url: `https://cdn.test/${ref}`, size: at } as const;
  const isRepo = !ref.includes(":");
  return {
    ref: isRepo ? `${ref}@${COMMIT}` : ref,
    label: ref,
    ...(isRepo ? { revision: COMMIT } : {}),
    files: [{ path: "model.safetensors", size: at, hash: "abc", location }],
    tensors: stored,
    notes: [],
    opened: { requests: 2, bytes: 1000 },
  };
}

/** Lets promises settle; no time passes. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 80; i++) await Promise.resolve();
}

/** For tests: the page's workers, answering from a list of checkpoints and scanning by hand. */
export class ScriptedPool implements WorkerPool {
  readonly cores = 2;
  /** What each reference leads to: a checkpoint, or the error that opening it ends with. */
  readonly answers = new Map<string, Checkpoint | Error>();
  /** Every reference that was opened, with what came along. */
  readonly opened: { job: number; ref: string; options: OpenOptions }[] = [];
  readonly cancelled: number[] = [];
  /** Every pairing that was asked for. */
  readonly paired: { job: number; rename: string }[] = [];
  /** What was searched for, and what is found. */
  readonly searched: string[] = [];
  found: string[] | Error = [];
  onSearch: (signal: AbortSignal) => void = () => {};
  /** How often waits were cut short. */
  hurried = 0;
  /** What hears of the survey's waits. */
  tellWait: Parameters<SurveyApi["listen"]>[0] = () => {};
  readonly deviceStarts: boolean[] = [];
  readonly engines: EngineName[] = [];
  /** The workers of each scan. */
  readonly scans: HandWorker[][] = [];
  /** While it is set, opening waits for it. */
  gate: Promise<void> | null = null;
  device: DeviceFindings | Error = new Error("There is no device.");
  scanners: Error | null = null;

  readonly #survey = new Survey({
    open: async (ref) => {
      await this.gate;
      const answer = this.answers.get(formatRef(ref)) ?? new Error(`${formatRef(ref)} does not exist.`);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    relocate: async (location) => location,
    search: async (text, { signal }) => {
      this.searched.push(text);
      this.onSearch(signal);
      if (this.found instanceof Error) throw this.found;
      return this.found;
    },
    hurry: () => {
      this.hurried++;
    },
  });

  readonly survey: SurveyApi = {
    open: (job, side, ref, options) => {
      this.opened.push({ job, ref: formatRef(ref), options });
      return this.#survey.open(job, side, ref, options);
    },
    pair: (job, rename) => {
      this.paired.push({ job, rename });
      return this.#survey.pair(job, rename);
    },
    search: (text, options) => this.#survey.search(text, options),
    listen: async (onWait) => {
      this.tellWait = onWait;
    },
    hurry: () => this.#survey.hurry(),
    pairing: (job, from, to) => this.#survey.pairing(job, from, to),
    place: (names, shapes) => this.#survey.place(names, shapes),
    relocate: (location, options) => this.#survey.relocate(location, options),
    cancel: (job) => {
      this.cancelled.push(job);
      return this.#survey.cancel(job);
    },
  };

  #hearsWasm: (result: SelfTestResult) => void = () => {};
  #wasm: SelfTestResult | null = null;

  /** WebAssembly fails its self-test in a scan worker. */
  failWasm(reason: string): void {
    this.#wasm = { passed: false, reason };
    this.#hearsWasm(this.#wasm);
  }

  /** What every segment gives besides its one element. */
  sums: Partial<PairStats> = {};

  async startDevice(force: boolean): Promise<DeviceFindings> {
    this.deviceStarts.push(force);
    if (this.device instanceof Error) throw this.device;
    return this.device;
  }

  get wasm(): SelfTestResult | null {
    return this.#wasm;
  }

  watchWasm(hear: (result: SelfTestResult) => void): void {
    this.#hearsWasm = hear;
  }

  lease(): Lease {
    return new WorkerLease((engine, onEvent) => {
      if (this.scanners) return { scanners: [], ready: Promise.reject(this.scanners) };
      this.engines.push(engine);
      const numbersOf = () => ({ ...emptyPairStats(), count: 1, ...this.sums });
      const workers = [0, 1].map(() => new HandWorker(numbersOf, onEvent));
      this.scans.push(workers);
      const release = ({ api, runs }: HandWorker) => {
        for (const { id } of runs) void api.cancel(id);
      };
      return {
        scanners: workers.map((worker) => ({ api: worker.api, release: () => release(worker) })),
        ready: Promise.resolve(),
      };
    });
  }

  /** Lets workers go on to the end: those that were lent last, unless told. */
  async drain(workers = this.scans.at(-1) ?? []): Promise<void> {
    for (let busy = workers; busy.length > 0; busy = workers.filter(({ current }) => current !== null)) {
      for (const worker of busy) {
        if (worker.current?.cancelled) worker.abort();
        else if (worker.current) worker.step();
      }
      await settle();
    }
  }
}
