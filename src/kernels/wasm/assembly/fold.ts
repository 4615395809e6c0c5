// From the table of places to the counts of combined keys (combined-key.ts), which are what the host unfolds.
import { HALF_BYTES, KEYS, KEYS_LENGTH, NEGATIVE_BASE, TABLE_0 } from "./layout";

/** Quarters of octaves up to the sign; those below belong to positive changes. */
const QUARTERS: i32 = 1024;
/** The quarter that begins at 2^-20, where combined keys begin. */
const FIRST_QUARTER: i32 = 4 * (127 - 20);
/** Two float32 numbers lie no closer than this quarter, which begins at 2^-24. */
const SMALLEST_QUARTER: i32 = 4 * (127 - 24);
/** The last index of a finite quotient or an infinite one: the quarter of infinity and the last relative step. */
const LAST_INDEX: i32 = 4 * 255 + 129;
const LAST_KEY: i32 = 248;
/** The key of unchanged elements. */
const UNCHANGED: i32 = 255;

@inline
function addKey(keys: usize, index: i32, n: u32): void {
  const key = keys + (<usize>max(0, min(LAST_KEY, index - FIRST_QUARTER)) << 2);
  store<u32>(key, load<u32>(key) + n);
}

/** Writes the counts of 256 keys for a > 0 and d > 0, as many for d < 0, and the same again for a < 0. */
export function fold(): void {
  memory.fill(KEYS, 0, 4 * KEYS_LENGTH);
  for (let quadrant = 0; quadrant < 4; quadrant++) {
    const keys = KEYS + (<usize>quadrant << 10);
    const half = TABLE_0 + (quadrant >= 2 ? <usize>NEGATIVE_BASE : 0);
    const table = half + (quadrant & 1 ? <usize>(4 * QUARTERS) : 0);
    for (let index = SMALLEST_QUARTER; index <= LAST_INDEX; index += 4) {
      const p = table + (<usize>index << 2);
      const four = v128.add<i32>(v128.load(p), v128.load(p, HALF_BYTES));
      if (!v128.any_true(four)) continue;
      addKey(keys, index, i32x4.extract_lane(four, 0));
      addKey(keys, index + 1, i32x4.extract_lane(four, 1));
      addKey(keys, index + 2, i32x4.extract_lane(four, 2));
      addKey(keys, index + 3, i32x4.extract_lane(four, 3));
    }
    if (!(quadrant & 1)) store<u32>(keys + 4 * UNCHANGED, load<u32>(half) + load<u32>(half, HALF_BYTES));
  }
}
