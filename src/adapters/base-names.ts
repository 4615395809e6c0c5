import type { Target } from "../tensors/low-rank-update.ts";
import type { View } from "../tensors/view.ts";

/** Leading words that say how a model was saved, or of which pipeline it is a part. */
const LEADING =
  /^(?:base_model|model|module|_orig_mod|transformer|language_model|text_model|diffusion_model|unet|text_encoder(?:_\d)?|prior|bert|roberta|distilbert|gpt_neox|backbone)\./;
const FLAT_LEADING = /^(?:model|transformer|text_model|diffusion_model|unet|text_encoder)_/;

function withoutLeading(name: string): string {
  const bare = name.replace(LEADING, "");
  return bare === name ? bare : withoutLeading(bare);
}

const flat = (words: readonly string[]): string => words.join("_");

/** Adds under a key; a second view under the same one makes it ambiguous. */
function add(map: Map<string, View | null>, key: string, view: View): void {
  map.set(key, map.has(key) && map.get(key) !== view ? null : view);
}

const MISSING = (name: string) => `The base has no tensor ${name}. Choose the base that this adapter was trained on.`;
const SEVERAL = (name: string) =>
  `Several tensors of the base could be ${name}. Open the part of the model that the adapter is for.`;

/** The views of a base, found by the names that adapters have for them. */
export class BaseNames {
  readonly #views: readonly View[];
  readonly #exact: ReadonlyMap<string, View>;
  /** Without leading words; null where two views share what is left. */
  readonly #bare = new Map<string, View | null>();
  #whole: Map<string, View | null> | null = null;
  #endings: Map<string, View | null> | null = null;

  constructor(views: readonly View[]) {
    this.#views = views;
    this.#exact = new Map(views.map((view) => [view.name, view]));
    for (const view of views) add(this.#bare, withoutLeading(view.name), view);
  }

  /** The view that a target means, or the sentence that says why there is none. */
  find(target: Target): View | string {
    if (target.kind === "numbered")
      return "The adapter only numbers its layers, in the order in which the training script came upon them, so they cannot be told apart here. It can be opened alone.";
    return target.kind === "named" ? this.#named(target.names) : this.#flat(target.path);
  }

  #named(names: readonly string[]): View | string {
    for (const name of names) {
      const exact = this.#exact.get(name);
      if (exact) return exact;
    }
    let several = false;
    for (const name of names) {
      const bare = this.#bare.get(withoutLeading(name));
      if (bare) return bare;
      several ||= bare === null;
    }
    return several ? SEVERAL(names[0]) : MISSING(names[0]);
  }

  /** Underscores stand for dots as well as for themselves, so the base's names are flattened, not the path taken apart. */
  #flat(path: string): View | string {
    this.#indexFlat();
    for (let rest = path; ; ) {
      const whole = this.#whole?.get(rest);
      if (whole) return whole;
      const shorter = rest.replace(FLAT_LEADING, "");
      if (shorter === rest) break;
      rest = shorter;
    }
    const ending = this.#endings?.get(path);
    return ending ?? (ending === null ? SEVERAL(path) : MISSING(path));
  }

  #indexFlat(): void {
    if (this.#whole) return;
    this.#whole = new Map();
    this.#endings = new Map();
    for (const view of this.#views) {
      if (!view.name.endsWith(".weight")) continue;
      const words = view.name.split(".").slice(0, -1);
      add(this.#whole, flat(words), view);
      for (let from = 1; from < words.length; from++) add(this.#endings, flat(words.slice(from)), view);
    }
  }
}
