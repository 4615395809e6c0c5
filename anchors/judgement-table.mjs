import { QUANTITIES } from "./quantities.mjs";

/** @param {string} text */
const decimalsOf = (text) => text.split(".")[1]?.length ?? 0;

/**
 * A number with one digit more than was published; whole numbers in groups of three.
 *
 * @param {number} value
 * @param {string} published
 * @param {"auto" | "exceptZero"} sign
 */
function written(value, published, sign) {
  if (!Number.isFinite(value)) return "—";
  const decimals = decimalsOf(published);
  const digits = decimals === 0 ? 0 : decimals + 1;
  /** @type {Intl.NumberFormatOptions} */
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: sign };
  return value.toLocaleString("en", options);
}

/** @param {import("./judge.mjs").Judgement} judgement */
function cells({ anchor, measured, difference, agrees, note }) {
  const { quantity, tensors, layers, published, source } = anchor;
  const number = decimalsOf(published) === 0 ? Number(published).toLocaleString("en") : published;
  const what = tensors === "*" ? "all tensors" : tensors;
  return [
    layers !== undefined && layers > 1 ? `${what} × ${layers}` : what,
    QUANTITIES[quantity].words,
    written(measured, published, "auto"),
    number,
    written(difference, published, "exceptZero"),
    `${agrees ? "agrees" : "DIFFERS"}${note ? `: ${note}` : ""}`,
    source,
  ];
}

/**
 * Measured beside published, as a Markdown table that is also readable as it stands.
 *
 * @param {readonly import("./judge.mjs").Judgement[]} judgements
 */
export function judgementTable(judgements) {
  const head = ["tensors", "figure", "measured", "published", "difference", "", "source"];
  const lines = [head, ...judgements.map(cells)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  /** @param {number} column */
  const isNumber = (column) => column >= 2 && column <= 4;
  /** @type {(cell: string, column: number) => string} */
  const pad = (cell, column) => (isNumber(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]));
  /** @param {string[]} line */
  const text = (line) => `| ${line.map(pad).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => `${"-".repeat(width + 1)}${isNumber(column) ? ":" : "-"}`).join("|")}|`;
  return [text(lines[0]), rule, ...lines.slice(1).map(text)].join("\n");
}
