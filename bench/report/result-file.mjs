import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageScript, root } from "../../scripts/install.mjs";
import { runStep } from "../../scripts/run-step.mjs";
import { spread } from "./spread.mjs";

/**
 * Writes one measurement's result as JSON, formatted as the repository's other files are.
 *
 * @param {string} folder
 * @param {string} name the measurement
 * @param {{ rows: import("./table.mjs").Row[] } & Record<string, unknown>} result
 * @returns {Promise<string>} the file's path
 */
export async function writeResult(folder, name, { rows, ...rest }) {
  const path = join(folder, `${name}.json`);
  const withSpread = rows.map((row) => (row.values.length > 0 ? { ...row, ...spread(row.values) } : row));
  // Timers resolve microseconds at best; more digits would only be noise to read past.
  const text = JSON.stringify(
    { measurement: name, ...rest, rows: withSpread },
    (_, /** @type {unknown} */ value) => (typeof value === "number" ? Number(value.toPrecision(7)) : value),
    2,
  );
  await mkdir(folder, { recursive: true });
  await writeFile(path, `${text}\n`);
  const args = [packageScript("@biomejs/biome", "biome"), "format", "--write", "--vcs-enabled=false", path];
  await runStep({ command: process.execPath, args, cwd: root, timeoutSeconds: 30, capture: true });
  return path;
}
