import type { Pairing, Unpaired } from "./pair.ts";

/** Two operands of which no tensor can be compared with its counterpart. `message` is meant for the person. */
export class NothingInCommon extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "NothingInCommon";
  }
}

/** A name that shows how a side writes its tensors: one inside a layer rather than an embedding. */
const exampleOf = (unpaired: readonly Unpaired[]): string | undefined =>
  (unpaired.find(({ name }) => /\.\d+\./.test(name)) ?? unpaired[0])?.name;

function sentence(unpaired: readonly Unpaired[], nameA: string, nameB: string): string {
  const ofA = unpaired.filter(({ side }) => side === "a");
  const ofB = unpaired.filter(({ side }) => side === "b");
  const namesOfB = new Set(ofB.map(({ name }) => name));
  const shared = ofA.find(({ name }) => namesOfB.has(name));
  if (shared)
    return `No tensor of ${nameA} can be compared with its counterpart in ${nameB}, for example ${shared.name}: ${shared.reason} Choose checkpoints of the same architecture and size, in a number type such as BF16.`;
  const exampleA = exampleOf(ofA);
  const exampleB = exampleOf(ofB);
  if (exampleA === undefined || exampleB === undefined)
    return `${exampleA === undefined ? nameA : nameB} has no tensors, so there is nothing to compare.`;
  return `${nameA} and ${nameB} have no tensor name in common: A has ${exampleA}, B has ${exampleB}. Choose two models of the same architecture.`;
}

/** Throws NothingInCommon where `pairing`, of two operands, has no pair. The names are what the operands are called on screen. */
export function requireCommon(pairing: Pairing, nameA: string, nameB: string): void {
  if (pairing.pairs.length === 0) throw new NothingInCommon(sentence(pairing.unpaired, nameA, nameB));
}
