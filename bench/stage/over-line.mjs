/** Bytes a second of a line of 1 Gbit/s, over all connections together. */
export const LINE = 125e6;

/**
 * Does something while a pair's server keeps to a line of 1 Gbit/s.
 *
 * @template Found
 * @param {import("./pair.mjs").GeneratedPair} pair
 * @param {() => Promise<Found>} work
 * @returns {Promise<Found>}
 */
export async function overLine({ server }, work) {
  await server.ask("pace", LINE);
  try {
    return await work();
  } finally {
    await server.ask("pace", 0);
  }
}
