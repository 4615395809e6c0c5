import { narrowed, orderOf } from "./part-of.ts";
import type { View } from "./view.ts";

const swapped = <Item>(items: readonly Item[]): Item[] => [
  ...items.slice(0, -2),
  ...items.slice(-1),
  ...items.slice(-2, -1),
];

/** A view with its last two axes the other way round; written as in Python: `c_fc.weight.T`. Null for a vector. */
export function transposed(view: View): View | null {
  const order = orderOf(view);
  if (view.shape.length < 2 || order.sizes.length !== view.shape.length) return null;
  const { inputMajor, ...rest } = view;
  return {
    ...rest,
    name: `${view.name}.T`,
    shape: swapped(view.shape),
    order: { sizes: swapped(order.sizes), strides: swapped(order.strides), offset: order.offset },
  };
}

/** Every second row of a matrix, or element of a bias, from `first` on: `gate_up_proj[3][0::2]`. */
export function everySecondRow(view: View, first: 0 | 1): View | null {
  const { sizes, strides, offset } = orderOf(view);
  const [rows, ...rest] = view.shape;
  if (sizes.length !== view.shape.length || rows === undefined || rows % 2 !== 0) return null;
  const [stride, ...inner] = strides;
  return narrowed({
    ...view,
    name: `${view.name}[${first}::2]`,
    shape: [rows / 2, ...rest],
    count: view.count / 2,
    order: { sizes: [rows / 2, ...rest], strides: [2 * stride, ...inner], offset: offset + first * stride },
  });
}

/** Rows that stand in groups of `of`, of which `size` from `from` on are taken: the rows of q of each head, say. */
export interface GroupedRows {
  of: number;
  from: number;
  size: number;
}

/** Those rows of a matrix, or elements of a bias, group by group; null where the groups do not fill it. */
export function rowsOfGroups(view: View, { of, from, size }: GroupedRows): View | null {
  const [length = 0, ...row] = view.shape;
  if (view.order || length % of !== 0) return null;
  const width = row.reduce((product, each) => product * each, 1);
  const groups = length / of;
  return narrowed({
    ...view,
    name: `${view.name}[${from}:${from + size} of ${of}]`,
    shape: [groups * size, ...row],
    count: groups * size * width,
    order: { sizes: [groups, size * width], strides: [of * width, 1], offset: from * width },
  });
}
