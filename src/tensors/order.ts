/**
 * Which elements of a stored tensor a view has, and in which order: the view's elements, row by row, are those at `offset` +
 * Σ index · stride, counted in elements of the stored tensor as it lies. The sizes multiply to the view's count; a view's
 * first axis may stand for the first few of them.
 */
export interface Order {
  sizes: readonly number[];
  strides: readonly number[];
  offset: number;
}

/** Strides of an array of this shape that lies row by row. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** The last position of the stored tensor that the order names. */
export const lastOf = ({ sizes, strides, offset }: Order): number =>
  sizes.reduce((sum, size, axis) => sum + (size - 1) * strides[axis], offset);

/** Part of an array of some shape: `sizes` elements along each axis, from `begin` on. */
interface Box {
  begin: number[];
  sizes: number[];
}

/** Elements `from` to `from + count` of an array, row by row, as a few boxes: rows cut at their ends, and whole ones. */
function boxesOf(sizes: readonly number[], from: number, count: number): Box[] {
  if (count <= 0) return [];
  const [, ...rest] = sizes;
  if (rest.length === 0) return [{ begin: [from], sizes: [count] }];
  const row = rest.reduce((product, size) => product * size, 1);
  const index = Math.floor(from / row);
  const into = from - index * row;
  const within = (at: number, begin: number, length: number): Box[] =>
    boxesOf(rest, begin, length).map((box) => ({ begin: [at, ...box.begin], sizes: [1, ...box.sizes] }));
  if (into > 0 || count < row) {
    const head = Math.min(count, row - into);
    return [...within(index, into, head), ...boxesOf(sizes, from + head, count - head)];
  }
  const whole = Math.floor(count / row);
  const full: Box = { begin: [index, ...rest.map(() => 0)], sizes: [whole, ...rest] };
  return [full, ...within(index + whole, 0, count - whole * row)];
}

/** `count` stored elements from `stored` on, `stride` apart, go to `at`, `at + step`, and so on of what is filled. */
export type Stretch = (stored: number, stride: number, count: number, at: number, step: number) => void;

/** Calls `visit` for stretches that together are elements `from` to `from + count` of an order, each once. */
export function forEachStretch(order: Order, from: number, count: number, visit: Stretch): void {
  const { strides, offset } = order;
  const steps = rowMajor(order.sizes);
  const rank = order.sizes.length;
  if (rank === 0) {
    visit(offset, 1, count, 0, 1);
    return;
  }
  for (const { begin, sizes } of boxesOf(order.sizes, from, count)) {
    // Along the axis on which stored elements lie closest.
    let along = rank - 1;
    for (let axis = 0; axis < rank; axis++)
      if (sizes[axis] > 1 && (sizes[along] === 1 || strides[axis] < strides[along])) along = axis;
    const walk = (axis: number, stored: number, at: number): void => {
      if (axis === rank) visit(stored, strides[along], sizes[along], at, steps[along]);
      else if (axis === along) walk(axis + 1, stored, at);
      else for (let i = 0; i < sizes[axis]; i++) walk(axis + 1, stored + i * strides[axis], at + i * steps[axis]);
    };
    const first = (each: readonly number[]) => begin.reduce((sum, index, axis) => sum + index * each[axis], 0);
    walk(0, offset + first(strides), first(steps) - from);
  }
}
