import type { Decoder } from "../encoding.ts";

/** What another decoder gives, times `factor`: multiplied in float64 and rounded to float32 once. */
export const multipliedDecoder =
  (inner: Decoder, factor: number): Decoder =>
  (packed, from, count, out, at, step) => {
    inner(packed, from, count, out, at, step);
    for (let i = 0; i < count; i++) out[at + i * step] *= factor;
  };
