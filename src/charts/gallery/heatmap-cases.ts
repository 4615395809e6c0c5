import { drawHeatmap } from "../heatmap.ts";
import type { HeatmapCell, HeatmapData, HeatmapOptions } from "../heatmap-data.ts";
import type { GalleryCase } from "./gallery-case.ts";
import { seeded } from "./seeded.ts";

const modules = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
const means = [0.19, 0.18, 0.12, 0.37, 0.17, 0.15, 0.16];

const plain: Omit<HeatmapOptions, "width" | "theme"> = {
  scale: { kind: "sequential", domain: [0, 0.4] },
  format: (value) => value.toFixed(3),
  legend: "‖Δ‖ / ‖A‖",
  columnTitle: "layer",
  rowTotalTitle: "mean",
  columnTotalTitle: "mean",
  selected: null,
  emphasised: null,
  onSelect: () => {},
  onSelectRow: () => {},
  onHover: () => {},
};

type Value = (row: number, column: number, rows: number, columns: number) => number | null;
type State = (row: number, column: number, columns: number) => HeatmapCell["state"];

/** A full grid with made-up values; totals are means over what has a value. */
function grid(rows: readonly string[], columns: number, value: Value, state: State = () => "exact"): HeatmapData {
  const cells = rows.flatMap((row, r) =>
    Array.from({ length: columns }, (_, c): HeatmapCell => {
      const at = state(r, c, columns);
      const number = at === "waiting" || at === "none" ? null : value(r, c, rows.length, columns);
      const says = {
        exact: number?.toFixed(3),
        partial: `about ${number?.toFixed(3)}`,
        waiting: "not read yet",
        none: "",
      }[at];
      return {
        key: `${row}/${c}`,
        row,
        column: `${c}`,
        value: number,
        state: at,
        label: at === "none" ? "" : `Layer ${c}, ${row}: ${says ?? "no number"}.`,
      };
    }),
  );
  /** A column's mean waits for all of it: half a column would say something else than its neighbours. */
  const whole = (chosen: HeatmapCell[]) => (chosen.some(({ state }) => state === "waiting") ? null : mean(chosen));
  const mean = (chosen: HeatmapCell[]) => {
    const numbers = chosen.flatMap((cell) => (cell.value === null || !Number.isFinite(cell.value) ? [] : [cell.value]));
    return numbers.length > 0 ? numbers.reduce((sum, number) => sum + number, 0) / numbers.length : null;
  };
  return {
    rows: rows.map((row) => ({ key: row, label: row, total: mean(cells.filter((cell) => cell.row === row)) })),
    columns: Array.from({ length: columns }, (_, c) => ({
      key: `${c}`,
      label: `${c}`,
      total: whole(cells.filter((cell) => cell.column === `${c}`)),
    })),
    cells,
  };
}

/** The pattern of the sketch: every module near its mean, o_proj flat. */
function waves(seed: number): Value {
  const noise = seeded(seed);
  return (row, column) => {
    const mean = means[row % means.length] ?? 0.1;
    return row % 7 === 3
      ? mean * (1 + 0.02 * noise())
      : mean * (1 + 0.16 * Math.sin(column / 5 + row) + 0.08 * noise());
  };
}

function heatmap(
  name: string,
  note: string,
  data: HeatmapData,
  change: Partial<HeatmapOptions> = {},
  most = 1900,
): GalleryCase {
  return {
    name,
    note,
    draw: (root, width, theme) => drawHeatmap(root, data, { ...plain, ...change, width: Math.min(width, most), theme }),
  };
}

const scanning: State = (row, column, columns) => {
  const order = (column * 7 + row * 3) % 11;
  if (column < columns * 0.45) return "exact";
  return column < columns * 0.8 ? (order < 7 ? "partial" : "exact") : order < 2 ? "partial" : "waiting";
};

const norms = ["input_layernorm", "post_attention_layernorm"];
const grouped = grid([...modules, ...norms], 28, (r, c) =>
  r < 7 ? waves(3)(r, c, 0, 0) : 0.02 + 0.02 * Math.abs(Math.sin(c + r)),
);

