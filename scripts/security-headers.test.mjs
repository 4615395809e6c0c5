import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { headerPolicy, metaPolicy, securityHeaders } from "./security-headers.mjs";

// Cells of a table may be padded.
const guide = readFileSync(new URL("../docs/deploy.md", import.meta.url), "utf8").replace(/ +\|/g, " |");

describe("docs/deploy.md recommends what is served and tested", () => {
  test("the policy, in each of its samples", () => {
    const quoted = guide.match(/default-src 'none';[^"\n]*/g) ?? [];
    expect(quoted).toEqual(Array(3).fill(headerPolicy));
  });

  test.each(Object.entries(securityHeaders).slice(1))("%s: %s", (name, value) => {
    expect(guide).toContain(`| \`${name}\` | \`${value}\` |`);
    expect(guide).toContain(`add_header ${name} "${value}" always;`);
    expect(guide).toContain(`    ${name} "${value}"`);
  });
});

test("the policy in the page is the header's without frame-ancestors", () => {
  expect(`${metaPolicy}; frame-ancestors 'self'`).toBe(headerPolicy);
});

test("no directive allows inline code or eval", () => {
  expect(headerPolicy).not.toMatch(/'unsafe-/);
});
