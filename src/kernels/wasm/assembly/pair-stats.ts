// PairStats of BF16, F16 and F32 pairs (docs/methods.md). The host writes bytes to the input areas and calls `add`, piece
// after piece, between `begin` and reading the totals and the tables.
import { BF16, F16, F32, log2Width } from "./decode";
import { exactBlock } from "./exact-block";
import { fastBlock } from "./fast-block";
import { BLOCK, CAPACITY, INPUT_A, INPUT_B, TABLE_0, TABLE_1, TABLE_BYTES, TOTALS } from "./layout";

export function capacity(): i32 {
  return CAPACITY;
}
export function inputA(): usize {
  return INPUT_A;
}
export function inputB(): usize {
  return INPUT_B;
}
export function table0(): usize {
  return TABLE_0;
}
export function table1(): usize {
  return TABLE_1;
}
export function totals(): usize {
  return TOTALS;
}

export function begin(): void {
  memory.fill(TABLE_0, 0, TABLE_BYTES);
  memory.fill(TABLE_1, 0, TABLE_BYTES);
  memory.fill(TOTALS, 0, 8 * 12);
}

@inline
function blocks(dtypeA: i32, dtypeB: i32, count: i32): void {
  for (let from = 0; from < count; from += BLOCK) {
    const a = INPUT_A + (<usize>from << log2Width(dtypeA)), b = INPUT_B + (<usize>from << log2Width(dtypeB));
    const length = min(BLOCK, count - from);
    if (!fastBlock(dtypeA, dtypeB, a, b, length)) exactBlock(dtypeA, dtypeB, a, b, length);
  }
}

// One function each, so that every kernel is compiled for its two dtypes.
function bf16Bf16(count: i32): void { blocks(BF16, BF16, count); }
function bf16F16(count: i32): void { blocks(BF16, F16, count); }
function bf16F32(count: i32): void { blocks(BF16, F32, count); }
function f16Bf16(count: i32): void { blocks(F16, BF16, count); }
function f16F16(count: i32): void { blocks(F16, F16, count); }
function f16F32(count: i32): void { blocks(F16, F32, count); }
function f32Bf16(count: i32): void { blocks(F32, BF16, count); }
function f32F16(count: i32): void { blocks(F32, F16, count); }
function f32F32(count: i32): void { blocks(F32, F32, count); }

/** Adds the first `count` ≤ capacity elements of the input areas; dtypes as numbered in decode.ts. */
export function add(dtypeA: i32, dtypeB: i32, count: i32): void {
  memory.fill(INPUT_A + (<usize>count << log2Width(dtypeA)), 0, 32);
  memory.fill(INPUT_B + (<usize>count << log2Width(dtypeB)), 0, 32);
  switch (3 * dtypeA + dtypeB) {
    case 0: return bf16Bf16(count);
    case 1: return bf16F16(count);
    case 2: return bf16F32(count);
    case 3: return f16Bf16(count);
    case 4: return f16F16(count);
    case 5: return f16F32(count);
    case 6: return f32Bf16(count);
    case 7: return f32F16(count);
    default: return f32F32(count);
  }
}
