import type { View } from "../tensors/view.ts";
import type { Views } from "../tensors/views-of.ts";
import type { Placed } from "./match.ts";
import { isInterleaved } from "./match-fused.ts";
import { isTransposed } from "./orient.ts";
import type { Unpaired } from "./pair.ts";

const shapeText = (view: View): string => (view.shape.length === 0 ? "a single number" : `[${view.shape.join(", ")}]`);

/** One side as its reasons need it. */
interface Side {
  letter: "A" | "B";
  views: ReadonlyMap<string, View>;
  left: ReadonlyMap<string, string>;
  roles: ReadonlySet<string>;
}

/** Why a view has no partner on the side `other`. */
function reasonFor({ view, place }: Placed, own: Side, other: Side): string {
  const { name } = view;
  const partner = other.views.get(name);
  if (partner) {
    const [a, b] = own.letter === "A" ? [view, partner] : [partner, view];
    if (isTransposed(a, b))
      return `One is stored the other way round, ${shapeText(a)} in A and ${shapeText(b)} in B, and too large to be turned in memory.`;
    return `The shapes differ: ${shapeText(a)} in A, ${shapeText(b)} in B.`;
  }
  const left = other.left.get(name);
  if (left !== undefined) return `Its counterpart in ${other.letter} is not compared. ${left}`;
  if (place.role === "head.lm" && !other.roles.has("head.lm") && other.roles.has("embed.tok"))
    return `${other.letter} stores no ${name}: its output head is tied to the token embedding, or left out of the file.`;
  if (place.role === "attn.qkv" && isInterleaved(name) && other.roles.has("attn.q"))
    return `${other.letter} keeps q, k and v apart, and in ${name} their rows alternate by head. How, config.json would have to say; it is missing there, or does not, or they are too large to be taken apart.`;
  return `${other.letter} has no tensor of this name.`;
}

/** What is in no pair: of A, then of B, each in the order of its views, then what was left out before pairing. */
export function unpairedOf(
  operands: { a: Views; b: Views },
  placed: { a: readonly Placed[]; b: readonly Placed[] },
  taken: { a: ReadonlySet<string>; b: ReadonlySet<string> },
): Unpaired[] {
  const sideOf = (side: "a" | "b"): Side => ({
    letter: side === "a" ? "A" : "B",
    views: new Map(operands[side].views.map((view) => [view.name, view])),
    left: new Map(operands[side].left.map(({ name, reason }) => [name, reason])),
    roles: new Set(placed[side].map(({ place }) => place.role)),
  });
  const sides = { a: sideOf("a"), b: sideOf("b") };
  return (["a", "b"] as const).flatMap((side) => {
    const [own, other] = side === "a" ? [sides.a, sides.b] : [sides.b, sides.a];
    const views = placed[side].filter(({ view }) => !taken[side].has(view.name));
    return [
      ...views.map((each): Unpaired => ({ side, name: each.view.name, reason: reasonFor(each, own, other) })),
      ...operands[side].left.map(({ name, reason }): Unpaired => ({ side, name, reason })),
    ];
  });
}
