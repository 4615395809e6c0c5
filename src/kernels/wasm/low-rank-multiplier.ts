import { addLowRank } from "../low-rank/add-low-rank.ts";
import type { LowRankFactors } from "../low-rank/low-rank-factors.ts";
import { lowRankProduct } from "../low-rank/low-rank-product.ts";

type Multiply = (
  ...of: [left: number, right: number, out: number, rows: number, rank: number, panels: number, scale: number]
) => void;

/** What pair-stats.wasm exports for it (assembly/low-rank.ts). Addresses are bytes into `memory`. */
type Kernel = {
  memory: WebAssembly.Memory;
  multiply: Multiply;
  multiplyAdd: Multiply;
};

/** Columns of a panel. */
const WIDTH = 8;
const PAGE = 65536;
/** Bytes of the right matrix beyond which the plain code serves: a rank of 64 over 131,072 columns. */
const LARGEST = 64 * 2 ** 20;
/** Elements that stand in the kernel's memory at once, or a row: 128 or 256 KiB, which a cache holds. */
const PIECE = 32768;

/** Gives factors of which the kernel takes `lowRankProduct` and `addLowRank`. */
export type Multiplier = (factors: LowRankFactors) => LowRankFactors;

/** Neighbouring rows, and of each the columns from `column` on, `length` of them. */
interface Block {
  row: number;
  rows: number;
  column: number;
  length: number;
}

/** Cuts elements `from` to `from + count` into blocks: parts of rows at both ends, whole rows between, `most` at once. */
function* blocksOf(from: number, count: number, columns: number, most: number): Generator<Block> {
  const end = from + count;
  for (let at = from; at < end; ) {
    const row = Math.floor(at / columns);
    const column = at - row * columns;
    const whole = column === 0 ? Math.min(most, Math.floor((end - at) / columns)) : 0;
    const rows = Math.max(1, whole);
    const length = whole > 0 ? columns : Math.min(end - at, columns - column);
    yield { row, rows, column, length };
    at += rows * length;
  }
}

/**
 * The SIMD kernel for s·B·A: several times as fast as plain code and the same to the last bit, in a memory of its own that
 * grows to what the largest update takes. It holds one update's matrices, those of the last one asked for. Factors too large
 * for it come back as they are.
 */
export function createMultiplier(module: WebAssembly.Module): Multiplier {
  const kernel = new WebAssembly.Instance(module).exports as Kernel;
  const { memory } = kernel;
  const base = memory.buffer.byteLength;
  let held: LowRankFactors | null = null;

  return (factors) => {
    const { columns, rank, scale } = factors;
    const size = Math.ceil(columns / WIDTH) * WIDTH * rank * 8;
    if (size > LARGEST) return factors;
    const most = Math.max(1, Math.floor(PIECE / columns));
    const left = base + size;
    const out = left + most * rank * 8;

    function hold(): void {
      if (held === factors) return;
      const missing = out + most * (columns + WIDTH) * 8 - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      pack(factors, new Float64Array(memory.buffer, base, size / 8));
      held = factors;
    }

    /** Computes a block into `out`: rows of whole panels. Returns how many panels there are. */
    function compute({ row, rows, column, length }: Block, multiply: Multiply): void {
      const first = Math.floor(column / WIDTH);
      const panels = panelsOf(column, length);
      new Float64Array(memory.buffer, left, rows * rank).set(factors.left.subarray(row * rank, (row + rows) * rank));
      multiply(left, base + first * WIDTH * rank * 8, out, rows, rank, panels, scale);
    }

    /** Calls `each` with the rows of a block as they lie in the kernel's memory, and where they lie in the stretch. */
    function eachRow(block: Block, from: number, each: (start: number, at: number) => void): void {
      const stride = panelsOf(block.column, block.length) * WIDTH;
      for (let i = 0; i < block.rows; i++)
        each(i * stride + (block.column % WIDTH), (block.row + i) * columns + block.column - from);
    }

    return {
      ...factors,
      product(into, from) {
        hold();
        const found = new Float64Array(memory.buffer, out, most * (columns + WIDTH));
        for (const block of blocksOf(from, into.length, columns, most)) {
          compute(block, kernel.multiply);
          eachRow(block, from, (start, at) => into.set(found.subarray(start, start + block.length), at));
        }
      },
      add(into, onto, from) {
        hold();
        const found = new Float32Array(memory.buffer, out, most * (columns + WIDTH));
        for (const block of blocksOf(from, into.length, columns, most)) {
          eachRow(block, from, (start, at) => found.set(onto.subarray(at, at + block.length), start));
          compute(block, kernel.multiplyAdd);
          eachRow(block, from, (start, at) => into.set(found.subarray(start, start + block.length), at));
        }
      },
    };
  };
}

const panelsOf = (column: number, length: number): number =>
  Math.ceil((column + length) / WIDTH) - Math.floor(column / WIDTH);

/** The right matrix, panel by panel; the columns that the last one lacks are zero. */
function pack({ right, columns, rank }: LowRankFactors, into: Float64Array): void {
  for (let first = 0, at = 0; first < columns; first += WIDTH) {
    const width = Math.min(WIDTH, columns - first);
    for (let k = 0; k < rank; k++, at += WIDTH)
      for (let j = 0; j < WIDTH; j++) into[at + j] = j < width ? right[k * columns + first + j] : 0;
  }
}

/** Whether it gives what plain code does, on a small matrix of odd sizes. */
export function isExact(multiplier: Multiplier): boolean {
  const [rows, columns, rank] = [5, 21, 7];
  const count = rows * columns - 3;
  const numbers = (length: number, seed: number) =>
    Float64Array.from({ length }, (_, i) => Math.fround(Math.sin(seed + i * i) * 2 ** ((i % 9) - 4)));
  const plain = { rows, columns, rank, scale: 0.3, left: numbers(rows * rank, 1), right: numbers(rank * columns, 2) };
  const base = Float32Array.from(numbers(count, 3));
  const [expected, found] = [plain, multiplier(plain)].map((factors) => {
    const [product, sum] = [new Float64Array(count), new Float32Array(count)];
    lowRankProduct(product, factors, 3);
    addLowRank(sum, base, factors, 3);
    return [...product, ...sum];
  });
  return expected.every((value, i) => Object.is(value, found[i]));
}
