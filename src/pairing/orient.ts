import { spanLength } from "../bytes/span.ts";
import { partOf } from "../tensors/part-of.ts";
import { pieceLength } from "../tensors/pieces.ts";
import { transposed } from "../tensors/rearranged.ts";
import { type View, WHOLE_BYTES } from "../tensors/view.ts";
import { sameShape } from "./match.ts";

/** Two views of equal shape, or one entry of the first axis of both. */
export interface Oriented {
  a: View;
  b: View;
  /** Which entry, of stacks that are compared one by one. */
  at?: number;
}

/** Whether two shapes are the same but for their last two axes, which are each other's. */
export function isTransposed(a: View, b: View): boolean {
  if (a.shape.length < 2 || a.shape.length !== b.shape.length) return false;
  return sameShape({ ...a, shape: [...a.shape.slice(0, -2), ...a.shape.slice(-2).reverse()] }, b);
}

/**
 * Whether a view can be read beside its partner: one with an order is held in memory whole. It can be read piece by piece
 * instead where the partner is read as it lies.
 */
export function fitsMemory(view: View, partner?: View): boolean {
  if (!view.order || (pieceLength(view) !== null && !partner?.order)) return true;
  return spanLength(view.span) + (partner?.order ? spanLength(partner.span) : 0) <= WHOLE_BYTES;
}

/** Gives the elements of a tensor that does not tell its shape that of its partner. */
function shaped(own: View, partner: View): View {
  if (!own.unshaped || partner.unshaped || own.count !== partner.count) return own;
  const { unshaped, ...rest } = own;
  const { shape } = partner;
  return { ...rest, shape: partner.inputMajor ? [...shape.slice(0, -2), ...shape.slice(-2).reverse()] : shape };
}

/**
 * Two tensors of one name the same way round: as they are, where their shapes agree; one of them transposed, where the shapes
 * or the families say that it is stored the other way. Stacks that are transposed come entry by entry. Empty where it cannot
 * be done.
 */
export function orient(ownA: View, ownB: View): Oriented[] {
  const [a, b] = [shaped(ownA, ownB), shaped(ownB, ownA)];
  const opposed = a.inputMajor !== undefined && b.inputMajor !== undefined && a.inputMajor !== b.inputMajor;
  if (sameShape(a, b) && !opposed) return [{ a, b }];
  if (!isTransposed(a, b)) return [];
  // What is read as it lies comes in a stream; better the one that is decoded.
  const turnA = a.encoding === b.encoding ? a.inputMajor === true : b.encoding !== undefined;
  const turn = (x: View, y: View): Omit<Oriented, "at"> | null => {
    const [turnedA, turnedB] = turnA ? [transposed(x), y] : [x, transposed(y)];
    return turnedA && turnedB && fitsMemory(turnedA, turnedB) && fitsMemory(turnedB, turnedA)
      ? { a: turnedA, b: turnedB }
      : null;
  };
  if (a.shape.length !== 3) return [turn(a, b)].flatMap((found) => found ?? []);
  const entries = Array.from({ length: a.shape[0] ?? 0 }, (_, at) => {
    const found = turn(partOf(a, { at }), partOf(b, { at }));
    return found && { ...found, at };
  });
  return entries.every((found) => found !== null) ? entries.flatMap((found) => found ?? []) : [];
}
