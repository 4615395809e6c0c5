import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";
import { describe, expect, test } from "vitest";

/** The folders of src/ in the order that the data takes; a folder imports only from those before it. */
const journey = [
  ...["bytes", "safetensors", "hub", "taxonomy", "tensors", "adapters", "pairing", "kernels", "statistics"],
  ...["reading", "comparing", "workforce", "access", "permalink", "store", "charts", "components"],
  ...["instruments", "shell"],
];
/** Imports against the journey that the next commits take away. */
const owed = [...["permalink imports src/instruments/", "store imports src/instruments/"]];
const pure = ["bytes", "safetensors", "hub", "taxonomy", "tensors", "adapters", "pairing", "kernels", "statistics"];
const everyone = [...journey, "main", "workers"];
const everyoneBut = (...zones: string[]) => everyone.filter((zone) => !zones.includes(zone));
const react = ["react", "react-dom"];
/** Packages that are part of the page. To package.json all are for development: who installs the command line needs none. */
const shipped = [
  ...["@huggingface/hub", "@tensorflow/tfjs-backend-webgpu", "@tensorflow/tfjs-core", "comlink", "zustand", ...react],
  ...["d3-array", "d3-axis", "d3-format", "d3-interpolate", "d3-scale", "d3-selection", "d3-shape"],
];

interface Rule {
  name: string;
  /** Folders of src/, "main" for src/main.tsx, "workers" for the second program. */
  in: string[];
  /** What may not be imported there, types included: `src/<folder>`, `workers`, a package or a family of packages. */
  imports?: string[];
  /** Globals that may not be named there. */
  words?: string[];
  because: string;
}

/** The dependency table. It is the architecture: change it in a commit of its own, with a reason. */
const table: Rule[] = [
  {
    name: "pure folders",
    in: pure,
    imports: [...react, "zustand", "d3", "comlink"],
    words: ["window", "document"],
    because: "they run in both programs and in plain tests",
  },
  {
    name: "kernels get arrays",
    in: ["kernels"],
    imports: ["src/bytes", "src/hub"],
    because: "a kernel gets typed arrays, so it can be held against its reference",
  },
  {
    name: "one owner of tfjs",
    in: everyoneBut("kernels"),
    imports: ["@tensorflow"],
    because: "one place owns the device",
  },
  { name: "charts only draw", in: ["charts"], imports: [...react, "src/store"], because: "draw and state stay apart" },
  {
    name: "the store knows no screen",
    in: ["store"],
    // The bare "zustand" brings its React binding along.
    imports: [...react, "zustand$", "zustand/react", "src/shell", "src/charts"],
    because: "state and drawing stay apart",
  },
  {
    name: "views only wish",
    in: ["components", "shell"],
    imports: ["src/reading", "src/workforce", "src/hub", "comlink"],
    because: "a view says what is wanted through the store",
  },
  {
    name: "workers are not imported",
    in: everyone,
    imports: ["workers"],
    because: "the only edge is the URL in workforce/",
  },
  { name: "workers wire", in: ["workers"], imports: [...react, "zustand", "d3"], because: "they have no screen" },
  {
    name: "new Worker",
    in: everyoneBut("workforce"),
    words: ["Worker", "SharedWorker"],
    because: "one place owns the workers",
  },
  { name: "address bar", in: everyoneBut("main"), words: ["location", "history"], because: "permalinks stay pure" },
  {
    name: "tokens stay home",
    in: [...pure, "reading", "workforce", "permalink", "charts", "workers"],
    imports: ["src/access"],
    because: "a token is held in one place, on the main thread",
  },
];

/** Rules that are not a row of the table, with what they say. */
const alsoHeld = {
  journey: "a folder of src/ imports only from folders that come before it in the journey",
  "stray file": "src/ holds the folders of the journey and main.tsx",
  "unlisted package": "what ships imports only packages that are listed as part of the page",
  "computed import": "an import names its file, so that it can be checked",
  "held token": "outside access/ no module, class, state or link holds a token",
  unreadable: "every source parses",
  any: "`any` is not used",
  "too long": "no file is over 500 lines",
  drawer: "a file is named after its one main export, in kebab-case, and is no drawer for odds and ends",
};
const ruleNames = [...table.map((rule) => rule.name), ...Object.keys(alsoHeld)];

interface Offence {
  rule: string;
  /** `file:line` and what was found there. */
  where: string;
}

