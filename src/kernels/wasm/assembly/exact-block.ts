// The slow way through a block, in float64 and one element at a time: for blocks that hold a value which is not finite, or
// whose squares leave the range in which float32 sums are good.
import { loadOne } from "./decode";
import {
  ABOVE_1E5,
  ABOVE_1E6,
  addTo,
  MAX_ABS_D,
  NEGATIVE_BASE,
  NON_FINITE,
  raise,
  SUM_A2,
  SUM_ABS_D,
  SUM_AD,
  SUM_D,
  SUM_D2,
  TABLE_0,
  ZERO_BASE,
  ZERO_BOTH,
  ZERO_TUNED,
} from "./layout";

/**
 * The place of d/|a| in the table, as the fast way has it. Rounded to float64, the quotient of two float32 numbers is on
 * the same side of every edge as the real one: an edge has at most 9 bits, so d and edge·a differ by 2^-34 of themselves
 * or not at all.
 */
function placeOf(d: f32, a: f32): u32 {
  const t = abs(<f64>d) / abs(<f64>a);
  // Between 2^-126 and 2^127 a double and a float32 count quarters of octaves alike, but for the bias of the exponent.
  const clamped = min(max(t, 1.1754943508222875e-38), 1.7014118346046923e38);
  const quarter = d == 0 ? 0 : <i32>(reinterpret<u64>(clamped) >> 50) - 4 * (1023 - 127);
  const step = t >= 257.0 / 256.0 ? 129 : <i32>floor(t * 128 + 0.5);
  return ((quarter + step + (d < 0 ? 1024 : 0)) << 2) + (a < 0 ? NEGATIVE_BASE : 0);
}

export function exactBlock(dtypeA: i32, dtypeB: i32, a: usize, b: usize, count: i32): void {
  let sumA2: f64 = 0, sumAD: f64 = 0, sumD2: f64 = 0, sumD: f64 = 0, sumAbsD: f64 = 0, largest: f64 = 0;
  for (let i = 0; i < count; i++) {
    const x = loadOne(dtypeA, a, i), y = loadOne(dtypeB, b, i), d: f32 = y - x;
    if (!isFinite(x) || !isFinite(y) || !isFinite(d)) {
      addTo(NON_FINITE, 1);
      continue;
    }
    const base = <f64>x, change = <f64>d, size = abs(change);
    sumA2 += base * base;
    sumAD += base * change;
    sumD2 += change * change;
    sumD += change;
    sumAbsD += size;
    largest = max(largest, size);
    if (size > <f64>(<f32>1e-6)) addTo(ABOVE_1E6, 1);
    if (size > <f64>(<f32>1e-5)) addTo(ABOVE_1E5, 1);
    if (x == 0) {
      addTo(ZERO_BASE, 1);
      if (y == 0) addTo(ZERO_BOTH, 1);
      continue;
    }
    if (y == 0) addTo(ZERO_TUNED, 1);
    const slot = TABLE_0 + <usize>placeOf(d, x);
    store<u32>(slot, load<u32>(slot) + 1);
  }
  addTo(SUM_A2, sumA2);
  addTo(SUM_AD, sumAD);
  addTo(SUM_D2, sumD2);
  addTo(SUM_D, sumD);
  addTo(SUM_ABS_D, sumAbsD);
  raise(MAX_ABS_D, largest);
}
