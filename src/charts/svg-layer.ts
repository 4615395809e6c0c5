import { type Selection, select } from "d3-selection";

export type Layer = Selection<SVGGElement, unknown, null, undefined>;

/**
 * The group of that name directly under `root`, made at its end when missing; draw layers in the order they shall lie.
 * `decorative` hides it from screen readers: what it shows is said elsewhere.
 */
export function layer(root: SVGElement, name: string, decorative = false): Layer {
  const found = select(root).select<SVGGElement>(`:scope > g.${name}`);
  const group = found.empty() ? select(root).append("g").attr("class", name) : found;
  if (decorative) group.attr("aria-hidden", "true");
  return group as Layer;
}