type Node = { type: string; start: number; [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

function* children(node: Node): Generator<[string, Node]> {
  for (const [key, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield [key, child];
  }
}

function* descendants(node: Node): Generator<Node> {
  yield node;
  for (const [, child] of children(node)) yield* descendants(child);
}

const nameOf = (node: unknown): string | undefined =>
  isNode(node) ? ((node.name ?? node.value) as string | undefined) : undefined;

/** The text of a string literal or of a template without holes. */
function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  const quasis = node.type === "TemplateLiteral" ? (node.quasis as { value: { cooked: string } }[]) : [];
  return quasis.length === 1 ? quasis[0]?.value.cooked : undefined;
}

const isImportMeta = (node: unknown, property: string): boolean =>
  isNode(node) &&
  node.type === "MemberExpression" &&
  isNode(node.object) &&
  node.object.type === "MetaProperty" &&
  nameOf(node.property) === property;

/** Everything a module reaches for: `specifier` is undefined where it is computed. */
function* imports(program: Node): Generator<{ at: number; specifier: string | undefined; byUrl: boolean }> {
  for (const node of descendants(program)) {
    const [first, second] = (node.arguments as unknown[] | undefined) ?? [];
    const isUrl = node.type === "NewExpression" && nameOf(node.callee) === "URL" && isImportMeta(second, "url");
    if (isUrl) {
      yield { at: node.start, specifier: textOf(first), byUrl: true };
    } else if (node.type === "CallExpression" && isImportMeta(node.callee, "glob")) {
      yield { at: node.start, specifier: textOf(first), byUrl: false };
    } else if (/^(Import|Export)|^TSImportType$|^TSExternalModuleReference$/.test(node.type)) {
      const source = node.source ?? (node.type === "TSExternalModuleReference" ? node.expression : undefined);
      if (isNode(source)) yield { at: node.start, specifier: textOf(source), byUrl: false };
    }
  }
}

/** The names a pattern binds: `{ a, b: [c], ...d }` binds a, c and d. */
function* boundNames(pattern: unknown): Generator<string> {
  if (!isNode(pattern)) return;
  if (pattern.type === "Identifier") yield pattern.name as string;
  else if (pattern.type === "AssignmentPattern") yield* boundNames(pattern.left);
  else if (pattern.type === "Property") yield* boundNames(pattern.value);
  else if (pattern.type === "RestElement") yield* boundNames(pattern.argument);
  else for (const [, child] of children(pattern)) yield* boundNames(child);
}

const isFunction = (node: Node) => /^(Function(Declaration|Expression)|ArrowFunctionExpression)$/.test(node.type);

/** What a function, or the module, declares for itself; blocks count as part of their function. */
function declared(scope: Node): Set<string> {
  const names = new Set<string>();
  const add = (pattern: unknown) => {
    for (const name of boundNames(pattern)) names.add(name);
  };
  const visit = (node: Node) => {
    if (/^VariableDeclarator$|^(Function|Class)Declaration$/.test(node.type)) add(node.id);
    if (node.type === "CatchClause") add(node.param);
    if (/^Import(Default|Namespace)?Specifier$/.test(node.type)) add(node.local);
    if (!isFunction(node)) for (const [, child] of children(node)) visit(child);
  };
  add(scope.id);
  for (const parameter of (scope.params as unknown[] | undefined) ?? []) add(parameter);
  for (const [, child] of children(scope)) visit(child);
  return names;
}

const globalObjects = ["window", "globalThis", "self", "document"];

/** The globals that a module names: `location`, and as much `globalThis.location` and `const { location } = window`. */
function* globalsNamed(node: Node, scopes: Set<string>[] = [declared(node)], key = ""): Generator<[string, number]> {
  const isGlobal = (name: string) => !scopes.some((scope) => scope.has(name));
  const isGlobalObject = (value: unknown) =>
    isNode(value) &&
    value.type === "Identifier" &&
    globalObjects.includes(value.name as string) &&
    isGlobal(value.name as string);
  // Types name no values; the few wrappers around an expression are looked into.
  if (node.type.startsWith("TS")) {
    if (isNode(node.expression)) yield* globalsNamed(node.expression, scopes);
    return;
  }
  if (node.type === "Identifier" && key !== "property" && key !== "key" && isGlobal(node.name as string)) {
    yield [node.name as string, node.start];
  }
  if (node.type === "MemberExpression" && isGlobalObject(node.object)) {
    const property = nameOf(node.property);
    if (property !== undefined) yield [property, node.start];
  }
  if (node.type === "VariableDeclarator" && isGlobalObject(node.init) && isNode(node.id)) {
    for (const [, property] of children(node.id)) yield [nameOf(property.key) ?? "", property.start];
  }
  const inner = isFunction(node) ? [...scopes, declared(node)] : scopes;
  for (const [childKey, child] of children(node)) yield* globalsNamed(child, inner, node.computed ? "" : childKey);
}

const tokenName = /^(access|auth|bearer|hub|oauth|read)?_?token$/i;

/** Where a token would outlive a call: module variables, class fields, and members of state, links and props. */
function* heldTokens(program: Node, zone: string): Generator<[string, number]> {
  for (const statement of program.body as Node[]) {
    const declaration = isNode(statement.declaration) ? statement.declaration : statement;
    if (declaration.type !== "VariableDeclaration") continue;
    for (const one of declaration.declarations as Node[]) {
      for (const name of boundNames(one.id)) yield [name, one.start];
    }
  }
  const isState = ["permalink", "store", "charts", "components", "instruments", "shell"].includes(zone);
  for (const node of descendants(program)) {
    const holds = node.type === "PropertyDefinition" || (isState && node.type === "TSPropertySignature");
    if (holds) yield [nameOf(node.key) ?? "", node.start];
  }
}

/** Which row of the table a file falls under: a folder of the journey, "main" or "workers". */
function zoneOf(file: string): string | undefined {
  const [top, folder = ""] = file.split("/");
  if (top === "workers") return "workers";
  if (file === "src/main.tsx") return "main";
  return top === "src" && journey.includes(folder) && file.split("/").length > 2 ? folder : undefined;
}

/** What a specifier means, as a path from the repository's root or as a package's name. */
function target(file: string, specifier: string, byUrl: boolean): string {
  const plain = specifier.replace(/[?#].*$/s, "");
  if (plain.startsWith("/")) return plain.slice(1);
  return byUrl || plain.startsWith(".") ? posix.join(posix.dirname(file), plain) : plain;
}

/** `react` covers react/jsx-runtime, `d3` d3-scale, `src/hub` its files; `zustand$` that one only. */
const covers = (pattern: string, found: string): boolean =>
  pattern.endsWith("$")
    ? found === pattern.slice(0, -1)
    : found === pattern || found.startsWith(`${pattern}/`) || (pattern === "d3" && found.startsWith("d3-"));

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, Record<string, string>>;

function* importOffences(file: string, zone: string, program: Node): Generator<[string, string, number]> {
  for (const { at, specifier, byUrl } of imports(program)) {
    if (specifier === undefined) {
      yield ["computed import", "an import that is computed", at];
      continue;
    }
    const found = target(file, specifier, byUrl);
    for (const rule of table) {
      const isTheEdge = rule.name === "workers are not imported" && byUrl && zone === "workforce";
      const hit = rule.in.includes(zone) && rule.imports?.some((pattern) => covers(pattern, found)) && !isTheEdge;
      if (hit) yield [rule.name, `${zone} imports ${found}, but ${rule.because}`, at];
    }
    const [top, folder = ""] = found.split("/");
    const isOurs = top === "src" || top === "workers";
    if (journey.includes(zone) && top === "src" && !journey.slice(0, journey.indexOf(zone) + 1).includes(folder)) {
      const what = `${zone} imports ${found}`;
      if (!owed.some((edge) => what.startsWith(edge))) yield ["journey", what, at];
    }
    const name = found.startsWith("@") ? `${top}/${folder}` : (top ?? "");
    if (!isOurs && !byUrl && !specifier.startsWith(".") && !shipped.includes(name)) {
      yield ["unlisted package", found, at];
    }
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
  if (!/^(src|workers)\//.test(file) || /\.test\.tsx?$|\.d\.ts$/.test(file)) return found;

  const zone = zoneOf(file);
  if (zone === undefined) {
    add("stray file", "belongs to no folder of the journey");
    return found;
  }
  for (const [rule, what, at] of importOffences(file, zone, program)) add(rule, what, at);
  for (const [name, at] of globalsNamed(program)) {
    for (const rule of table) {
      if (rule.in.includes(zone) && rule.words?.includes(name)) {
        add(rule.name, `${zone} names ${name}, but ${rule.because}`, at);
      }
    }
  }
  if (zone !== "access") {
    for (const [name, at] of heldTokens(program, zone)) if (tokenName.test(name)) add("held token", name, at);
  }
  return found;
}

describe("the checker", () => {
  const reachesWorker = 'new URL("../../workers/scan-worker.ts", import.meta.url)';
  const offending: [rule: string, file: string, source: string][] = [
    ["pure folders", "src/bytes/a.ts", 'import { scaleLinear } from "d3-scale";'],
    ["pure folders", "src/hub/a.ts", 'import type { Remote } from "comlink";'],
    ["pure folders", "src/statistics/a.ts", 'export { create } from "zustand";'],
    ["pure folders", "src/tensors/a.ts", "export const a = () => window.innerWidth;"],
    ["pure folders", "src/tensors/a.ts", "export const a = globalThis.document;"],
    ["kernels get arrays", "src/kernels/a.ts", 'import type { Span } from "../bytes/span.ts";'],
    ["kernels get arrays", "src/kernels/wgsl/a.ts", 'export type A = import("../../hub/ref.ts").Ref;'],
    ["one owner of tfjs", "src/workforce/a.ts", 'await import("@tensorflow/tfjs-core");'],
    ["one owner of tfjs", "workers/a.ts", 'import "@tensorflow/tfjs-backend-webgpu/dist/base";'],
    ["charts only draw", "src/charts/a.ts", 'import type { State } from "../store/app-state.ts";'],
    ["charts only draw", "src/charts/gallery/a.tsx", 'import { jsx } from "react/jsx-runtime";'],
    ["the store knows no screen", "src/store/a.ts", 'import { create } from "zustand";'],
    ["the store knows no screen", "src/store/a.ts", 'import { heatmap } from "../charts/heatmap.ts";'],
    ["views only wish", "src/shell/a.tsx", 'import type { Ref } from "../hub/ref.ts";'],
    ["views only wish", "src/shell/a.tsx", "import(`../workforce/worker-pool.ts`);"],
    ["workers are not imported", "src/workforce/a.ts", 'import type { Api } from "../../workers/scan-worker.ts";'],
    ["workers are not imported", "src/workforce/a.ts", 'import url from "/workers/scan-worker.ts?worker&url";'],
    ["workers are not imported", "src/store/a.ts", `export const a = ${reachesWorker};`],
    ["workers are not imported", "workers/a.ts", 'import "./scan-worker.ts";'],
    ["workers wire", "workers/a.ts", 'import { createStore } from "zustand/vanilla";'],
    ["new Worker", "src/kernels/a.ts", 'export const a = new Worker("a.js");'],
    ["new Worker", "src/main.tsx", 'export const a = new globalThis.SharedWorker("a.js");'],
    ["address bar", "src/permalink/a.ts", "export const a = () => location.hash;"],
    ["address bar", "src/store/a.ts", 'export const a = () => globalThis.history.pushState(null, "");'],
    ["address bar", "src/shell/a.tsx", "const { location: here } = window; export const a = here;"],
    [
      "address bar",
      "src/shell/a.tsx",
      "export function a() { const b = (location: string) => location; return b(location.hash); }",
    ],
    ["tokens stay home", "src/hub/a.ts", 'import { tokenFor } from "../access/token-vault.ts";'],
    ["tokens stay home", "workers/a.ts", 'import { tokenFor } from "../src/access/token-vault.ts";'],
    ["journey", "src/bytes/a.ts", 'import type { Dtype } from "../safetensors/dtype.ts";'],
    ["journey", "src/workforce/a.ts", 'import shader from "../charts/a.wgsl?raw";'],
    ["journey", "src/store/a.ts", 'import { start } from "../main.tsx";'],
    ["stray file", "src/app.tsx", "export {};"],
    ["stray file", "src/engine/a.ts", "export {};"],
    ["unlisted package", "src/charts/a.ts", 'import { expect } from "vitest";'],
    ["unlisted package", "src/bytes/a.ts", 'import { readFile } from "node:fs/promises";'],
    ["computed import", "src/shell/a.tsx", "export const a = (name: string) => import(name);"],
    ["held token", "src/hub/a.ts", "let token = ''; export const a = () => token;"],
    ["held token", "src/workforce/a.ts", "export class A { #accessToken = ''; }"],
    ["held token", "src/store/a.ts", "export interface State { token?: string }"],
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
    [
      "src/shell/a.tsx",
      'import { useStore } from "zustand"; import { scaleLinear } from "d3-scale"; export { useStore, scaleLinear };',
    ],
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
    expect(new Set(offending.map(([rule]) => rule))).toEqual(new Set(ruleNames));
  });
});

describe("the house", () => {
  const extensions = [".ts", ".tsx", ".mjs", ".css", ".wgsl"];
  const files = ["src", "workers", "scripts", "e2e", "bench"]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
    )
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => extensions.includes(extname(path)) && !/\/(generated|work)\//.test(path));
  const found = files.flatMap((file) => offences(file, readFileSync(join(root, file), "utf8")));

  test("is looked at", () => {
    expect(files).toContain("src/bytes/span.ts");
    expect(files.some((file) => file.startsWith("workers/"))).toBe(true);
  });

  test.each(ruleNames)("keeps the rule: %s", (rule) => {
    expect(found.filter((offence) => offence.rule === rule).map((offence) => offence.where)).toEqual([]);
  });

  test("pins every package to one version and no registry", () => {
    const versions = Object.entries({ ...manifest.devDependencies, ...manifest.optionalDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    expect(readFileSync(join(root, "package-lock.json"), "utf8")).not.toContain('"resolved"');
  });
});
