import { readFileSync } from "node:fs";
import { expect, it, test } from "vitest";
import { PAGE_KEYS } from "../permalink/link-format.ts";
import { INSTRUMENTS, instrumentById, LINKS } from "./instruments.ts";

/** What stands more than once in a list. */
const repeated = (list: readonly string[]): string[] => list.filter((one, i) => list.indexOf(one) !== i);

test("no two instruments share an id, a key of the link or a kind of job, and none takes a key of the page", () => {
  expect(repeated(INSTRUMENTS.map(({ id }) => id))).toEqual([]);
  expect(repeated([...PAGE_KEYS, ...INSTRUMENTS.flatMap(({ section }) => section.keys)])).toEqual([]);
  expect(repeated(INSTRUMENTS.flatMap(({ jobs }) => jobs))).toEqual([]);
  for (const { id, section } of INSTRUMENTS) expect(section.id).toBe(id);
});

test("a link writes every key that is registered, and no other", () => {
  const keys = INSTRUMENTS.flatMap(({ section }) => section.keys);
  const all = LINKS.parse(`#v=1&${[...PAGE_KEYS.slice(1), ...keys].map((key) => `${key}=1`).join("&")}`).link;
  const written = [...new URLSearchParams(LINKS.format(all).slice(1)).keys()];
  expect(written.filter((key) => !PAGE_KEYS.includes(key) && !keys.includes(key))).toEqual([]);
  expect(written).toEqual(expect.arrayContaining(["v", "a", "b", "adapter", "rename", "hub", "present"]));
});

test("docs/methods.md names every key of a link, and every instrument", () => {
  const methods = readFileSync(new URL("../../docs/methods.md", import.meta.url), "utf8");
  const links = methods.slice(methods.indexOf("## Links"), methods.indexOf("## Scripts in the page"));
  const named = new Set(Array.from(links.matchAll(/`(\w+)`/g), ([, word]) => word));
  const keys = [...PAGE_KEYS.slice(1), ...INSTRUMENTS.flatMap(({ id, section }) => [id, ...section.keys])];
  expect(keys.filter((key) => !named.has(key))).toEqual([]);
});

it("is found by its id, and what is not there is said", () => {
  for (const instrument of INSTRUMENTS) expect(instrumentById(instrument.id)).toBe(instrument);
  expect(() => instrumentById("harp")).toThrow(
    `This page has no instrument “harp”; it has ${INSTRUMENTS.map(({ id }) => id).join(", ")}.`,
  );
});
