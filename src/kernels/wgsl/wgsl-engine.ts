import type { Engine, Stretch } from "../engine.ts";
import { narrowFloat } from "../narrow-float.ts";
import { emptyPairStats, mergePairStats, type PairStats } from "../pair-stats.ts";
import { stretchPart } from "../stretch-part.ts";
import { bindingsOf, Dispatch, dispatchElements } from "./dispatch.ts";
import { GpuError, refusal } from "./gpu-error.ts";
import { COUNTS, PAIR_STATS_SHADER } from "./pair-stats.wgsl.ts";
import { type DispatchResult, resultStats } from "./result-stats.ts";
import { Ring } from "./ring.ts";

/**
 * Dispatches under way at once: one is filled, one copied and computed, one read back, one on its way between them.
 * Together 32 MiB on the device, and in Chromium 16 MiB more of memory that the worker shares with the device's process.
 */
export const RING = 4;

export interface WgslEngine extends Engine {
  readonly name: "wgsl";
  pairStats(stretch: Stretch): Promise<PairStats>;
}

export interface WgslEngineOptions {
  /** Told once, in a sentence, when the device is lost and the fallback has taken over. */
  onLost?(sentence: string): void;
}

/**
 * PairStats of narrow floats on a WebGPU device; other dtypes are a RangeError. What float32 on a GPU cannot be trusted
 * with, a finite value outside [2^−40, 2^40), has its dispatch (at most 2 MiB a side) redone by `fallback`, and so has
 * everything that is not finished when the device is lost. Once the device has refused a command, by an error of this
 * engine's or of anyone else's, no result of it is trusted: every call under way and every later one rejects with that
 * `GpuFailed`. Both `device` and `fallback` stay the caller's to close.
 */
export function createWgslEngine(device: GPUDevice, fallback: Engine, options: WgslEngineOptions = {}): WgslEngine {
  const layout = bindingsOf(device);
  const ring = new Ring(RING, () => new Dispatch(device, layout));
  let pipeline: Promise<GPUComputePipeline> | null = null;
  let lost = false;
  let closed = false;
  let refused: GpuError | null = null;

  const noteLoss = (reason: string) => {
    if (lost || closed) return;
    lost = true;
    const why = reason ? ` (${reason})` : "";
    options.onLost?.(`The graphics device was lost${why}; the scan goes on with the engine “${fallback.name}”.`);
  };
  device.lost.then((info) => noteLoss(info.message));

  const noteRefusal = (error: GpuError) => {
    // A device that is gone computes nothing that could be wrong.
    if (!lost) refused ??= error;
  };

  // The engine's own commands run inside error scopes; this hears of all others, as of buffers for which there is no room.
  const onUncaptured = ({ error }: GPUUncapturedErrorEvent) => noteRefusal(refusal(error));
  device.addEventListener("uncapturederror", onUncaptured);

  const compile = (): Promise<GPUComputePipeline> =>
    device
      .createComputePipelineAsync({
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module: device.createShaderModule({ code: PAIR_STATS_SHADER }) },
      })
      .catch((cause: GPUPipelineError) => {
        throw refusal(cause);
      });

  /** Null where the device is no longer there to ask. Rejects with what it refused, or anyone before. */
  const dispatchOn = async (dispatch: Dispatch, stretch: Stretch): Promise<DispatchResult | null> => {
    let result: DispatchResult | null = null;
    try {
      if (!lost && !closed && !refused) {
        pipeline ??= compile();
        result = await dispatch.run(await pipeline, stretch);
      }
    } catch (error) {
      if (error instanceof GpuError) noteRefusal(error);
      // The consequences of a loss may come before its announcement.
      else if (error instanceof DOMException) noteLoss("");
      else throw error;
    }
    if (refused) throw refused;
    return result;
  };

  const compute = async (stretch: Stretch): Promise<PairStats> => {
    const result = await ring.lend((dispatch) => dispatchOn(dispatch, stretch));
    if (!result || result.counts[COUNTS.outside] > 0) return fallback.pairStats(stretch);
    return resultStats(result, stretch.count);
  };

  return {
    name: "wgsl",
    async pairStats(stretch) {
      const longest = dispatchElements(narrowFloat(stretch.dtypeA), narrowFloat(stretch.dtypeB));
      const parts: Promise<PairStats>[] = [];
      for (let from = 0; from < stretch.count; from += longest) {
        parts.push(compute(stretchPart(stretch, from, Math.min(longest, stretch.count - from))));
      }
      const stats = emptyPairStats();
      for (const part of await Promise.all(parts)) mergePairStats(stats, part);
      return stats;
    },
    close() {
      closed = true;
      device.removeEventListener("uncapturederror", onUncaptured);
      for (const dispatch of ring.made) dispatch.destroy();
    },
  };
}
