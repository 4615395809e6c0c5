import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).map((path) => join(root, path));
const modules = files.filter((path) => path.endsWith(".module.css"));

/** The class names that a module declares; global ones are somebody else's. */
function declared(path: string): Set<string> {
  const rules = readFileSync(path, "utf8").replace(/\/\*.*?\*\/|:global\([^)]*\)|\{[^{}]*\}/gs, " ");
  return new Set([...rules.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name]) => name));
}

/** By module: the names that views take from it. */
const taken = new Map(modules.map((path) => [path, new Set<string>()]));
for (const view of files.filter((path) => path.endsWith(".tsx"))) {
  const source = readFileSync(view, "utf8");
  for (const [, name, file] of source.matchAll(/import (\w+) from "([^"]+\.module\.css)"/g)) {
    const names = taken.get(join(dirname(view), file));
    for (const [, used] of source.replace(/"[^"]*"/g, "").matchAll(new RegExp(`\\b${name}\\.(\\w+)`, "g")))
      names?.add(used);
  }
}

// The types of CSS modules let any name pass: one that is not there would draw nothing.
test.each(modules.map((path) => relative(root, path)))(
  "%s declares the class names that views take, and no others",
  (path) => {
    expect([...declared(join(root, path))].sort()).toEqual([...(taken.get(join(root, path)) ?? [])].sort());
  },
);

test("there are modules to look at", () => {
  expect(modules.length).toBeGreaterThan(10);
});
