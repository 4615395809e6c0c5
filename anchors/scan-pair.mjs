import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cliFolder } from "../scripts/build-cli.mjs";

/**
 * @typedef {import("../src/comparing/file/comparison-file.ts").ComparisonFile} ComparisonFile
 *
 * @typedef {{
 *   engine: string | null,
 *   revisions: { a: string | null, b: string | null },
 *   tensors: import("./quantities.mjs").ScannedTensor[],
 * }} ScannedPair
 */

/**
 * The comparison without what no anchor needs.
 *
 * @param {ComparisonFile} comparison
 * @returns {ScannedPair}
 * @throws {Error} where not all of it was read
 */
function found({ a, b, engine, pairs }) {
  const unread = pairs.filter(({ coverage, identical }) => coverage < 1 && !identical).length;
  if (unread > 0) throw new Error(`${unread} of ${pairs.length} tensors were not read to their end.`);
  const tensors = pairs.map(({ name, role, layer, shape, stats }) => {
    // Files with one hash are not read: all that is known is that nothing changed.
    const size = shape.reduce((product, length) => product * length, 1);
    const same = { count: size, unchanged: size, above1e6: 0, above1e5: 0, maxAbsD: 0, sumA2: Number.NaN, sumD2: 0 };
    const { count: elements, unchanged, above1e6, above1e5, maxAbsD, sumA2, sumD2 } = stats ?? same;
    return { name, role, layer, elements, unchanged, above1e6, above1e5, maxAbsD, sumA2, sumD2 };
  });
  return { engine, revisions: { a: a.revision, b: b?.revision ?? null }, tensors };
}

/**
 * Compares two models on the command line, to the last element; how far it is stands on standard error, where that is a
 * terminal. The command line has to be built.
 *
 * @param {{ a: string, b: string, hub?: string | undefined }} pair
 * @returns {Promise<ScannedPair>}
 * @throws {Error} with the command line's own sentence, where it could not open the models or not read them to their end
 */
export async function scanPair({ a, b, hub }) {
  const folder = mkdtempSync(join(tmpdir(), "auscult-anchors-"));
  try {
    const file = join(folder, "pair.auscult.json");
    const child = spawn(process.execPath, [join(cliFolder, "auscult.mjs"), "compare", a, b, "-o", file], {
      // What it says is its error's message here; a terminal is shown how far it is.
      stdio: ["ignore", "inherit", process.stderr.isTTY ? "inherit" : "pipe"],
      env: hub === undefined ? process.env : { ...process.env, HF_ENDPOINT: hub },
    });
    let said = "";
    child.stderr?.on("data", (text) => {
      said += text;
    });
    const status = await new Promise((done, fail) => child.once("error", fail).once("close", done));
    if (status !== 0)
      throw new Error(said.trim() || "The command line did not come to its end; what it said is above.");
    return found(JSON.parse(readFileSync(file, "utf8")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
