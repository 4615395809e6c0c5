import { formatPercent } from "../statistics/format-number.ts";
import { FEW_ELEMENTS } from "../statistics/kinds/evidence.ts";
import { rescaleRoots } from "../statistics/rescale-roots.ts";
import { Arxiv } from "./arxiv.tsx";

/** Published figures of one o_proj, and the two factors they leave open. */
const PUBLISHED = { relativeNorm: 0.374, cosine: 0.9956 };
const FACTORS = rescaleRoots(PUBLISHED.relativeNorm, PUBLISHED.cosine).map(({ k }) => k.toFixed(2));

/** The numbers that follow from the sums alone. */
export function MethodsSizes() {
  return (
    <>
      <h3>‖Δ‖</h3>
      <p>
        √Σd², the quantity of Figures 2 and 7 of <Arxiv id="2505.20993" />. It grows with the size of a tensor and with
        the size of its weights, so it compares one module over the layers better than two modules. Biases are never
        added to it, except where Figure 2 is asked for as the paper's code draws it.
      </p>
      <h3>‖Δ‖ / ‖A‖, the relative norm</h3>
      <p>
        √(Σd² / Σa²): how far the weights moved as a fraction of their own norm. The mean over a module's layers gives
        each layer the same weight. <b>O/Q</b> is that mean of the attention output over that of the query projection,
        weights without biases (Yudin, The Weight-Space O/Q Ratio, 2026; modeldelta on GitHub). Counting biases in
        roughly doubles it for Qwen models.
      </p>
      <h3>k, the rescale</h3>
      <p>
        The multiple of A nearest to B: Σ(b − k·a)² is least at k = Σab / Σa² = 1 + Σad / Σa². Above 1 the weights grew
        along themselves, below they shrank. The heatmap draws k − 1.
      </p>
      <h3>The share along A, and the residual</h3>
      <p>
        Δ has a part along A, (k − 1)·A, and a part at right angles to it. By Pythagoras they share ‖Δ‖² between them:
        the share along A is (Σad)² / (Σa²·Σd²), the squared cosine of A and Δ, and what is left is the residual ‖B −
        k·A‖ / ‖A‖ = √(Σd² / Σa² − (k − 1)²). The share says what a rescale explains of the change, not that a rescale
        was done. Below {FEW_ELEMENTS} elements neither says much: of a single element a rescale explains everything.
      </p>
      <p>
        A relative norm and a cosine alone leave the direction open. A report of ‖Δ‖/‖A‖ = {PUBLISHED.relativeNorm} at a
        cosine of {PUBLISHED.cosine}, as published for the o_proj of an R1 distillate of 1.5 billion weights
        (modeldelta), fits k = {FACTORS.join(" and k = ")} alike. Here k comes from the weights themselves.
      </p>
      <h3>The cosine of A and B</h3>
      <p>Σab / √(Σa²·Σb²), computed from the two quotients Σad/Σa² and Σd²/Σa², so that it keeps its digits near 1.</p>
      <h3>The share changed</h3>
      <p>
        Weights whose value is not the same in A and B, bit for bit but for the sign of zero, over all finite ones.
        Others count differently: a change counts from 1e−5 on in <Arxiv id="2505.11711" />, which takes many BF16
        changes for none, and from a thousandth of the weight on in <Arxiv id="2511.08567" />, which for BF16 is the
        same as ours. “|Δ| &gt; 1e−6” and “|Δ| &gt; 1e−5” are counted beside it.
      </p>
      <h3>Sign energy</h3>
      <p>
        (mean |d|)² / mean d²: what is kept of ‖Δ‖² if every change is replaced by its sign times one size for all, the
        best of which is mean |d| (BitDelta, <Arxiv id="2402.10193" />
        ). {formatPercent(1)} where all changes have one size, {formatPercent(2 / Math.PI)} where they are Gaussian,
        less where they are sparse.
      </p>
      <h3>Rows and columns</h3>
      <p>
        The norm of one row of Δ, or of one column, over its finite elements; their squares add up to ‖Δ‖² along either
        way. If Δ were independent Gaussian noise of one size s, a row of n elements would have a norm of about s·√n
        with a standard deviation of s/√2. The band is three such deviations to either side, ±3/√(2n) of the root mean
        square of the norms: noise leaves 0.27 % of them outside.
      </p>
      <h3>An adapter</h3>
      <p>
        With a LoRA adapter in B, b is a plus the adapter's s·BA, rounded to float32 once; then all is as above. Beside
        a tuned B, the cosine of s·BA and Δ over all weights that the adapter touches says how much of their direction
        they have in common.
      </p>
    </>
  );
}
