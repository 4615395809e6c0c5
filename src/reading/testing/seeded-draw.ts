import { randomFrom } from "../../../e2e/fixtures/random.ts";

/** Draws a whole number from 0 to `below`, which is left out. */
export type Draw = (below: number) => number;

/** For tests: the same seed draws the same numbers everywhere. */
export function seededDraw(seed: number): Draw {
  const random = randomFrom(seed);
  return (below) => Math.floor(random() * below);
}

/** The items in an order drawn at random, in a new array. */
export function shuffled<Item>(items: readonly Item[], draw: Draw): Item[] {
  const left = [...items];
  return items.map(() => left.splice(draw(left.length), 1)[0]);
}
