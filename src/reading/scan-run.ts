import type { ReadOptions } from "../bytes/read-range.ts";
import type { Wait } from "../bytes/with-retry.ts";
import { wholeRowStep } from "../kernels/low-rank/whole-row-step.ts";
import { BLOCK_ELEMENTS } from "../kernels/pair-stats.ts";
import type { Side } from "../pairing/pair.ts";
import { columnsOf } from "../tensors/low-rank-update.ts";
import type { Chunk, FoldTools } from "./fold.ts";
import { type Folding, foldings } from "./folds/fold-list.ts";
import type { FoldParts } from "./folds/fold-parts.ts";
import type { Run } from "./run.ts";
import type { Segment } from "./segment.ts";
import { readAuxiliary, SideReader } from "./side-reader.ts";
import type { StretchComputer } from "./stretch-computer.ts";
import { UpdateSide } from "./update-side.ts";

/** Elements computed in one call: 512 KiB of BF16 a side, small enough for caches and for a quick end when cancelled. */
export const CHUNK_ELEMENTS = 128 * BLOCK_ELEMENTS;

export interface RunHooks {
  signal: AbortSignal;
  /** True once the run should end after the segment in hand. */
  endEarly(): boolean;
  onBytes(side: Side, bytes: number): void;
  /** A busy host is waited for; what this returns is called when that is over. */
  onWait?(wait: Wait): () => void;
  /** What the run's folds made of a segment; those that have nothing to say of it are left out. */
  onSegment(segment: Segment, parts: Partial<FoldParts>): void;
}

/** Elements of a chunk: whole rows of a DoRA, whose weights take their row's norm. */
function chunkOf({ b, adapter }: Segment): number {
  const update = b?.update ?? adapter?.update;
  return update?.magnitude ? wholeRowStep(columnsOf(update), BLOCK_ELEMENTS, CHUNK_ELEMENTS) : CHUNK_ELEMENTS;
}

/**
 * Reads a run's ranges in step and folds it segment by segment. Memory is one chunk a side, whatever the tensors' size: the
 * streams are only read as fast as they are computed. Only a view that is rearranged is held whole. Rejects with a
 * ReadError, or the AbortError of `signal`.
 */
export async function scanRun(run: Run, computer: StretchComputer, hooks: RunHooks): Promise<void> {
  // Ends all requests when one of them fails.
  const ended = new AbortController();
  const signal = AbortSignal.any([hooks.signal, ended.signal]);
  const optionsOf = (side: Side): ReadOptions => ({
    signal,
    onBytes: (bytes) => hooks.onBytes(side, bytes),
    onWait: hooks.onWait,
    // Every file's header was read before.
    wasReadable: true,
  });
  try {
    const hasUpdates = run.segments.some(({ b, adapter }) => b?.update ?? adapter?.update);
    const multiplier = (hasUpdates && (await computer.multiplier?.())) || null;
    const read = (side: Side) => readAuxiliary(run, side, optionsOf(side));
    const [extraA, extraB, beside] = await Promise.all([read("a"), read("b"), read("adapter")]);
    const [a, b] = await Promise.all([
      SideReader.open(run, "a", extraA, optionsOf("a")),
      SideReader.open(run, "b", extraB, optionsOf("b")),
    ]);
    const updates = {
      a: new UpdateSide("a", extraA, null),
      b: new UpdateSide("b", extraB, multiplier),
      adapter: new UpdateSide("adapter", beside, multiplier),
    };
    const tools: FoldTools = { computer, adapted: (segment) => updates.adapter.adapted(segment) };
    const buffers = { a: new Uint8Array(0), b: new Uint8Array(0) };

    const fold = async (segment: Segment, all: readonly Folding[]): Promise<void> => {
      if (!a) throw new RangeError("A run reads at least A.");
      await Promise.all([a.begin(segment), b?.begin(segment)]);
      const step = chunkOf(segment);
      for (let from = 0; from < segment.count; from += step) {
        const count = Math.min(step, segment.count - from);
        const [ofA, own] = await Promise.all([
          a.fill(segment, from, count, buffers.a),
          b?.fill(segment, from, count, buffers.b),
        ]);
        const adapted = segment.b?.update && updates.b.fill(segment, ofA, from, count, buffers.b);
        // One model alone is measured against itself: its norm comes out, and no change.
        const ofB = own ?? adapted ?? copied(ofA, buffers.b);
        const chunk: Chunk = { segment, from: segment.from + from, count, a: ofA, b: ofB };
        for (const each of all) await each.add(chunk, tools);
        [buffers.a, buffers.b] = [chunk.a, chunk.b];
        signal.throwIfAborted();
      }
    };

    for (const segment of run.segments) {
      const all = foldings(run.folds, segment);
      if (segment.a.update) for (const each of all) each.addUpdate(updates.a.adapted(segment));
      else await fold(segment, all);
      hooks.onSegment(segment, Object.fromEntries(all.map(({ name, part }) => [name, part])));
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
