import { spread } from "./spread.mjs";

/**
 * What a measurement found out about one thing. `values` holds one value for each run; where there are none, `note` says
 * why. A comparison's value is a ratio whose two sides were measured in the same run. `held` says whether the goal is met,
 * where that is judged.
 *
 * @typedef {{ label: string, unit: string, values: number[], goal?: string, held?: string, note?: string }} Row
 */

/** Three significant digits, and never an exponent: 0.643, 12.3, 1240. @param {number} value */
function written(value) {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 4));
}

/** @param {Row} row */
function cells({ label, unit, values, goal = "", held = "", note = "" }) {
  if (values.length === 0) return [label, note, "", goal, held];
  const { median, min, max } = spread(values);
  const range = values.length > 1 ? `${written(min)}–${written(max)}` : "one run";
  return [label, `${written(median)} ${unit}`.trim(), range, goal, held];
}

/**
 * The rows as a Markdown table that is also readable as it stands: median, least and greatest of the runs, and the
 * project's goal beside them. A goal is only quoted, except where a row says whether it is held.
 *
 * @param {string} title
 * @param {readonly Row[]} rows
 */
export function table(title, rows) {
  const judged = rows.some(({ held }) => held !== undefined);
  const head = [title, "median", "min–max", "goal", "held"];
  const lines = [head, ...rows.map(cells)].map((line) => (judged ? line : line.slice(0, -1)));
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  /** @param {string[]} line */
  const text = (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [text(lines[0]), rule, ...lines.slice(1).map(text)].join("\n");
}
