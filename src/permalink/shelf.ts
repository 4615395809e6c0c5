/** Values of many types, each under the id of the instrument that knows its type. What is not there is as usual. */
export type Shelf = Readonly<Record<string, unknown>>;

export const EMPTY_SHELF: Shelf = {};

/** Whose value it is, and what it is before anything was put there. Two labels of one shelf never share an id. */
export interface Label<Value> {
  readonly id: string;
  readonly defaults: Value;
}

/** What stands under a label. */
export function taken<Value>(shelf: Shelf, { id, defaults }: Label<Value>): Value {
  // The one place where a type is believed: only `put` with the same label stores there.
  return id in shelf ? (shelf[id] as Value) : defaults;
}

/** The shelf with another value under a label. */
export const put = <Value>(shelf: Shelf, { id }: Label<Value>, value: Value): Shelf => ({ ...shelf, [id]: value });
