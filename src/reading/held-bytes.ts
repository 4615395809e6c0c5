import { spanLength } from "../bytes/span.ts";
import { SIDES, type Side } from "../pairing/pair.ts";
import type { Segment } from "./segment.ts";

/**
 * Bytes that all workers together may hold of sides that are read whole. A scan that holds none takes 200 to 250 MiB, and 600
 * is what it may take. A segment that needs more is read while no other is held.
 */
export const HELD_BUDGET = 288 * 2 ** 20;
/** An auxiliary number is decoded to eight bytes, mostly from two, and its zero point as well. */
const DECODED = 9;

/** Bytes that a worker holds while it reads a segment, over and above a chunk: nothing for what comes in a stream. */
export function heldBytes(segment: Pick<Segment, Side>): number {
  let bytes = 0;
  for (const side of SIDES) {
    const own = segment[side];
    if (!own?.whole) continue;
    bytes += spanLength(own.span);
    for (const { span } of own.auxiliary ?? []) bytes += DECODED * spanLength(span);
  }
  return bytes;
}
