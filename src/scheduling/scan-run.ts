import { openRange } from "../bytes/read-range.ts";
import type { EngineName, Stretch } from "../kernels/engine.ts";
import { BLOCK_ELEMENTS, emptyPairStats, mergePairStats, type PairStats } from "../kernels/pair-stats.ts";
import type { Computed, Run, RunSegment } from "./worker-contract.ts";

/** Elements computed in one call: 512 KiB of BF16 a side, small enough for caches and for a quick end when cancelled. */
export const CHUNK_ELEMENTS = 128 * BLOCK_ELEMENTS;

/** Computes a stretch. Takes the two buffers and gives them (or equals) back with the numbers. */
export interface StretchComputer {
  engineFor(segment: RunSegment): EngineName;
  compute(stretch: Stretch & { a: Uint8Array<ArrayBuffer>; b: Uint8Array<ArrayBuffer> }): Promise<Computed> | Computed;
}

export interface RunHooks {
  signal: AbortSignal;
  /** True once the run should end after the segment in hand. */
  endEarly(): boolean;
  onBytes(side: "a" | "b", bytes: number): void;
  onSegment(segment: RunSegment, stats: PairStats): void;
}

const first = (run: Run) => run.segments[0];
const last = (run: Run) => run.segments[run.segments.length - 1];

/**
 * Reads a run's two ranges in step and computes it segment by segment. Memory is one chunk a side, whatever the tensors'
 * size: the streams are only read as fast as they are computed. Rejects with a ReadError, or the AbortError of `signal`.
 */
export async function scanRun(run: Run, computer: StretchComputer, hooks: RunHooks): Promise<void> {
  // Ends both requests when one of them fails.
  const ended = new AbortController();
  const signal = AbortSignal.any([hooks.signal, ended.signal]);
  const open = async (side: "a" | "b") => {
    const location = side === "a" ? run.a : run.b;
    const [head, tail] = side === "a" ? [first(run).spanA, last(run).spanA] : [first(run).spanB, last(run).spanB];
    if (!location || !head || !tail) return null;
    const onBytes = (bytes: number) => hooks.onBytes(side, bytes);
    return openRange(location, { begin: head.begin, end: tail.end }, { signal, onBytes });
  };
  try {
    const [a, b] = await Promise.all([open("a"), open("b")]);
    if (!a) throw new RangeError("A run reads at least A.");
    let buffers = { a: new Uint8Array(0), b: new Uint8Array(0) };
    let before: RunSegment | null = null;
    for (const segment of run.segments) {
      await Promise.all([
        a.skip(before ? segment.spanA.begin - before.spanA.end : 0),
        b?.skip(before?.spanB && segment.spanB ? segment.spanB.begin - before.spanB.end : 0),
      ]);
      const sum = emptyPairStats();
      const widthA = (segment.spanA.end - segment.spanA.begin) / segment.count;
      const widthB = segment.spanB ? (segment.spanB.end - segment.spanB.begin) / segment.count : widthA;
      for (let from = 0; from < segment.count; from += CHUNK_ELEMENTS) {
        const count = Math.min(CHUNK_ELEMENTS, segment.count - from);
        buffers = { a: sized(buffers.a, count * widthA), b: sized(buffers.b, count * widthB) };
        const [bytesA, bytesB] = await Promise.all([a.fill(buffers.a), b ? b.fill(buffers.b) : buffers.b]);
        // One model alone is measured against itself: its norm comes out, and no change.
        if (!b) bytesB.set(bytesA);
        const stretch = { dtypeA: segment.dtypeA, dtypeB: segment.dtypeB, count, a: bytesA, b: bytesB };
        const { stats, ...back } = await computer.compute(stretch);
        mergePairStats(sum, stats);
        buffers = back;
        signal.throwIfAborted();
      }
      hooks.onSegment(segment, sum);
      before = segment;
      if (hooks.endEarly()) break;
    }
  } finally {
    ended.abort();
  }
}

/** A view of exactly `length` bytes, on the same buffer where that is large enough. */
function sized(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  return bytes.buffer.byteLength >= length ? new Uint8Array(bytes.buffer, 0, length) : new Uint8Array(length);
}
