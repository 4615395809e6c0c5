import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** What may differ between two runs of one comparison: which engine served, and when and how long it ran. */
const OF_THE_RUN = new Set(["engine", "time"]);

/**
 * A file's text without what is of the run, keys in the order in which they were written.
 *
 * @param {string} text
 */
const withoutRun = (text) =>
  JSON.stringify(JSON.parse(text, (key, value) => (OF_THE_RUN.has(key) ? undefined : value)));

/**
 * Whether two comparison files say the same, to the last digit and in the same order, but for engine and time.
 *
 * @param {string} one
 * @param {string} other texts of `.auscult.json` files
 * @returns {boolean}
 */
export const sameComparison = (one, other) => withoutRun(one) === withoutRun(other);

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [one, other] = process.argv.slice(2).map((path) => readFileSync(path, "utf8"));
  process.exitCode = sameComparison(one, other) ? 0 : 1;
}
