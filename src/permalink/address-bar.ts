import type { Link, LinkFormat } from "./link-format.ts";

/** What the address bar is to a script: `window` has it. */
export interface Browser {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: Pick<History, "pushState" | "replaceState">;
}

/** Where the address has led: to another view of the same operands, or to others, which have to be opened. */
export type Move = { to: "view"; link: Link; renamed: boolean } | { to: "operands"; link: Link; problems: string[] };

/**
 * The address says what is on screen, and Back undoes what a person did: another comparison and another choice of what to
 * look at are entries of the history. What else changes is written over the entry there is.
 */
export class AddressBar {
  readonly #links: LinkFormat;
  readonly #browser: Browser;
  /** The hash that this page wrote last, or followed. */
  #written: string;
  #step = "";

  constructor(links: LinkFormat, browser: Browser) {
    this.#links = links;
    this.#browser = browser;
    this.#written = browser.location.hash;
  }

  /** What the address says. */
  read(): ReturnType<LinkFormat["parse"]> {
    return this.#links.parse(this.#browser.location.hash);
  }

  /**
   * Says what is on screen: `link` brings it back, `comparison` is its number. While there is no comparison (null) only
   * turning to another page or instrument is written, and what else the address says stays, be it opened yet or not.
   */
  show(link: Link, comparison: number | null): void {
    if (comparison === null) {
      this.#turnTo(link);
      return;
    }
    const hash = this.#links.format(link);
    const step = `${comparison} ${this.#links.step(link)}`;
    // A reference that was merely pinned, or a filter that was typed, is no new place to come back to.
    const entered = hash !== this.#written && step !== this.#step && !this.#isSamePlace(hash);
    this.#step = step;
    if (hash === this.#written) return;
    this.#written = hash;
    if (entered) this.#browser.history.pushState(null, "", hash);
    else this.#browser.history.replaceState(null, "", hash);
  }

  #isSamePlace(hash: string): boolean {
    return this.#links.isSamePlace(this.#links.parse(this.#written).link, this.#links.parse(hash).link);
  }

  #turnTo({ page, instrument }: Link): void {
    const { link } = this.#links.parse(this.#written);
    if (link.page === page && link.instrument === instrument) return;
    this.#written = this.#links.format({ ...link, page, instrument });
    const { pathname, search } = this.#browser.location;
    this.#browser.history.pushState(null, "", this.#written || pathname + search);
  }

  /**
   * Follows an address that the person went to; null where it is what is shown. `now` is the link of the comparison there
   * is: before there is one the address may name one that is being opened, and the fields hold what was typed since.
   */
  follow(now: Link | null): Move | null {
    const { hash } = this.#browser.location;
    if (hash === this.#written) return null;
    const before = now ?? this.#links.parse(this.#written).link;
    this.#written = hash;
    const { link, problems } = this.#links.parse(hash);
    const isSame = (["a", "b", "adapter", "hub", "engine"] as const).every((key) => link[key] === before[key]);
    return isSame ? { to: "view", link, renamed: link.rename !== before.rename } : { to: "operands", link, problems };
  }
}
