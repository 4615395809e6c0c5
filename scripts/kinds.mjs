// Plants every kind of change in tensors of every kind and writes what is found into docs/kinds.md, between its two marks:
// `node scripts/kinds.mjs`.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleForNode } from "./bundle-for-node.mjs";

const page = new URL("../docs/kinds.md", import.meta.url);
const BEGIN = "<!-- measured: node scripts/kinds.mjs -->\n";
const END = "\n<!-- end of what is measured -->";

const folder = await mkdtemp(join(tmpdir(), "kinds-"));
try {
  const load = await bundleForNode({ "kinds-table": "src/statistics/planted/kinds-table.ts" }, folder);
  const { kindsTable, measureKinds } = /** @type {typeof import("../src/statistics/planted/kinds-table.ts")} */ (
    await load("kinds-table")
  );
  const text = await readFile(page, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error("docs/kinds.md has lost the marks between which the tables stand.");
  await writeFile(page, text.slice(0, begin + BEGIN.length) + kindsTable(measureKinds()) + text.slice(end));
} finally {
  await rm(folder, { recursive: true, force: true });
}
