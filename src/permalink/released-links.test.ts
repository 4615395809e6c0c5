import { expect, test } from "vitest";
import { formatLink, type Link, parseLink } from "./permalink.ts";
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
const links: readonly ReleasedLink[] = recorded.links;

/** What was recorded, in the shape that `parseLink` gives now: to be adapted where that changes, the record never. */
function linkOf({ link, view }: ReleasedLink): Record<keyof Link, unknown> {
  return { ...usual, ...link, view: { ...usual.view, ...view } };
}

test.each(links)("a released link means what it meant: $hash", (released) => {
  const { link, problems } = parseLink(released.hash);
  expect({ link, problems }).toEqual({ link: linkOf(released), problems: released.problems });
  expect(formatLink(link)).toBe(released.written);
});

test.each(links)("what was written of it is read without a word and written again: $written", ({ written }) => {
  const { link, problems } = parseLink(written);
  expect(problems).toEqual([]);
  expect(formatLink(link)).toBe(written);
});
