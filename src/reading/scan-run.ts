import type { ReadOptions } from "../bytes/read-range.ts";
import type { Wait } from "../bytes/with-retry.ts";
import type { EngineName, Stretch } from "../kernels/engine.ts";
import { type DeltaSums, emptyDeltaSums } from "../kernels/low-rank/delta-sums.ts";
import { wholeRowStep } from "../kernels/low-rank/whole-row-step.ts";
import { BLOCK_ELEMENTS, emptyPairStats, mergePairStats, type PairStats } from "../kernels/pair-stats.ts";
import type { Multiplier } from "../kernels/wasm/low-rank-multiplier.ts";
import { columnsOf } from "../tensors/low-rank-update.ts";
import { readAuxiliary, SideReader } from "./side-reader.ts";
import { UpdateSide } from "./update-side.ts";
import type { Computed, Run, RunSegment } from "./worker-contract.ts";

/** Elements computed in one call: 512 KiB of BF16 a side, small enough for caches and for a quick end when cancelled. */
export const CHUNK_ELEMENTS = 128 * BLOCK_ELEMENTS;

/** Computes a stretch. Takes the two buffers and gives them (or equals) back with the numbers. */
export interface StretchComputer {
  engineFor(segment: RunSegment): EngineName;
  /** What makes an adapter's products fast, where there is something. */
  multiplier?(): Promise<Multiplier | null>;
  compute(stretch: Stretch & { a: Uint8Array<ArrayBuffer>; b: Uint8Array<ArrayBuffer> }): Promise<Computed> | Computed;
}

export interface RunHooks {
  signal: AbortSignal;
  /** True once the run should end after the segment in hand. */
  endEarly(): boolean;
  onBytes(side: "a" | "b", bytes: number): void;
  /** A busy host is waited for; what this returns is called when that is over. */
  onWait?(wait: Wait): () => void;
  /** `deltas` where an adapter's change is compared with B's. */
  onSegment(segment: RunSegment, stats: PairStats, deltas?: DeltaSums): void;
}

/** Elements of a chunk: whole rows of a DoRA, whose weights take their row's norm. */
function chunkOf({ computedB, adapter }: RunSegment): number {
  const update = (computedB ?? adapter)?.update;
  return update?.magnitude ? wholeRowStep(columnsOf(update), BLOCK_ELEMENTS, CHUNK_ELEMENTS) : CHUNK_ELEMENTS;
}

/**
 * Reads a run's two ranges in step and computes it segment by segment. Memory is one chunk a side, whatever the tensors'
 * size: the streams are only read as fast as they are computed. Only a view that is rearranged is held whole. Rejects with
 * a ReadError, or the AbortError of `signal`.
 */
export async function scanRun(run: Run, computer: StretchComputer, hooks: RunHooks): Promise<void> {
  // Ends both requests when one of them fails.
  const ended = new AbortController();
  const signal = AbortSignal.any([hooks.signal, ended.signal]);
  const optionsOf = (side: "a" | "b"): ReadOptions => ({
    ...{ signal, onBytes: (bytes) => hooks.onBytes(side, bytes), onWait: hooks.onWait },
    // Every file's header was read before.
    wasReadable: true,
  });
  const both = <Result>(read: (side: "a" | "b") => Promise<Result>) => Promise.all([read("a"), read("b")]);
  try {
    const hasUpdates = run.segments.some(({ computedB, adapter }) => computedB ?? adapter);
    const multiplier = (hasUpdates && (await computer.multiplier?.())) || null;
    const [[extraA, extraB], beside] = await Promise.all([
      both((side) => readAuxiliary(run, side, optionsOf(side))),
      run.auxiliaryFiles?.adapter ? readAuxiliary(run, "adapter", optionsOf("b")) : null,
    ]);
    const [a, b] = await both((side) => SideReader.open(run, side, side === "a" ? extraA : extraB, optionsOf(side)));
    const updates = {
      a: new UpdateSide(extraA, null),
      b: new UpdateSide(extraB, multiplier),
      beside: new UpdateSide(beside, multiplier),
    };
    let buffers = { a: new Uint8Array(0), b: new Uint8Array(0) };
    const scanned = async (segment: RunSegment, deltas?: DeltaSums): Promise<PairStats> => {
      const { computedA, computedB, adapter, dtypeA, dtypeB } = segment;
      if (computedA) return updates.a.alone(segment, computedA);
      if (!a) throw new RangeError("A run reads at least A.");
      await Promise.all([a.begin(segment), b?.begin(segment)]);
      const sum = emptyPairStats();
      const step = chunkOf(segment);
      for (let from = 0; from < segment.count; from += step) {
        const count = Math.min(step, segment.count - from);
        const [bytesA, own] = await Promise.all([
          a.fill(segment, from, count, buffers.a),
          b?.fill(segment, from, count, buffers.b),
        ]);
        const adapted = computedB && updates.b.fill(segment, computedB, bytesA, from, count, buffers.b);
        // One model alone is measured against itself: its norm comes out, and no change.
        const bytesB = own ?? adapted ?? copied(bytesA, buffers.b);
        // Before the buffers are handed on.
        if (adapter && deltas)
          updates.beside.addDeltas(deltas, segment, adapter, { a: bytesA, b: bytesB }, from, count);
        const { stats, ...back } = await computer.compute({ dtypeA, dtypeB, count, a: bytesA, b: bytesB });
        mergePairStats(sum, stats);
        buffers = back;
        signal.throwIfAborted();
      }
      return sum;
    };
    for (const segment of run.segments) {
      const deltas = segment.adapter ? emptyDeltaSums() : undefined;
      const sum = await scanned(segment, deltas);
      hooks.onSegment(segment, sum, deltas);
      if (hooks.endEarly()) break;
    }
  } finally {
    ended.abort();
  }
}

/** A copy, on the buffer `onto` where that is large enough. */
function copied(bytes: Uint8Array, onto: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { length } = bytes;
  const copy = onto.buffer.byteLength >= length ? new Uint8Array(onto.buffer, 0, length) : new Uint8Array(length);
  copy.set(bytes);
  return copy;
}
