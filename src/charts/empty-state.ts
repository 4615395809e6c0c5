import { select } from "d3-selection";

/** A calm sentence in the middle of a drawing that has nothing to show. */
export function drawEmptyState(root: SVGSVGElement, width: number, height: number, sentence: string): void {
  select(root)
    .selectAll<SVGTextElement, string>(":scope > text.empty")
    .data([sentence])
    .join("text")
    .attr("class", "empty faint")
    .attr("text-anchor", "middle")
    .attr("x", width / 2)
    .attr("y", height / 2 + 4)
    .text((text) => text);
}

export function clearEmptyState(root: SVGSVGElement): void {
  select(root).selectAll(":scope > text.empty").remove();
}
