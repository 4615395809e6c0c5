import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { KindId } from "../explain.ts";
import { kindsTable, type Measured, measureKinds } from "./kinds-table.ts";
import { CONTROLS, PLANTED } from "./planted-changes.ts";
import { PLANTED_DTYPES, PLANTED_ELEMENTS } from "./planted-stats.ts";

const measured = measureKinds();
const cases = measured.map((each): [string, string, Measured] => [each.change.name, each.dtypes, each]);
const kindsOf = ({ findings }: Measured): KindId[] => findings.map(({ kind }) => kind);

/** What rounding may add to any change: a format that keeps only the larger part of it. */
const ROUNDING: readonly KindId[] = ["format-limited", "sparse"];
const isWide = ({ dtypes }: Measured): boolean => !dtypes.startsWith("F8");

test("the matrix is whole", () => {
  expect(measured).toHaveLength((PLANTED.length + CONTROLS.length) * PLANTED_DTYPES.length);
  expect(PLANTED_ELEMENTS).toBeGreaterThanOrEqual(1e5);
});

describe.each(cases)("%s in %s", (_, __, cell) => {
  const { change, dtypes, control, abs, signed } = cell;
  const stored = change.stored?.[dtypes];
  const must = stored ?? change.kinds;

  test("is recognised", () => expect(kindsOf(cell)).toEqual(expect.arrayContaining([...must])));

  test("is taken for nothing else", () => {
    const may = [...must, ...(change.also ?? []), ...(isWide(cell) && !stored ? [] : ROUNDING)];
    // In BF16 a change may be small enough that rounding shows, without being all there is.
    if (dtypes.endsWith("BF16") && change.kinds.includes("sparse")) may.push("format-limited");
    expect(kindsOf(cell).filter((kind) => !may.includes(kind))).toEqual([]);
  });

  if (control)
    test("is not called bimodal", () => {
      expect([abs?.modes.length, signed?.modes.length]).toEqual([1, 1]);
      expect([abs?.valley, signed?.valley, abs?.pair, signed?.pair]).toEqual([null, null, null, null]);
    });

  if (isWide(cell) && !stored && change.modes)
    test("has the modes it was given", () =>
      expect([abs?.modes.length, signed?.modes.length]).toEqual([change.modes?.abs, change.modes?.signed]));

  test("says so in whole sentences that give a number", () => {
    for (const { kind, sentence } of cell.findings) {
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(sentence).not.toMatch(/NaN|undefined|null|Infinity/);
      if (kind !== "identical") expect(sentence).toMatch(/\d/);
    }
  });
});

test("docs/kinds.md says what is measured here", () => {
  const page = readFileSync(new URL("../../../docs/kinds.md", import.meta.url), "utf8");
  // `node scripts/kinds.mjs` writes it again.
  expect(page).toContain(kindsTable(measured));
});
