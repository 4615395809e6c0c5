/** Which stacks go first; the order within one of these is the checkpoint's own. */
const ORDER: readonly RegExp[] = [
  // What comes last in the data goes last, and a tower stands apart from the model that it serves.
  /(?:^|\.)(?:mm_projector|deepstack_merger_list)$/,
  /(?:^|\.)(?:audio|speech|feature_extractor)\w*(?:\.|$)/,
  /(?:^|\.)(?:vision|visual|vit|vpm|image|sam)\w*(?:\.|$)/,
  /(?:^|\.)mtp(?:\.|$)/,
  /(?:^|\.)decoder(?:\.|$)/,
];

const rank = (stack: string): number => {
  const found = ORDER.findIndex((pattern) => pattern.test(stack));
  // An encoder is before everything; a language model alone has neither word.
  return found >= 0 ? ORDER.length - found : /(?:^|\.)encoder(?:\.|$)/.test(stack) ? -1 : 0;
};

/** Words that say nothing of which of several stacks this is. */
const EMPTY = /^(?:model|transformer|module)$/;

/** The shortest of a stack's words that no other stack has: the first ones, without the word for layers at the end. */
function shortName(stack: string, others: readonly string[]): string {
  const telling = stack.split(".").slice(0, -1);
  const words = telling.filter((word) => !EMPTY.test(word));
  if (words.length === 0) return telling.at(-1) ?? stack;
  for (let length = 1; length < words.length; length++) {
    const name = words.slice(0, length).join(".");
    const beginsSo = (other: string) =>
      `${other
        .split(".")
        .filter((word) => !EMPTY.test(word))
        .join(".")}.`.startsWith(`${name}.`);
    if (!others.some(beginsSo)) return name;
  }
  return words.join(".");
}

/**
 * The stacks of one model in the order in which they are drawn one under the other, each with a short name that tells
 * it from the rest: encoder before decoder, and the towers that see or hear below the model that reads. Names are as in
 * the checkpoint (`decoder`, `vision_tower`), and the whole stack where a short one would be said of two.
 */
export function bandsOf(stacks: readonly string[]): Map<string, string> {
  const ordered = [...stacks].sort((x, y) => rank(x) - rank(y));
  const names = ordered.map((stack) =>
    shortName(
      stack,
      ordered.filter((other) => other !== stack),
    ),
  );
  const isShared = (name: string) => names.filter((other) => other === name).length > 1;
  return new Map(ordered.map((stack, i) => [stack, isShared(names[i] ?? "") ? stack : (names[i] ?? stack)]));
}
