import type { CellState } from "../../comparing/outcome.ts";
import css from "./inspector.module.css";

/** A name, its value, and a word on it. */
export type NumberRow = readonly [name: string, value: string, note?: string];

/** Numbers by name, as a table of two columns; those of what is still being read look unlike the others. */
export function NumberList({ rows, state }: { rows: readonly NumberRow[]; state: CellState }) {
  return (
    <dl className={css.numbers} data-state={state}>
      {rows.map(([name, value, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value} {note && <small>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
