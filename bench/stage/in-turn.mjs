/**
 * One run of all contestants, one after the other; every other run in the opposite order, so that none always follows the
 * same one.
 *
 * @template Found
 * @param {readonly (readonly [name: string, run: () => Promise<Found>])[]} contestants
 * @param {number} index the run's number
 * @returns {Promise<Record<string, Found>>} by name
 */
export async function inTurn(contestants, index) {
  const result = {};
  for (const [name, run] of index % 2 === 1 ? contestants.toReversed() : contestants) result[name] = await run();
  return result;
}
