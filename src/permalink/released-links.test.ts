import { expect, test } from "vitest";
import { DELTA_SECTION } from "../instruments/delta/view-state.ts";
import { type Link, LinkFormat } from "./link-format.ts";
import recorded from "./released-links.json";

/** What a released version read from a link: what is not as `usual`, the sentences it had, and the link that it wrote. */
interface ReleasedLink {
  hash: string;
  link: object;
  view: object;
  problems: string[];
  written: string;
}

const { usual } = recorded;
const format = new LinkFormat([DELTA_SECTION]);
const links: readonly ReleasedLink[] = recorded.links;

/** What was recorded, in the shape that a link has now: to be adapted where that changes, the record never. */
function linkOf({ link, view }: ReleasedLink): Record<keyof Link, unknown> {
  const { view: _, ...operands } = { ...usual, ...link };
  const { page, present, ...delta } = { ...usual.view, ...view };
  return { ...operands, instrument: "delta", page, present, views: { delta } };
}

test.each(links)("a released link means what it meant: $hash", (released) => {
  const { link, problems } = format.parse(released.hash);
  expect({ link, problems }).toEqual({ link: linkOf(released), problems: released.problems });
  expect(format.format(link)).toBe(released.written);
});

test.each(links)("what was written of it is read without a word and written again: $written", ({ written }) => {
  const { link, problems } = format.parse(written);
  expect(problems).toEqual([]);
  expect(format.format(link)).toBe(written);
});
