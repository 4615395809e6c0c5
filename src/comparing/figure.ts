/**
 * Whose pictures: this page's, or in place of one of them a figure of arXiv 2505.20993. `2`: the heatmap is its Figure 2;
 * `2b`: with the norms of biases added, as the paper's code has it; `3`: the distributions are its Figure 3. They stand in links.
 */
export const FIGURES = ["ours", "2", "2b", "3"] as const;
export type Figure = (typeof FIGURES)[number];

/** Whether the heatmap is the paper's. */
export const isFigure2 = (figure: Figure): figure is "2" | "2b" => figure === "2" || figure === "2b";
