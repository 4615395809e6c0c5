import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { staleReason } from "./install.mjs";

const a = { version: "1.0.0", integrity: "sha512-a" };
const elsewhere = { version: "2.0.0", integrity: "sha512-e", optional: true };
const lock = { "": {}, "node_modules/a": a, "node_modules/elsewhere": elsewhere };

let folder = "";
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ["nothing installed", undefined, [], "no packages are installed yet"],
  ["as locked, without the other platform's package", { "node_modules/a": a }, ["a"], undefined],
  ["one missing", {}, [], "node_modules/a is missing"],
  [
    "another version",
    { "node_modules/a": { ...a, version: "0.9.0" } },
    ["a"],
    "node_modules/a is not the locked version",
  ],
  ["other content", { "node_modules/a": { ...a, integrity: "x" } }, ["a"], "node_modules/a is not the locked version"],
  ["its folder gone", { "node_modules/a": a }, [], "node_modules/a was removed"],
])("%s", (_name, installed, folders, reason) => {
  folder = mkdtempSync(join(tmpdir(), "auscult-install-"));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: lock }));
  if (installed !== undefined) {
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages: installed }));
  }
  for (const name of folders) mkdirSync(join(folder, "node_modules", name));
  expect(staleReason(folder)).toBe(reason);
});