/** An encoder and a decoder of six layers each. */
function twoStacks(): HeatmapData {
  const encoder = ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"];
  const decoder = [
    "self_attn.q_proj",
    "self_attn.out_proj",
    "encoder_attn.q_proj",
    "encoder_attn.out_proj",
    "mlp.fc1",
    "mlp.fc2",
  ];
  const data = grid([...encoder, ...decoder], 6, waves(17));
  const headings = new Map([
    ["q_proj", "model.encoder.layers"],
    ["self_attn.q_proj", "model.decoder.layers"],
  ]);
  const rows = data.rows.map((row) => ({ ...row, heading: headings.get(row.key) }));
  return { ...data, rows: rows.map(({ heading, ...row }) => (heading === undefined ? row : { ...row, heading })) };
}

export const heatmapCases: GalleryCase[] = [
  heatmap(
    "heatmap, while scanning",
    "28 layers; exact, estimates, not read yet; one cell selected",
    grid(modules, 28, waves(7), scanning),
    {
      selected: "o_proj/12",
      emphasised: "o_proj",
    },
  ),
  heatmap(
    "heatmap, nothing read",
    "the first moment: only the tracks",
    grid(modules, 28, waves(7), () => "waiting"),
  ),
  heatmap("heatmap, six layers", "the demo's size: cells carry their numbers", grid(modules, 6, waves(5)), {
    emphasised: "o_proj",
  }),
  heatmap("heatmap, one layer", "one column, no more than 128 px wide", grid(modules, 1, waves(5))),
  heatmap(
    "heatmap, diverging",
    "rescale k − 1 around 0, the domain lopsided",
    grid(modules, 48, (r, c) => (r === 3 ? 0.36 + 0.01 * Math.sin(c) : -0.06 + 0.05 * Math.sin(c / 6 + r))),
    {
      scale: { kind: "diverging", domain: [-0.15, 0.4], centre: 0 },
      format: (value) => (value > 0 ? `+${value.toFixed(2)}` : value.toFixed(2).replace("-", "−")),
      legend: "rescale k − 1",
      selected: "k_proj/9",
    },
  ),
  heatmap("heatmap, 126 layers", "the deepest known model", grid(modules, 126, waves(11)), {
    selected: "down_proj/100",
  }),
  heatmap("heatmap, groups and holes", "norms apart; a module that only some layers have; a value that is not finite", {
    ...grouped,
    rows: grouped.rows.map((row) => (row.key === norms[0] ? { ...row, heading: "norms" } : row)),
    cells: grouped.cells.map((cell) => {
      if (cell.row === "v_proj" && Number(cell.column) % 4 !== 3)
        return { ...cell, value: null, state: "none", label: "" };
      return cell.key === "k_proj/5" ? { ...cell, value: Number.NaN } : cell;
    }),
  }),
  heatmap(
    "heatmap, 60 rows with long labels",
    "experts: labels shortened in the middle",
    grid(
      Array.from({ length: 60 }, (_, i) => `block_sparse_moe.experts.${i}.${["w1", "w2", "w3"][i % 3]}`),
      16,
      waves(13),
    ),
  ),
  heatmap(
    "heatmap, 256 experts",
    "one layer of a mixture, opened: a few stand out",
    grid(["experts.gate_proj", "experts.up_proj", "experts.down_proj"], 256, (r, c) =>
      c % 83 === 17 ? 0.31 + 0.02 * r : 0.05 + 0.03 * Math.abs(Math.sin(c * 1.7 + r / 3)),
    ),
    { columnTitle: "expert", selected: "experts.up_proj/100" },
  ),
  heatmap("heatmap, two stacks", "encoder and decoder count their layers apart: no means of columns", twoStacks(), {
    columnTotalTitle: "",
  }),
  heatmap("heatmap, 320 px", "a phone", grid(modules, 28, waves(7), scanning), { selected: "o_proj/12" }, 320),
  heatmap(
    "heatmap, 320 px, 126 layers, diverging",
    "the narrowest and deepest",
    grid(modules, 126, waves(7), scanning),
    {
      scale: { kind: "diverging", domain: [0, 0.4], centre: 0.2 },
    },
    320,
  ),
  heatmap(
    "heatmap, beyond the domain",
    "a fixed domain that values leave; the paper's colours",
    grid(modules, 28, (r, c) => 0.1 * r + 0.01 * c),
    {
      scale: { kind: "sequential", domain: [0.1, 0.5], ramp: "ylgnbu" },
    },
  ),
  heatmap(
    "heatmap, all the same",
    "a domain without extent",
    grid(modules, 12, () => 0),
    {
      scale: { kind: "sequential", domain: [0, 0] },
    },
  ),
  heatmap("heatmap, empty", "no rows", { rows: [], columns: [], cells: [] }),
];
