import type { Engine } from "./engine.ts";
import { hardPairs } from "./hard-pairs.ts";
import { BLOCK_ELEMENTS } from "./pair-stats.ts";

/** Two dispatches of the WGSL engine: enough, with several together, that its ring goes round. */
const COUNT = 2 ** 21;
/** Stretches handed over together, as a scan with several workers does. */
const TOGETHER = 4;
const ROUNDS = 3;

/** A BF16 pair as fine-tuning leaves it: one block of hard-pairs' first kind, over and over. */
function usualStretch() {
  const block = hardPairs("BF16", "BF16", 0, BLOCK_ELEMENTS);
  const repeated = (bytes: Uint8Array) => {
    const whole = new Uint8Array((bytes.length * COUNT) / BLOCK_ELEMENTS);
    for (let at = 0; at < whole.length; at += bytes.length) whole.set(bytes, at);
    return whole;
  };
  return { ...block, a: repeated(block.a), b: repeated(block.b), count: COUNT };
}

/** Pairs per second of `engine`, upload and read-back included: the best of three rounds after one to warm up. */
export async function measureSpeed(engine: Engine): Promise<number> {
  const stretch = usualStretch();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round <= ROUNDS; round++) {
    const begin = performance.now();
    await Promise.all(Array.from({ length: TOGETHER }, () => engine.pairStats(stretch)));
    if (round > 0) best = Math.min(best, performance.now() - begin);
  }
  return (TOGETHER * COUNT) / (best / 1000);
}
