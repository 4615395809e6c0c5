/**
 * @typedef {import("./gpu-kernels.mjs").GpuKernels} GpuKernels
 * @typedef {import("./gpu-kernels.mjs").Engine} Engine
 * @typedef {import("./gpu-kernels.mjs").Stretch} Stretch
 */

/** Elements of a block of hard pairs, and some more, so that every kernel has an end to take care of. */
const BLOCK = 2048;
const REST = 99;

/**
 * Throws a sentence where `stats` are not those of `stretch` by the contract: counts to the last one, sums to 1e-6.
 *
 * @param {GpuKernels} kernels
 * @param {import("../../src/kernels/pair-stats.ts").PairStats} stats
 * @param {Stretch} stretch
 * @param {string} what was computed
 */
export async function holdStats({ contractBreaches, createReferenceEngine }, stats, stretch, what) {
  const [breach] = contractBreaches(stats, await createReferenceEngine().pairStats(stretch));
  if (breach) throw new Error(`${what}, ${stretch.dtypeA} against ${stretch.dtypeB}, gave ${breach}.`);
}

/**
 * Holds the engine on the device against the reference: hard pairs of every kind for all pairs of dtypes that it serves,
 * and stretches of several dispatches.
 *
 * @param {GpuKernels} kernels
 * @param {Engine} engine
 * @param {() => number} redone dispatches so far that the engine left to its fallback
 * @param {Stretch[]} long
 * @returns {Promise<{ dtypePairs: number, elements: number, redone: number }>} what was compared, and how many dispatches
 *   of extreme numbers the fallback computed
 * @throws {Error} a sentence with the first thing that is wrong
 */
export async function holdCounts(kernels, engine, redone, long) {
  const { NARROW_PAIRS, HARD_KINDS, hardPairs } = kernels;
  /** @param {"plain" | "extreme"} hardness */
  const hard = (hardness) =>
    NARROW_PAIRS.map(([dtypeA, dtypeB], seed) =>
      hardPairs(dtypeA, dtypeB, seed, HARD_KINDS[hardness] * BLOCK + REST, hardness),
    );
  let elements = 0;
  /** @param {Stretch[]} stretches */
  const hold = async (stretches) => {
    // All at once, so that the card is kept busy.
    const found = await Promise.all(stretches.map((stretch) => engine.pairStats(stretch)));
    for (const [i, stretch] of stretches.entries()) {
      await holdStats(kernels, found[i], stretch, "The WGSL engine");
      elements += stretch.count;
    }
  };
  await hold([...hard("plain"), ...long]);
  if (redone() > 0) throw new Error(`The WGSL engine left ${redone()} dispatches of plain numbers to its fallback.`);
  await hold(hard("extreme"));
  return { dtypePairs: NARROW_PAIRS.length, elements, redone: redone() };
}
