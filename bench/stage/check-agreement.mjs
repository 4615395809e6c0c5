/**
 * Makes sure that two who scanned the same pair read the same numbers.
 *
 * @param {{ sumD2: number }} one
 * @param {{ sumD2: number }} other
 * @param {number} tolerance how far their ΣD² may be apart, as a share
 * @throws {Error} where they are further apart
 */
export function checkAgreement(one, other, tolerance) {
  if (!(Math.abs(one.sumD2 / other.sumD2 - 1) <= tolerance))
    throw new Error(`ΣD² is ${one.sumD2} and ${other.sumD2}: they did not read the same numbers.`);
}
