import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";
import { describe, expect, test } from "vitest";
import { circles } from "../scripts/house/circles.ts";
import { journey, table, wordRules, type Zone } from "../scripts/house/dependency-table.ts";
import { descendants, globalsNamed, heldTokens, imports, type Node } from "../scripts/house/syntax.ts";

/** Rules that are not a row of a table, with what they say. */
const alsoHeld = {
  table: "a file imports what the table lists for its folder",
  "one registry": "shell/ knows the instruments by its registry alone, and no instrument knows another",
  computing: "what an instrument computes needs no page: its .ts files but hooks name no React, D3, window or document",
  circle: "no files import one another in a circle, types neither",
  "a worker's address": "the worker's entry points are reached by their URL, from workforce/",
  "stray file": "src/ holds the folders of the journey and main.tsx",
  "unlisted package": "what ships imports only packages that package.json lists",
  "computed import": "an import names its file, so that it can be checked",
  "held token": "outside access/, and one file of cli/, no module, class, state or link holds a token",
  "judge and judged": "browser tests import of src/ only types, but for the one that puts kernels into a real browser",
  unreadable: "every source parses",
  any: "`any` is not used",
  "too long": "no file is over 500 lines",
  drawer: "a file is named after its one main export, in kebab-case, and is no drawer for odds and ends",
};
const ruleNames = [...wordRules.map((rule) => rule.name), ...Object.keys(alsoHeld)];

interface Offence {
  rule: string;
  /** `file:line` and what was found there. */
  where: string;
}

/** Folders whose members a link, a state or a prop may come from. */
const STATEFUL = ["permalink", "store", "charts", "components", "instruments", "shell"];

/** The one file of the command line that reads a token from its environment. */
const TOKEN_OF_THE_SHELL = "cli/hub-token.ts";
const tokenName = /^(access|auth|bearer|hub|oauth|read)?_?token$/i;

/** Which row of the table a file falls under. */
function zoneOf(file: string): Zone | undefined {
  const [top, folder = ""] = file.split("/");
  if (top === "workers" || top === "cli") return top;
  if (file === "src/main.tsx") return "main";
  const isFolder = top === "src" && folder !== "main" && file.split("/").length > 2;
  return isFolder ? journey.find((one) => one === folder) : undefined;
}

