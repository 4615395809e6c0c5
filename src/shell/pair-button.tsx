import css from "./welcome.module.css";

/** Two models that are one click away. */
export function PairButton({ a, b, note, onClick }: { a: string; b: string; note?: string; onClick: () => void }) {
  return (
    <button type="button" className={css.pair} onClick={onClick}>
      <span className="mono">{a}</span>
      <span className={css.arrow} aria-hidden="true">
        →
      </span>
      <span className="visually-hidden"> compared with </span>
      <span className="mono">{b}</span>
      {note && <span className="sub">{note}</span>}
    </button>
  );
}
