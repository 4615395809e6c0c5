import { ENGINES, type EngineName } from "../kernels/engine.ts";
import { choice, flag, readField, type Section } from "./section.ts";
import { put, type Shelf, taken } from "./shelf.ts";

/** The pages there are: the instrument that is open, how its numbers are computed, and what they say as one sheet to print. */
export const PAGES = ["main", "methods", "report"] as const;
export type Page = (typeof PAGES)[number];

/** What of the page is looked at, and how: everything that a shared link must bring back besides the operands. */
export interface Look {
  /** Id of the instrument that is open. */
  instrument: string;
  page: Page;
  /** Large type and no controls, for a stage. */
  present: boolean;
  /** How each instrument is being looked at. */
  views: Shelf;
}

/** What a hash says: where the data is, and how it is being viewed. */
export interface Link extends Look {
  a: string | null;
  b: string | null;
  adapter: string | null;
  /** How names of B are rewritten before they are looked for in A: `pattern => replacement`. */
  rename: string | null;
  /** Origin of the Hub; null: the default one. */
  hub: string | null;
  engine: EngineName | null;
  /** Start the scan without waiting for a click, where the rules allow it. */
  exact: boolean;
}

/** The only version so far; raised when an old link would open a different picture. */
const VERSION = "1";

const PAGE = choice(PAGES, "main");

/** Keys that belong to the page, and to no instrument. */
export const PAGE_KEYS: readonly string[] = [
  ...["v", "a", "b", "adapter", "rename", "hub", "engine", "scan", "instrument", "page", "present"],
];

/** Percent-encodes what a query value must not hold, and leaves `/ : @ ,` readable: links are read by people too. */
const encode = (value: string): string =>
  encodeURIComponent(value).replace(/%(2F|3A|40|2C)/g, (code) => decodeURIComponent(code));

/** Location hashes as this page reads and writes them, given its instruments' sections; the first is open where a link names none. */
export class LinkFormat {
  readonly #sections: readonly Section<unknown>[];
  readonly #instrument;
  /** What an empty hash says. */
  readonly empty: Readonly<Link>;

  constructor(sections: readonly [Section<unknown>, ...Section<unknown>[]]) {
    this.#sections = sections;
    const [{ id: first }] = sections;
    this.#instrument = choice(
      sections.map(({ id }) => id),
      first,
    );
    this.empty = {
      ...{ a: null, b: null, adapter: null, rename: null, hub: null, engine: null, exact: false },
      ...{ instrument: first, page: "main", present: false, views: this.#views((section) => section.defaults) },
    };
  }

  #views(viewOf: (section: Section<unknown>) => unknown): Shelf {
    return this.#sections.reduce((views: Shelf, section) => put(views, section, viewOf(section)), {});
  }

  /**
   * Reads a hash. Never throws: what it cannot read falls back alone and is named in `problems`, so that a link with a bad
   * view still opens its data. Unknown keys are ignored.
   */
  parse(hash: string): { link: Link; problems: string[] } {
    const params = new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B"));
    const problems: string[] = [];
    const version = params.get("v");
    if (version !== null && version !== VERSION)
      problems.push(
        `The link was made by another version of this page (v=${version}); parts of its view may be missing.`,
      );
    const wanted = params.get("engine");
    const engine = ENGINES.find((name) => name === wanted) ?? null;
    if (wanted !== null && engine === null)
      problems.push(`The link asks for engine=${wanted}; known are ${ENGINES_LISTED}.`);
    const text = (key: string) => params.get(key)?.trim() || null;
    return {
      link: {
        a: text("a"),
        b: text("b"),
        adapter: text("adapter"),
        rename: text("rename"),
        hub: text("hub"),
        engine,
        exact: params.get("scan") === "exact",
        instrument: readField(this.#instrument, "instrument", params, problems),
        page: readField(PAGE, "page", params, problems),
        present: readField(flag, "present", params, problems),
        views: this.#views((section) => {
          const read = section.read(params);
          problems.push(...read.problems);
          return read.view;
        }),
      },
      problems,
    };
  }

  /** Writes the hash of a link, `#` included; what is as usual is left out. Empty when there is nothing to say. */
  format(link: Link): string {
    const pairs: [string, string][] = [];
    const say = (key: string, value: string | null) => value && pairs.push([key, value]);
    say("a", link.a);
    say("b", link.b);
    say("adapter", link.adapter);
    say("rename", link.rename);
    say("hub", link.hub);
    say("engine", link.engine);
    say("scan", link.exact ? "exact" : null);
    say("instrument", this.#instrument.write(link.instrument));
    say("page", PAGE.write(link.page));
    for (const section of this.#sections) pairs.push(...section.write(taken(link.views, section)));
    say("present", flag.write(link.present));
    if (pairs.length === 0) return "";
    return `#v=${VERSION}&${pairs.map(([key, value]) => `${key}=${encode(value)}`).join("&")}`;
  }

  /** What a step back undoes of how the page is looked at, as a text to compare. */
  step({ instrument, page, views }: Look): string {
    const steps = this.#sections.map((section) => section.step(taken(views, section)));
    return JSON.stringify([instrument, page, ...steps]);
  }

  /** Whether two links speak of the same operands at whatever commit, viewed alike. */
  isSamePlace(one: Link, other: Link): boolean {
    const bare = (link: Link): string => {
      const name = (ref: string | null) => ref?.replace(/@[^:]*/, "") ?? null;
      return JSON.stringify({
        ...link,
        ...{ a: name(link.a), b: name(link.b), adapter: name(link.adapter) },
        views: this.#views((section) => section.place(taken(link.views, section))),
      });
    };
    return bare(one) === bare(other);
  }
}

/** `wgsl, wasm and reference`. */
const ENGINES_LISTED = `${ENGINES.slice(0, -1).join(", ")} and ${ENGINES[ENGINES.length - 1]}`;
