/** How many times longer work takes here than where the limits of the tests were set, and at least 1; measured once. */
export function slowness(): Promise<number>;
