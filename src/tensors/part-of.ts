import type { View } from "./view.ts";

/** Which part of a view: whole rows, of the whole or of one entry of its first axis. Bounds count from 0; ends are left out. */
export interface Part {
  /** One entry of the first axis of a stack, such as one expert of many. */
  at?: number;
  rows?: readonly [begin: number, end: number];
}

/**
 * Rows of a view as a view of their own. They lie in one piece, because views are row-major, so nothing is copied or
 * rearranged. The name says which, as an index is written in Python: `qkv_proj.weight[0:4096]`, `gate_up_proj[3, 0:768]`.
 */
export function partOf(view: View, { at, rows }: Part): View {
  const inner = at === undefined ? view.shape : view.shape.slice(1);
  const [length = 1, ...row] = inner;
  const [begin, end] = rows ?? [0, length];
  if (begin < 0 || end > length || begin > end || (at !== undefined && (at < 0 || at >= (view.shape[0] ?? 0))))
    throw new RangeError(
      `${view.name} of shape [${view.shape.join(", ")}] has no part ${JSON.stringify({ at, rows })}.`,
    );
  const rowCount = row.reduce((product, size) => product * size, 1);
  const width = (view.span.end - view.span.begin) / view.count;
  const first = ((at ?? 0) * length + begin) * rowCount;
  const count = (end - begin) * rowCount;
  const index = [...(at === undefined ? [] : [`${at}`]), ...(rows ? [`${begin}:${end}`] : [])].join(", ");
  return {
    ...view,
    name: index === "" ? view.name : `${view.name}[${index}]`,
    shape: [end - begin, ...row],
    count,
    span: { begin: view.span.begin + first * width, end: view.span.begin + (first + count) * width },
  };
}
