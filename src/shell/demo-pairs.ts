/** Two models that came with the page, and what their comparison shows. How they were made: `demo/README.md`. */
export interface DemoPair {
  a: `demo:${string}`;
  b: `demo:${string}`;
  /** On the button. */
  title: string;
  /** What was done to the weights: no more than the script did. */
  why: string;
}

/** The demo of a first visit, on the large button. */
export const FIRST_DEMO: DemoPair = {
  a: "demo:base",
  b: "demo:tuned",
  title: "Look at the demo",
  why: "A small model that was taught arithmetic. It came with this page, so it needs no network.",
};

/** The same model and the same lessons, but with something done to the weights that the page ought to find. */
export const PLANTED_DEMOS: readonly DemoPair[] = [
  {
    a: "demo:base",
    b: "demo:rescaled",
    title: "The demo with o_proj rescaled",
    why: "Every o_proj was multiplied by 0.63, then the model was taught. The rescale makes the two humps, not the lessons.",
  },
  {
    a: "demo:base",
    b: "demo:sparse",
    title: "The demo with few weights trained",
    why: "Only a tenth of the weights, picked by chance, could move. The others are the same to the last bit.",
  },
];
