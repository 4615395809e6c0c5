import { addKeyCount, addUnchanged, LAST_KEY } from "../combined-key.ts";
import type { Engine, Stretch } from "../engine.ts";
import { type NarrowFloat, narrowFloat } from "../narrow-float.ts";
import { emptyPairStats, mergePairStats, type PairStats } from "../pair-stats.ts";
import { stretchPart } from "../stretch-part.ts";
import { bindingsOf, DISPATCH_ELEMENTS, Dispatch, type DispatchResult, refusalSentence } from "./dispatch.ts";
import { GpuError } from "./gpu-error.ts";
import { COUNTS, pairStatsShader, RUN_SUMS } from "./pair-stats.wgsl.ts";

/** Dispatches under way at once: one uploads while one computes and one is read back. */
const DISPATCHES = 3;

export interface WgslEngine extends Engine {
  readonly name: "wgsl";
  pairStats(stretch: Stretch): Promise<PairStats>;
}

export interface WgslEngineOptions {
  /** Told once, in a sentence, when the device is lost and the fallback has taken over. */
  onLost?(sentence: string): void;
}

const asFloat32 = (bits: number): number => new Float32Array(new Uint32Array([bits]).buffer)[0];

/** The shader's result as PairStats, runs summed in float64 and in order. */
function statsOf({ counts, sums }: DispatchResult, count: number): PairStats {
  const stats = emptyPairStats();
  stats.count = count;
  for (let run = 0; run < sums.length; run += RUN_SUMS) {
    stats.sumA2 += sums[run];
    stats.sumAD += sums[run + 1];
    stats.sumD2 += sums[run + 2];
    stats.sumD += sums[run + 3];
    stats.sumAbsD += sums[run + 4];
  }
  stats.maxAbsD = asFloat32(counts[COUNTS.maxAbsD]);
  for (const field of ["nonFinite", "zeroBase", "zeroTuned", "above1e6", "above1e5"] as const) {
    stats[field] = counts[COUNTS[field]];
  }
  stats.unchanged = counts[COUNTS.zeroBoth];
  for (const baseNegative of [false, true]) {
    const half = baseNegative ? COUNTS.baseNegative : 0;
    addUnchanged(stats, baseNegative, counts[half + COUNTS.unchanged]);
    for (const changeNegative of [false, true]) {
      const quarter = half + (changeNegative ? COUNTS.changeNegative : 0);
      for (let key = 0; key <= LAST_KEY; key++) {
        const n = counts[quarter + key];
        if (n > 0) addKeyCount(stats, key, baseNegative, changeNegative, n);
      }
    }
  }
  return stats;
}

/** Lends out a fixed number of things, made when first needed; whoever finds none waits in line. */
class Lender<Thing> {
  readonly made: Thing[] = [];
  readonly #free: Thing[] = [];
  readonly #waiting: ((thing: Thing) => void)[] = [];
  readonly #make: () => Thing;
  readonly #limit: number;

  constructor(limit: number, make: () => Thing) {
    this.#limit = limit;
    this.#make = make;
  }

  async lend<Result>(use: (thing: Thing) => Promise<Result>): Promise<Result> {
    const thing = await this.#take();
    try {
      return await use(thing);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(thing);
      else this.#free.push(thing);
    }
  }

  #take(): Thing | Promise<Thing> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.made.length >= this.#limit) return new Promise((resolve) => this.#waiting.push(resolve));
    const thing = this.#make();
    this.made.push(thing);
    return thing;
  }
}

/**
 * PairStats of BF16, F16 and F32 pairs on a WebGPU device; other dtypes are a RangeError. What float32 on a GPU cannot
 * be trusted with, a finite value outside [2^−40, 2^40), has its dispatch (at most 2^20 elements) redone by `fallback`,
 * and so has everything once the device is lost. Rejects with `GpuFailed` where the device refuses a command.
 * Both `device` and `fallback` stay the caller's to close.
 */
export function createWgslEngine(device: GPUDevice, fallback: Engine, options: WgslEngineOptions = {}): WgslEngine {
  const layout = bindingsOf(device);
  const pipelines = new Map<string, Promise<GPUComputePipeline>>();
  const dispatches = new Lender(DISPATCHES, () => new Dispatch(device, layout));
  let lost = false;
  let closed = false;
  let refusal: GpuError | null = null;

  const noteLoss = (reason: string) => {
    if (lost || closed) return;
    lost = true;
    const why = reason ? ` (${reason})` : "";
    options.onLost?.(`The graphics device was lost${why}; the scan goes on with the engine “${fallback.name}”.`);
  };
  device.lost.then((info) => noteLoss(info.message));

  // Commands run inside error scopes; what still arrives here was refused outside of them, so no result can be trusted.
  const onRefusal = (event: GPUUncapturedErrorEvent) => {
    refusal ??= new GpuError("GpuFailed", refusalSentence(event.error), { cause: event.error });
  };
  device.addEventListener("uncapturederror", onRefusal);

  const pipelineFor = (dtypeA: NarrowFloat, dtypeB: NarrowFloat): Promise<GPUComputePipeline> => {
    const known = pipelines.get(`${dtypeA} ${dtypeB}`);
    if (known) return known;
    const made = device
      .createComputePipelineAsync({
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module: device.createShaderModule({ code: pairStatsShader(dtypeA, dtypeB) }) },
      })
      .catch((cause: GPUPipelineError) => {
        throw new GpuError("GpuFailed", refusalSentence(cause), { cause });
      });
    pipelines.set(`${dtypeA} ${dtypeB}`, made);
    return made;
  };

  const computeOnDevice = async (stretch: Stretch): Promise<DispatchResult | null> => {
    try {
      const pipeline = await pipelineFor(narrowFloat(stretch.dtypeA), narrowFloat(stretch.dtypeB));
      return await dispatches.lend((dispatch) => dispatch.run(pipeline, stretch));
    } catch (error) {
      if (lost) return null;
      // Mapping is aborted when the device goes, perhaps before the loss itself is announced.
      if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
      noteLoss("");
      return null;
    }
  };

  const compute = async (stretch: Stretch): Promise<PairStats> => {
    if (refusal) throw refusal;
    const result = lost ? null : await computeOnDevice(stretch);
    if (refusal) throw refusal;
    if (!result || result.counts[COUNTS.outside] > 0) return fallback.pairStats(stretch);
    return statsOf(result, stretch.count);
  };

  return {
    name: "wgsl",
    async pairStats(stretch) {
      const parts: Promise<PairStats>[] = [];
      for (let from = 0; from < stretch.count; from += DISPATCH_ELEMENTS) {
        parts.push(compute(stretchPart(stretch, from, Math.min(DISPATCH_ELEMENTS, stretch.count - from))));
      }
      const stats = emptyPairStats();
      for (const part of await Promise.all(parts)) mergePairStats(stats, part);
      return stats;
    },
    close() {
      closed = true;
      device.removeEventListener("uncapturederror", onRefusal);
      for (const dispatch of dispatches.made) dispatch.destroy();
    },
  };
}
