/**
 * One way of naming tensors, shared by the models that write like it. A new family is a new file here and a line in
 * `families.ts`; its test lies beside it, a row per name.
 *
 * Tables are exact, not patterns: a name that is nearly right must fall through to the fallback rather than be
 * taken for something it is not. Keys carry neither layer nor expert numbers nor the final `.weight` or `.bias`.
 */
export interface Family {
  /** Whose names these are. */
  models: string;
  /** Limits the family to stacks that have, or lack, certain paths; absent: it speaks for any stack. */
  when?(has: (path: string) => boolean): boolean;
  /** Path inside a layer → role. */
  layer?: Readonly<Record<string, string>>;
  /** Path outside layers, without the leading words that only wrap (`model.`, `transformer.`, `bert.`) → role. */
  outside?: Readonly<Record<string, string>>;
}
