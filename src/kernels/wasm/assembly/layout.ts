// Where things lie in the module's memory. All of it is static: nothing is allocated while the kernel runs.

/** Elements that the input areas hold; the host hands a longer stretch over in pieces of this length. */
export const CAPACITY: i32 = 65536;
/** Partial sums are cut here (pair-stats.ts: BLOCK_ELEMENTS). */
export const BLOCK: i32 = 2048;

/** The raw bytes of both sides, at most four each element, and 32 more to fill up the last vector. */
export const INPUT_A: usize = memory.data(4 * 65536 + 32, 64);
export const INPUT_B: usize = memory.data(4 * 65536 + 32, 64);

/** One block's histogram indices: u16, times four so that they are byte offsets. */
export const INDICES: usize = memory.data(2 * 2048, 64);

/**
 * The histogram of combined keys, u32, twice: neighbouring elements are counted in different copies, because equal
 * indices in a row would have each increment wait for the one before. The index of an element is
 *
 *     quarter + relative step + (a < 0 ? NEGATIVE_BASE : 0)
 *
 * where `quarter` is the upper eleven bits of the float32 t = d/|a|: its sign, eight bits of exponent, two of fraction.
 */
export const NEGATIVE_BASE: i32 = 2304;
/** Takes the elements with a = 0, which are in no histogram; nobody reads it. */
export const NOWHERE: i32 = 4600;
export const TABLE_BYTES: usize = 4 * 4608;
export const TABLE_0: usize = memory.data(4 * 4608, 64);
export const TABLE_1: usize = memory.data(4 * 4608, 64);

/** What is not a histogram, as float64 in this order. */
export const TOTALS: usize = memory.data(8 * 12, 64);
export const SUM_A2: usize = 0;
export const SUM_AD: usize = 8;
export const SUM_D2: usize = 16;
export const SUM_D: usize = 24;
export const SUM_ABS_D: usize = 32;
export const MAX_ABS_D: usize = 40;
export const NON_FINITE: usize = 48;
export const ZERO_BASE: usize = 56;
/** Elements with b = 0, those with a = 0 included. */
export const ZERO_BOTH: usize = 64;
export const ZERO_TUNED: usize = 72;
export const ABOVE_1E6: usize = 80;
export const ABOVE_1E5: usize = 88;

@inline
export function addTo(total: usize, x: f64): void {
  store<f64>(TOTALS + total, load<f64>(TOTALS + total) + x);
}

@inline
export function raise(total: usize, x: f64): void {
  store<f64>(TOTALS + total, max(load<f64>(TOTALS + total), x));
}
