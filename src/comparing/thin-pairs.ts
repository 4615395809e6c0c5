import type { Pair } from "../pairing/pair.ts";

/** Makes equal texts one: every pair comes out of a message with its own copy of what hundreds of others say too. */
export class ThinPairs {
  readonly #known = new Map<string, string>();

  /** Changes the pair in place, to an equal one that takes half the room. */
  thin(pair: Pair): Pair {
    const { a, b, place } = pair;
    place.role = this.#one(place.role);
    place.module = this.#one(place.module);
    place.stack = this.#one(place.stack);
    a.name = pair.name;
    if (pair.nameB === pair.name) pair.nameB = pair.name;
    if (b) {
      b.name = pair.nameB;
      b.shape = a.shape;
    }
    return pair;
  }

  #one(text: string): string {
    const known = this.#known.get(text) ?? text;
    this.#known.set(known, known);
    return known;
  }
}
