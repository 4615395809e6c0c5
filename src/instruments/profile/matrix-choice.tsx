import type { Comparison } from "../../comparing/comparison.ts";
import { type GridRow, gridOf } from "../../comparing/grid.ts";
import panel from "../../components/panel.module.css";
import { useSetView } from "../../components/use-view.ts";
import type { Pair } from "../../pairing/pair.ts";
import { isProfiled } from "./profile-state.ts";
import { PROFILE_SECTION } from "./view-state.ts";

/** Picks another matrix: its module, its layer, and of experts which. */
export function MatrixChoice({ comparison: { pairs }, pair }: { comparison: Comparison; pair: Pair }) {
  const setView = useSetView(PROFILE_SECTION);
  const rows = gridOf(pairs, "matrix").rows.filter(({ cells }) => isProfiled(pairs[cells[0].pairs[0]]));
  const row = rows.find(({ cells }) => cells.some((cell) => cell.pairs.includes(pair.index)));
  const cell = row?.cells.find((one) => one.pairs.includes(pair.index));
  const choose = (index: number | undefined) => index !== undefined && setView({ matrix: pairs[index].name });
  const nearest = ({ cells }: GridRow) => (cells.find(({ layer }) => layer === cell?.layer) ?? cells[0]).pairs[0];
  if (!row || !cell) return null;
  return (
    <>
      <label className={panel.check}>
        Module{" "}
        <select
          value={row.key}
          onChange={({ target }) => {
            const other = rows.find(({ key }) => key === target.value);
            choose(other && nearest(other));
          }}
        >
          {rows.map(({ key }) => (
            <option key={key}>{key}</option>
          ))}
        </select>
      </label>
      <label className={panel.check}>
        Layer{" "}
        <select
          value={cell.key}
          onChange={({ target }) => choose(row.cells.find(({ key }) => key === target.value)?.pairs[0])}
        >
          {row.cells.map(({ key, layer }) => (
            <option key={key} value={key}>
              {layer}
            </option>
          ))}
        </select>
      </label>
      {cell.pairs.length > 1 && (
        <label className={panel.check}>
          Expert{" "}
          <select value={pair.index} onChange={({ target }) => choose(Number(target.value))}>
            {cell.pairs.map((index) => (
              <option key={index} value={index}>
                {pairs[index].place.expert ?? pairs[index].name}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
