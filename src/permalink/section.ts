import type { Label } from "./shelf.ts";

/** One key of a link: what its text means, and how it is written. */
export interface Field<Value> {
  readonly usual: Value;
  /** What the text means; undefined where it means nothing, which is told and falls back to the usual. */
  read(text: string): Value | undefined;
  /** The text of a value; null where it need not be said. */
  write(value: Value): string | null;
}

/** One of a few words. */
export const choice = <Value extends string>(values: readonly Value[], usual: NoInfer<Value>): Field<Value> => ({
  usual,
  read: (text) => values.find((value) => value === text),
  write: (value) => (value === usual ? null : value),
});

/** Any text; `usual` where the key is not there. */
export const text = <Usual extends string | null>(usual: Usual): Field<string | Usual> => ({
  usual,
  read: (value) => value,
  write: (value) => (value === usual ? null : value),
});

/** On or off, and usually off. Whatever is not 1 is off. */
export const flag: Field<boolean> = {
  usual: false,
  read: (value) => value === "1",
  write: (value) => (value ? "1" : null),
};

/** A whole number from 0, the usual one, to `most`; what is no such number counts as 0. */
export const whole = (most: number): Field<number> => ({
  usual: 0,
  read(value) {
    const number = Number(value);
    return Number.isInteger(number) && number >= 0 && number <= most ? number : 0;
  },
  write: (value) => (value === 0 ? null : String(value)),
});

/** What of a view makes a place in the page's history. */
export interface Steps<View> {
  /** Keys whose change a step back undoes. */
  readonly undone: readonly (keyof View & string)[];
  /** Keys that change with every letter typed: no place differs by them alone. */
  readonly typed: readonly (keyof View & string)[];
}

/** An instrument's part of the link: how it is being looked at. Its keys are its own; no two sections share one. */
export interface Section<View> extends Label<View> {
  /** In the order in which they are written. */
  readonly keys: readonly string[];
  /** Never throws: what it does not know falls back alone and is named in `problems`. */
  read(params: URLSearchParams): { view: View; problems: string[] };
  /** The pairs of keys and texts that bring the view back; what is as usual is left out. */
  write(view: View): [key: string, text: string][];
  /** What a step back undoes of the view, as a text to compare. */
  step(view: View): string;
  /** The view without what is merely typed. */
  place(view: View): View;
}

/** Reads one key; a text that means nothing is named in `problems`. */
export function readField<Value>(field: Field<Value>, key: string, params: URLSearchParams, problems: string[]): Value {
  const value = params.get(key);
  if (value === null) return field.usual;
  const read = field.read(value);
  if (read === undefined)
    problems.push(`The link asks for ${key}=${value}, which this page does not know; it shows the usual one.`);
  return read ?? field.usual;
}

/** The section of the instrument `id`, whose view has exactly these fields. */
export function sectionOf<View extends object>(
  id: string,
  fields: { readonly [Key in keyof View & string]: Field<View[Key]> },
  { undone, typed }: Steps<View>,
): Section<View> {
  const keys = Object.keys(fields) as (keyof View & string)[];
  const made = (read: <Key extends keyof View & string>(key: Key) => View[Key]): View =>
    Object.fromEntries(keys.map((key) => [key, read(key)])) as View;
  const defaults = Object.freeze(made((key) => fields[key].usual));
  return {
    ...{ id, keys, defaults },
    read(params) {
      const problems: string[] = [];
      return { view: made((key) => readField(fields[key], key, params, problems)), problems };
    },
    write: (view) =>
      keys.flatMap((key): [string, string][] => {
        const value = fields[key].write(view[key]);
        return value ? [[key, value]] : [];
      }),
    step: (view) => JSON.stringify(undone.map((key) => view[key])),
    place: (view) => made((key) => (typed.includes(key) ? fields[key].usual : view[key])),
  };
}
