/**
 * One run of all contestants, one after the other; every other run in the opposite order, so that none always follows the
 * same one.
 *
 * @template {Record<string, () => Promise<unknown>>} Contestants
 * @param {Contestants} contestants by name
 * @param {number} index the run's number
 * @returns {Promise<{ [Name in keyof Contestants]: Awaited<ReturnType<Contestants[Name]>> }>} what each gave, by name
 */
export async function inTurn(contestants, index) {
  const names = Object.keys(contestants);
  /** @type {Record<string, unknown>} */
  const found = {};
  for (const name of index % 2 === 1 ? names.reverse() : names) found[name] = await contestants[name]();
  return /** @type {Awaited<ReturnType<typeof inTurn<Contestants>>>} */ (found);
}
