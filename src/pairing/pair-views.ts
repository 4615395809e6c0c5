import type { Place } from "../taxonomy/place.ts";
import { placeTensors } from "../taxonomy/place-tensors.ts";
import type { View } from "../tensors/view.ts";
import type { Views } from "../tensors/views-of.ts";
import type { Pair, Pairing, Unpaired } from "./pair.ts";

const shapeText = (view: View): string => (view.shape.length === 0 ? "a single number" : `[${view.shape.join(", ")}]`);

const sameShape = (a: View, b: View): boolean =>
  a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i]);

const isVocabularyRole = (role: string): boolean => /^(?:embed\.tok|head\.lm)(?:\.bias)?$/.test(role);

/** Why two tensors of one name are not compared element by element. */
function shapeReason(a: View, b: View, role: string): string {
  const shapes = `${shapeText(a)} in A, ${shapeText(b)} in B`;
  const sameRows = a.shape.length === b.shape.length && a.shape.slice(1).every((size, i) => size === b.shape[i + 1]);
  if (sameRows && isVocabularyRole(role))
    return `The vocabulary was resized: ${shapes}. Which rows belong together is not in the file, so it is not compared.`;
  return `The shapes differ: ${shapes}.`;
}

/** One operand, with what pairing looks up in it. */
interface Side {
  letter: "A" | "B";
  operand: Views;
  /** Of `operand.views`, in the same order. */
  places: Place[];
  byName: ReadonlyMap<string, View>;
  left: ReadonlyMap<string, string>;
}

const sideOf = (letter: "A" | "B", operand: Views): Side => ({
  letter,
  operand,
  places: placeTensors(operand.views),
  byName: new Map(operand.views.map((view) => [view.name, view])),
  left: new Map(operand.left.map(({ name, reason }) => [name, reason])),
});

const hasRole = (side: Side, role: string): boolean => side.places.some((place) => place.role === role);

/** Why a view has no partner on the side `other`. */
function partnerReason(name: string, role: string, other: Side): string {
  const left = other.left.get(name);
  if (left !== undefined) return `Its counterpart in ${other.letter} is not compared. ${left}`;
  if (role === "head.lm" && !hasRole(other, "head.lm") && hasRole(other, "embed.tok"))
    return `${other.letter} stores no ${name}: its output head is tied to the token embedding, or left out of the file.`;
  return `${other.letter} has no tensor of this name.`;
}

const leftOut = (side: Side): Unpaired[] =>
  side.operand.left.map(({ name, reason }) => ({ side: side.letter === "A" ? "a" : "b", name, reason }));

/** What is in no pair on one side: in the order of its views, then what was left out before pairing. */
function unpairedOf(own: Side, other: Side, paired: ReadonlySet<string>): Unpaired[] {
  const unpaired: Unpaired[] = [];
  for (const [i, view] of own.operand.views.entries()) {
    if (paired.has(view.name)) continue;
    const role = own.places[i]?.role ?? "other";
    const partner = other.byName.get(view.name);
    const [a, b] = own.letter === "A" ? [view, partner] : [partner, view];
    const reason = a && b ? shapeReason(a, b, role) : partnerReason(view.name, role, other);
    unpaired.push({ side: own.letter === "A" ? "a" : "b", name: view.name, reason });
  }
  return [...unpaired, ...leftOut(own)];
}

/**
 * Pairs the views of A and B by name, in A's order; both must have the same shape, the dtypes may differ. Every tensor
 * that is in no pair is listed once, with its side and a sentence that says why. With `b` null A is looked at alone:
 * each of its views is a pair whose `b` is null and whose `nameB` is empty.
 */
export function pairViews(a: Views, b: Views | null): Pairing {
  const sideA = sideOf("A", a);
  const sideB = b && sideOf("B", b);
  const pairs: Pair[] = [];
  for (const [i, view] of a.views.entries()) {
    const place = sideA.places[i];
    const partner = sideB?.byName.get(view.name);
    if (!place || (sideB && !(partner && sameShape(view, partner)))) continue;
    const { name, count } = view;
    pairs.push({ index: pairs.length, name, nameB: partner?.name ?? "", a: view, b: partner ?? null, place, count });
  }
  if (!sideB) return { pairs, unpaired: leftOut(sideA) };
  const paired = new Set(pairs.map(({ name }) => name));
  return { pairs, unpaired: [...unpairedOf(sideA, sideB, paired), ...unpairedOf(sideB, sideA, paired)] };
}