/** What a specifier means, as a path from the repository's root or as a package's name. */
function target(file: string, specifier: string, byUrl: boolean): string {
  const plain = specifier.replace(/[?#].*$/s, "");
  if (plain.startsWith("/")) return plain.slice(1);
  return byUrl || plain.startsWith(".") ? posix.join(posix.dirname(file), plain) : plain;
}

/** `react` covers react/jsx-runtime, `d3` d3-scale, `node` node:fs, `kernels` the files of src/kernels. */
const covers = (pattern: string, found: string): boolean =>
  [pattern, `src/${pattern}`].some((one) => found === one || found.startsWith(`${one}/`)) ||
  (pattern === "d3" && found.startsWith("d3-")) ||
  (pattern === "node" && found.startsWith("node:"));

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, Record<string, string>>;
// The page and the command line are built with all that they need: to who installs this, nothing is a dependency.
const listed = { ...manifest.devDependencies, ...manifest.optionalDependencies };

/** The folder of one instrument, of a file in it. */
const instrumentOf = (path: string): string | undefined => /^src\/instruments\/([^/]+)\//.exec(path)?.[1];
const REGISTRY = "src/shell/instruments.ts";
/** Brings up engines in a real browser, where a unit test cannot. */
const KERNEL_STAGE = "e2e/kernels/kernel-worker.ts";

const isComputing = (file: string): boolean =>
  instrumentOf(file) !== undefined && file.endsWith(".ts") && !/^use-/.test(basename(file));

function* importOffences(file: string, zone: Zone, program: Node): Generator<[string, string, number]> {
  for (const { at, specifier, byUrl } of imports(program)) {
    if (specifier === undefined) {
      yield ["computed import", "an import that is computed", at];
      continue;
    }
    const found = target(file, specifier, byUrl);
    const [top = "", folder = ""] = found.split("/");
    const what = `${zone} imports ${found}`;
    if (top === "workers") {
      if (!(byUrl && zone === "workforce")) yield ["a worker's address", what, at];
      continue;
    }
    const own = zone === "workers" || zone === "cli" ? `${zone}/` : `src/${zone}/`;
    const instrument = instrumentOf(found);
    if (instrument !== undefined) {
      if (file !== REGISTRY && instrumentOf(file) !== instrument) yield ["one registry", what, at];
    } else if (!byUrl && !found.startsWith(own) && !table[zone].some((pattern) => covers(pattern, found))) {
      yield ["table", what, at];
    }
    if (isComputing(file) && ["react", "d3", "comlink"].some((one) => covers(one, found)))
      yield ["computing", what, at];
    const isPackage = !byUrl && !specifier.startsWith(".") && !specifier.startsWith("/");
    const name = found.startsWith("@") ? `${top}/${folder}` : top;
    if (isPackage && !found.startsWith("node:") && listed[name] === undefined) yield ["unlisted package", found, at];
  }
}

/** Every way in which one file breaks the rules; the tests of the house feed it files that do. */
function offences(file: string, source: string): Offence[] {
  const found: Offence[] = [];
  const add = (rule: string, what: string, at = 0) =>
    found.push({ rule, where: `${file}:${source.slice(0, at).split("\n").length} ${what}` });

  const stem = basename(file).replace(/\..*$/, "");
  const isDrawer = /^(utils?|helpers?|common|misc|types?|index)$|-(utils?|helpers?|misc)$/i.test(stem);
  if (isDrawer || !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+$/.test(basename(file))) add("drawer", basename(file));
  const lines = source.split("\n").length - 1;
  if (lines > 500) add("too long", `${lines} lines`);
  // AssemblyScript is not quite TypeScript.
  if (!/\.(tsx?|mjs)$/.test(file) || file.includes("/wasm/assembly/")) return found;

  const { program: parsed, errors } = parseSync(file, source);
  const program = parsed as unknown as Node;
  if (errors.length > 0) add("unreadable", errors[0]?.message ?? "");
  for (const node of descendants(program)) if (node.type === "TSAnyKeyword") add("any", "any", node.start);
  if (file.startsWith("e2e/") && file !== KERNEL_STAGE) {
    for (const { at, specifier = "", byUrl, isType } of imports(program))
      if (!isType && target(file, specifier, byUrl).startsWith("src/")) add("judge and judged", specifier, at);
  }
  if (!/^(src|workers|cli)\//.test(file) || /\.test\.tsx?$|\.d\.ts$|\/testing\//.test(file)) return found;

  const zone = zoneOf(file);
  if (zone === undefined) {
    add("stray file", "belongs to no folder of the journey");
    return found;
  }
  for (const [rule, what, at] of importOffences(file, zone, program)) add(rule, what, at);
  for (const [name, at] of globalsNamed(program)) {
    for (const rule of wordRules) {
      if (rule.in.includes(zone) && rule.words.includes(name)) {
        add(rule.name, `${zone} names ${name}, but ${rule.because}`, at);
      }
    }
    if (isComputing(file) && ["window", "document"].includes(name)) add("computing", name, at);
  }
  if (zone !== "access" && file !== TOKEN_OF_THE_SHELL) {
    for (const [name, at] of heldTokens(program, STATEFUL.includes(zone)))
      if (tokenName.test(name)) add("held token", name, at);
  }
  return found;
}

/** Where a file leads. */
function* edgesOf(file: string, source: string): Generator<string> {
  const program = parseSync(file, source).program as unknown as Node;
  for (const { specifier, byUrl } of imports(program))
    if (specifier?.startsWith(".") && !byUrl) yield target(file, specifier, byUrl);
}

describe("the checker", () => {
  const reachesWorker = 'new URL("../../workers/scan-worker.ts", import.meta.url)';
  const offending: [rule: string, file: string, source: string][] = [
    ["table", "src/bytes/a.ts", 'import { scaleLinear } from "d3-scale";'],
    ["table", "src/hub/a.ts", 'import type { Remote } from "comlink";'],
    ["table", "src/statistics/a.ts", 'export { create } from "zustand";'],
    ["table", "src/kernels/a.ts", 'import type { Span } from "../bytes/span.ts";'],
    ["table", "src/kernels/wgsl/a.ts", 'export type A = import("../../hub/ref.ts").Ref;'],
    ["table", "src/workforce/a.ts", 'await import("@tensorflow/tfjs-core");'],
    ["table", "workers/a.ts", 'import "@tensorflow/tfjs-backend-webgpu/dist/base";'],
    ["table", "src/charts/a.ts", 'import type { State } from "../store/app-state.ts";'],
    ["table", "src/charts/gallery/a.tsx", 'import { jsx } from "react/jsx-runtime";'],
    ["table", "src/store/a.ts", 'import { create } from "zustand";'],
    ["table", "src/store/a.ts", 'import { heatmap } from "../charts/heatmap.ts";'],
    ["table", "src/shell/a.tsx", 'import type { Ref } from "../hub/ref.ts";'],
    ["table", "src/shell/a.tsx", "import(`../workforce/worker-pool.ts`);"],
    ["table", "workers/a.ts", 'import { createStore } from "zustand/vanilla";'],
    ["table", "src/hub/a.ts", 'import { tokenFor } from "../access/token-vault.ts";'],
    ["table", "workers/a.ts", 'import { tokenFor } from "../src/access/token-vault.ts";'],
    ["table", "src/bytes/a.ts", 'import type { Dtype } from "../safetensors/dtype.ts";'],
    ["table", "src/workforce/a.ts", 'import shader from "../charts/a.wgsl?raw";'],
    ["table", "src/store/a.ts", 'import { start } from "../main.tsx";'],
    ["table", "src/comparing/a.ts", 'import type { AppState } from "../store/app-state.ts";'],
    ["table", "cli/a.ts", 'import { WorkerPool } from "../src/workforce/worker-pool.ts";'],
    ["table", "cli/a.ts", 'import { tokenFor } from "../src/access/token-vault.ts";'],
    ["one registry", "src/instruments/delta/a.ts", 'import { a } from "../spectra/a.ts";'],
    ["one registry", "src/shell/a.tsx", 'import { a } from "../instruments/delta/a.ts";'],
    ["one registry", "src/store/a.ts", 'import { a } from "../instruments/delta/a.ts";'],
    ["computing", "src/instruments/delta/a.ts", 'import { useState } from "react";'],
    ["computing", "src/instruments/delta/a.ts", "export const a = () => document.title;"],
    ["a worker's address", "src/workforce/a.ts", 'import type { Api } from "../../workers/scan-worker.ts";'],
    ["a worker's address", "src/workforce/a.ts", 'import url from "/workers/scan-worker.ts?worker&url";'],
    ["a worker's address", "src/store/a.ts", `export const a = ${reachesWorker};`],
    ["a worker's address", "workers/a.ts", 'import "./scan-worker.ts";'],
    ["no page", "src/tensors/a.ts", "export const a = () => window.innerWidth;"],
    ["no page", "src/comparing/a.ts", "export const a = globalThis.document;"],
    ["new Worker", "src/kernels/a.ts", 'export const a = new Worker("a.js");'],
    ["new Worker", "src/main.tsx", 'export const a = new globalThis.SharedWorker("a.js");'],
    ["address bar", "src/reading/a.ts", "export const a = () => location.hash;"],
    ["address bar", "src/store/a.ts", 'export const a = () => globalThis.history.pushState(null, "");'],
    ["address bar", "src/shell/a.tsx", "const { location: here } = window; export const a = here;"],
    [
      "address bar",
      "src/shell/a.tsx",
      "export function a() { const b = (location: string) => location; return b(location.hash); }",
    ],
    ["judge and judged", "e2e/a.spec.ts", 'import { a } from "../src/bytes/a.ts";'],
    ["stray file", "src/app.tsx", "export {};"],
    ["stray file", "src/engine/a.ts", "export {};"],
    ["unlisted package", "src/charts/a.ts", 'import { pad } from "left-pad";'],
    ["table", "src/charts/a.ts", 'import { expect } from "vitest";'],
    ["table", "src/bytes/a.ts", 'import { readFile } from "node:fs/promises";'],
    ["computed import", "src/shell/a.tsx", "export const a = (name: string) => import(name);"],
    ["held token", "src/hub/a.ts", "let token = ''; export const a = () => token;"],
    ["held token", "src/workforce/a.ts", "export class A { #accessToken = ''; }"],
    ["held token", "src/store/a.ts", "export interface State { token?: string }"],
    ["held token", "cli/a.ts", "export const token = 1;"],
    ["unreadable", "src/bytes/a.ts", "export const = 1;"],
    ["any", "src/bytes/a.ts", "export const a = (b: unknown) => b as any;"],
    ["any", "src/bytes/a.test.ts", "export type A = Record<string, any>;"],
    ["any", "e2e/a.spec.ts", "export const a = (b: any[]) => b;"],
    ["too long", "src/bytes/a.ts", "export {};\n".repeat(501)],
    ["too long", "src/shell/style/a.css", "a {}\n".repeat(501)],
    ["drawer", "src/bytes/utils.ts", "export {};"],
    ["drawer", "src/store/string-helpers.test.ts", "export {};"],
    ["drawer", "src/charts/index.ts", "export {};"],
    ["drawer", "src/shell/HeatMap.tsx", "export {};"],
  ];
  test.each(offending)("finds: %s, in %s (%#)", (rule, file, source) => {
    expect(offences(file, source).map((offence) => offence.rule)).toContain(rule);
  });

  const innocent: [file: string, source: string][] = [
    ["src/workforce/a.ts", `export const a = () => new Worker(${reachesWorker}, { type: "module" });`],
    ["src/bytes/a.ts", "export function a(location: { url: string }, b = () => location.url) { return b(); }"],
    [
      "src/bytes/a.ts",
      "export const a = (b: { history: 1; document: 2 }) => ({ location: b.history, window: b.document });",
    ],
    ["src/bytes/a.ts", "export type A = (location: string) => void; export interface B { token?: string }"],
    [
      "src/bytes/a.ts",
      "export async function a() { const { location } = await b(); return { location }; }\nconst b = async () => ({ location: 1 });",
    ],
    ["src/main.tsx", "export const a = () => window.location.hash + history.length;"],
    ["src/kernels/wgsl/a.ts", 'import shader from "./a.wgsl?raw"; import("@tensorflow/tfjs-core"); export { shader };'],
    ["src/kernels/wasm/a.ts", 'export const a = new URL("./kernels.wasm", import.meta.url);'],
    [
      "src/store/a.ts",
      'import { createStore } from "zustand/vanilla"; import { setToken } from "../access/token-vault.ts"; export { createStore, setToken };',
    ],
    ["src/shell/instruments.ts", 'import { A } from "../instruments/delta/a.ts"; export { A };'],
    ["src/instruments/delta/use-a.ts", 'import { useState } from "react"; export { useState };'],
    [
      "cli/a.ts",
      'import { readFile } from "node:fs/promises"; import { Scan } from "../src/reading/scan.ts"; export { readFile, Scan };',
    ],
    ["e2e/a.spec.ts", 'import type { A } from "../src/bytes/a.ts"; export type B = A;'],
    [
      "workers/a.ts",
      'import { expose } from "comlink"; import { openRange } from "../src/bytes/read-range.ts"; expose({ openRange });',
    ],
    [
      "src/bytes/a.test.ts",
      'import { expect } from "vitest"; import { b } from "../shell/b.tsx"; expect(b).toBe(window);',
    ],
    ["src/safetensors/shard-index.ts", `${"export {};\n".repeat(500)}`],
  ];
  test.each(innocent)("finds nothing in %s (%#)", (file, source) => {
    expect(offences(file, source)).toEqual([]);
  });

  test("every rule has a file that breaks it", () => {
    expect(new Set([...offending.map(([rule]) => rule), "circle"])).toEqual(new Set(ruleNames));
  });

  test("finds circles, however long", () => {
    const edges = (of: Record<string, string[]>) => new Map(Object.entries(of));
    expect(circles(edges({ a: ["b"], b: ["c"], c: ["d"], d: [] }))).toEqual([]);
    expect(circles(edges({ a: ["b"], b: ["c"], c: ["b", "d"], d: ["d"] }))).toEqual([["d"], ["b", "c"]]);
    for (const b of ["{ b }", "type { b }"])
      expect([...edgesOf("src/store/a.ts", `import ${b} from "./b.ts";`)]).toEqual(["src/store/b.ts"]);
  });
});

describe("the house", () => {
  const extensions = [".ts", ".tsx", ".mjs", ".css", ".wgsl"];
  const files = ["src", "workers", "cli", "scripts", "e2e", "bench", "anchors"]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
    )
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => extensions.includes(extname(path)) && !/\/(generated|work)\//.test(path));
  const sourceOf = (file: string) => readFileSync(join(root, file), "utf8");
  const found = files.flatMap((file) => offences(file, sourceOf(file)));
  const edges = files
    .filter((file) => /\.(tsx?|mjs)$/.test(file) && !file.includes("/wasm/assembly/"))
    .map((file) => [file, [...edgesOf(file, sourceOf(file))]] as const);
  const shapes = circles(new Map(edges));
  found.push(...shapes.map((circle) => ({ rule: "circle", where: circle.join(" → ") })));

  test("is looked at", () => {
    expect(files).toContain("src/bytes/span.ts");
    expect(files.some((file) => file.startsWith("workers/"))).toBe(true);
  });

  test.each(ruleNames)("keeps the rule: %s", (rule) => {
    expect(found.filter((offence) => offence.rule === rule).map((offence) => offence.where)).toEqual([]);
  });

  test("pins every package to one version and no registry", () => {
    const versions = Object.entries({ ...listed, ...manifest.dependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    expect(readFileSync(join(root, "package-lock.json"), "utf8")).not.toContain('"resolved"');
  });
});
