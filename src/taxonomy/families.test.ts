import { expect, test } from "vitest";
import { FAMILIES } from "./families.ts";

test.each(["layer", "outside"] as const)("no two unconditional families disagree on a path: %s", (table) => {
  const roles = new Map<string, Set<string>>();
  for (const family of FAMILIES) {
    if (family.when) continue;
    for (const [path, role] of Object.entries(family[table] ?? {}))
      roles.set(path, (roles.get(path) ?? new Set()).add(role));
  }
  expect([...roles].filter(([, found]) => found.size > 1)).toEqual([]);
  expect(roles.size).toBeGreaterThan(10);
});

test("families that speak only for some stacks are asked first", () => {
  const conditional = FAMILIES.map((family) => family.when !== undefined);
  expect(conditional).toEqual([...conditional].sort((a, b) => Number(b) - Number(a)));
});

test("tables hold paths, not names: no layer numbers, no parameter words", () => {
  const paths = FAMILIES.flatMap((family) => [
    ...Object.keys(family.layer ?? {}),
    ...Object.keys(family.outside ?? {}),
  ]);
  expect(paths.filter((path) => /\.(?:weight|bias|gamma|beta)$|experts\.\d/.test(path))).toEqual([]);
});
