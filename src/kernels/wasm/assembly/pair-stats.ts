// PairStats of pairs of narrow floats (docs/methods.md). The host writes bytes to the input areas and calls `add`, piece
// after piece, between `begin` and `finish`, and then reads the totals and the keys.
import { BF16, E4M3, E5M2, F16, F32, numberOf } from "./dtype";
import { exactBlock } from "./exact-block";
import { countPending, dropPending, fastBlock } from "./fast-block";
import { fold } from "./fold";
import { BLOCK, CAPACITY, HALF_BYTES, INPUT_A, INPUT_B, KEYS, NEGATIVE_BASE, TABLE_0, TOTALS } from "./layout";

export { multiply, multiplyAdd } from "./low-rank";

export function capacity(): i32 {
  return CAPACITY;
}
export function inputA(): usize {
  return INPUT_A;
}
export function inputB(): usize {
  return INPUT_B;
}
export function keys(): usize {
  return KEYS;
}
export function totals(): usize {
  return TOTALS;
}

export function begin(): void {
  dropPending();
  // Both copies of each half.
  memory.fill(TABLE_0, 0, 2 * HALF_BYTES);
  memory.fill(TABLE_0 + NEGATIVE_BASE, 0, 2 * HALF_BYTES);
  memory.fill(TOTALS, 0, 8 * 12);
}

function addBlocks<A, B>(count: i32): void {
  memory.fill(INPUT_A + <usize>count * sizeof<A>(), 0, 32);
  memory.fill(INPUT_B + <usize>count * sizeof<B>(), 0, 32);
  for (let from = 0; from < count; from += BLOCK) {
    const a = INPUT_A + <usize>from * sizeof<A>(), b = INPUT_B + <usize>from * sizeof<B>();
    const length = min(BLOCK, count - from);
    if (!fastBlock<A, B>(a, b, length)) exactBlock(numberOf<A>(), numberOf<B>(), a, b, length);
  }
}

@inline
function addTo<A>(dtypeB: i32, count: i32): void {
  switch (dtypeB) {
    case 0: return addBlocks<A, BF16>(count);
    case 1: return addBlocks<A, F16>(count);
    case 2: return addBlocks<A, F32>(count);
    case 3: return addBlocks<A, E4M3>(count);
    default: return addBlocks<A, E5M2>(count);
  }
}

/** Adds the first `count` ≤ capacity elements of the input areas. Dtypes are numbered as in dtype.ts. */
export function add(dtypeA: i32, dtypeB: i32, count: i32): void {
  switch (dtypeA) {
    case 0: return addTo<BF16>(dtypeB, count);
    case 1: return addTo<F16>(dtypeB, count);
    case 2: return addTo<F32>(dtypeB, count);
    case 3: return addTo<E4M3>(dtypeB, count);
    default: return addTo<E5M2>(dtypeB, count);
  }
}

/** To be called when all has been added, before the totals and the keys are read. */
export function finish(): void {
  countPending();
  fold();
}
