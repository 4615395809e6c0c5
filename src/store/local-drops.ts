import type { LocalDrop } from "../hub/local-files.ts";

/**
 * Whether it is the same drop once more. Only the objects tell: a model and its fine-tune often have the same file name and
 * size, and, copied together, the same time.
 */
const sameFiles = (one: LocalDrop, other: LocalDrop): boolean =>
  one.files.length === other.files.length && one.files.every(({ file }, i) => file === other.files[i].file);

/**
 * Files that the person dropped or picked since the page was opened, by what stands in a field for them: `local:<name>`.
 * While the page lives, that leads back to them, so that Swap, Back and Compare need no second drop.
 */
export class LocalDrops {
  readonly #drops = new Map<string, LocalDrop>();

  /** Keeps a drop; returns what stands for it. Another drop of the same name gets a number: `checkpoint (2)`. */
  keep(drop: LocalDrop): string {
    for (let number = 1; ; number++) {
      const name = number === 1 ? drop.name : `${drop.name} (${number})`;
      const text = `local:${name}`;
      const before = this.#drops.get(text);
      if (before && !sameFiles(before, drop)) continue;
      this.#drops.set(text, { ...drop, name });
      return text;
    }
  }

  find(text: string): LocalDrop | undefined {
    return this.#drops.get(text.trim());
  }
}

/** Whether a reference stands for files of this machine. */
export const isLocal = (ref: string): boolean => /^local:/i.test(ref);
