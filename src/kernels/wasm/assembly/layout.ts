// Where things lie in the module's memory. All of it is static: nothing is allocated while the kernel runs.

/** Elements that the input areas hold; the host hands a longer stretch over in pieces of this length. */
export const CAPACITY: i32 = 32768;
/** Partial sums are cut here (pair-stats.ts: BLOCK_ELEMENTS). */
export const BLOCK: i32 = 2048;

// What a step reads and what it writes must not lie at the same distance from a multiple of 4096: processors tell a load
// from an earlier store by those bits, and take it for the same address. It cost up to half of the speed. The areas that
// a step goes through at one pace therefore begin at different quarters of 4096 bytes.

/** The raw bytes of both sides, at most four each element, and 32 more to fill up the last vector. */
export const INPUT_A: usize = memory.data(4 * 32768 + 32, 4096);
export const INPUT_B: usize = memory.data(4 * 32768 + 32 + 1024, 4096) + 1024;

/**
 * The histogram of combined keys, u32, twice: neighbouring elements are counted in different copies, because equal
 * slots in a row would have each increment wait for the one before. An element's place in bytes is
 *
 *     4 · (quarter + relative step) + (a < 0 ? NEGATIVE_BASE : 0)
 *
 * where `quarter` is the upper eleven bits of the float32 t = d/|a|: its sign, eight bits of exponent, two of fraction.
 * NEGATIVE_BASE is the upper bit of sixteen, so that a's own sign bit can be put there. Between the halves of one copy,
 * 9216 bytes each, there is room for those of the other.
 */
export const NEGATIVE_BASE: i32 = 0x8000;
export const HALF_BYTES: usize = 9216;
export const TABLE_0: usize = memory.data(0x8000 + 2 * 9216, 64);
export const TABLE_1: usize = TABLE_0 + HALF_BYTES;
/** The place of elements with a = 0, which are in no histogram: no quotient's, and nobody reads it. */
export const NOWHERE: i32 = 4 * 2200;

/** What the table is folded to in the end (fold.ts), u32. */
export const KEYS_LENGTH: i32 = 4 * 256;
export const KEYS: usize = memory.data(4 * 4 * 256, 64);

/** The places of one block's elements, u16 each: of the block at hand, and of the one before, which is being counted. */
export const PLACES_0: usize = memory.data(2 * 2048 + 2048, 4096) + 2048;
export const PLACES_1: usize = memory.data(2 * 2048 + 3072, 4096) + 3072;
/** Places that nobody reads, to be counted where there is no block before. */
export const NO_PLACES: usize = memory.data(2 * 2048 + 3072, 4096) + 3072;

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
/** Elements with a = 0 and b = 0. */
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
