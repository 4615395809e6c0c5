import { readFileSync } from "node:fs";
import { join } from "node:path";
import { QUANTITIES } from "./quantities.mjs";

/**
 * One published figure. `published` is its text, for its digits are its precision; `tolerance` is how far a number that
 * rounds to it may lie away. `layers` is the number of tensors that it was made from, where that was published.
 *
 * @typedef {{ quantity: string, tensors: string, layers?: number, published: string, tolerance: number, source: string }} Anchor
 */

/**
 * Two models of the Hub, by repo, and what was published about them. `billions` of parameters on each side.
 *
 * @typedef {{ a: string, b: string, billions: number, anchors: Anchor[] }} AnchorPair
 */

/** Half a unit of the last digit of a decimal number's text. @param {string} text */
export const halfUnit = (text) => 0.5 * 10 ** -(text.split(".")[1]?.length ?? 0);

/**
 * A row's cells by column, and where it stands, as the beginning of a sentence.
 *
 * @template {string} Column
 * @typedef {Record<Column | "where", string>} Row
 */

const NUMBER = /^\d+(\.\d+)?$/;

/**
 * Rows of a CSV text without quotes, by the names in its first line; the line's number goes with each, as `where`.
 *
 * @template {string} Column
 * @param {string} text
 * @param {readonly Column[]} columns
 * @param {string} file
 * @returns {Row<Column>[]}
 */
function rowsOf(text, columns, file) {
  const [head, ...lines] = text.trim().split(/\r?\n/);
  if (head !== columns.join(",")) throw new Error(`${file} must begin with the line "${columns.join(",")}".`);
  return lines.map((line, i) => {
    const cells = line.split(",");
    const where = `${file}, line ${i + 2}`;
    if (cells.length !== columns.length) throw new Error(`${where} must have ${columns.length} cells.`);
    const named = Object.fromEntries(columns.map((name, column) => [name, cells[column]]));
    return /** @type {Row<Column>} */ ({ where, ...named });
  });
}

/**
 * @template {string} Column
 * @param {Row<Column>} row
 * @param {readonly Column[]} names
 */
function requireNumbers(row, names) {
  for (const name of names) {
    if (!NUMBER.test(row[name])) throw new Error(`${row.where}: "${row[name]}" is no plain decimal number.`);
  }
}

/**
 * A row of relative-norms.csv as its figures: three, or one where there is but one tensor.
 *
 * @param {Row<"module" | "layers" | "mean" | "min" | "max">} row
 * @returns {Anchor[]}
 */
function relativeAnchors(row) {
  requireNumbers(row, ["layers", "mean", "min", "max"]);
  const { module: tensors, mean, min, max } = row;
  const shared = { tensors, layers: Number(row.layers), source: "modeldelta" };
  // The mean was taken over figures that had been rounded to the digits of min and max.
  const ofTensor = halfUnit(min);
  if (shared.layers === 1) return [{ ...shared, quantity: "relative", published: min, tolerance: ofTensor }];
  return [
    { ...shared, quantity: "relative-mean", published: mean, tolerance: halfUnit(mean) + ofTensor },
    { ...shared, quantity: "relative-min", published: min, tolerance: ofTensor },
    { ...shared, quantity: "relative-max", published: max, tolerance: halfUnit(max) },
  ];
}

/**
 * @param {Row<"quantity" | "tensors" | "published" | "source">} row
 * @returns {Anchor}
 */
function figureAnchor(row) {
  requireNumbers(row, ["published"]);
  const { quantity, tensors, published, source } = row;
  if (!Object.hasOwn(QUANTITIES, quantity)) throw new Error(`${row.where}: there is no quantity "${quantity}".`);
  return { quantity, tensors, published, tolerance: halfUnit(published), source };
}

/**
 * Reads the pairs and their figures from `pairs.csv`, `figures.csv` and `relative-norms.csv` in a folder, in the order of
 * `pairs.csv`.
 *
 * @param {string} folder
 * @returns {AnchorPair[]}
 * @throws {Error} with a sentence that names file and line, where one cannot be read
 */
export function readAnchors(folder) {
  /** @type {<Column extends string>(file: string, columns: readonly Column[]) => Row<Column>[]} */
  const read = (file, columns) => rowsOf(readFileSync(join(folder, file), "utf8"), columns, file);
  /** @type {Map<string, AnchorPair>} */
  const pairs = new Map();
  /** @param {{ a: string, b: string }} row */
  const nameOf = ({ a, b }) => `${a} → ${b}`;
  for (const row of read("pairs.csv", ["a", "b", "billions"])) {
    requireNumbers(row, ["billions"]);
    pairs.set(nameOf(row), { a: row.a, b: row.b, billions: Number(row.billions), anchors: [] });
  }
  /** @type {(row: { a: string, b: string, where: string }, anchors: Anchor[]) => void} */
  const add = (row, anchors) => {
    const pair = pairs.get(nameOf(row));
    if (!pair) throw new Error(`${row.where}: pairs.csv does not have ${nameOf(row)}.`);
    pair.anchors.push(...anchors);
  };
  for (const row of read("figures.csv", ["a", "b", "quantity", "tensors", "published", "source"]))
    add(row, [figureAnchor(row)]);
  for (const row of read("relative-norms.csv", ["a", "b", "module", "layers", "mean", "min", "max"]))
    add(row, relativeAnchors(row));
  return [...pairs.values()];
}
