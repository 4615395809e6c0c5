import { countText } from "../components/quantity.ts";
import { bandwidthFor, FEWEST_CHANGED, LIKE_HEIGHT, MIRROR_TOLERANCE } from "../statistics/distribution-shape.ts";
import { LEAST_DEPTH, LEAST_DEVIATIONS, LEAST_HEIGHT } from "../statistics/find-modes.ts";
import { formatPercent } from "../statistics/format-number.ts";
import { largestStep, latticeOf } from "../statistics/lattice.ts";
import { nullShareFrom } from "../statistics/null-model.ts";
import { binCentre, RELATIVE_BINS } from "../statistics/relative-histogram.ts";
import { Arxiv } from "./arxiv.tsx";

const oneOver = (size: number): string => `1/${Math.round(1 / size)}`;
const STEP = binCentre(1) - binCentre(0);
const EDGE = binCentre(RELATIVE_BINS - 1) + STEP / 2;
const BF16 = latticeOf("BF16", "BF16");
const E4M3 = latticeOf("F8_E4M3", "F8_E4M3");

/** The numbers that are read off the histograms. */
export function MethodsDistributions() {
  return (
    <>
      <h3>The relative change, and its two denominators</h3>
      <p>
        t = d / |a| and d / a, for weights with a ≠ 0. <Arxiv id="2505.20993" /> prints the second, and its code
        computes the first. They differ where it matters: a common factor k makes d = (k − 1)·a, which over a is one
        mode at k − 1 and over |a| two, at ±(k − 1), for positive and for negative weights. Steps of one size with signs
        of their own have two modes over both. So what is bimodal over |a| alone is a rescale.
      </p>
      <h3>The histograms</h3>
      <p>
        {RELATIVE_BINS} bins of {oneOver(STEP)} centred at zero, for positive and negative a apart, so that both
        denominators come from one count. A weight is put into its bin by comparing the real numbers |d| and edge · |a|,
        never a rounded quotient. From ±{Math.round(EDGE * 256)}/256 on lies what is “beyond ±1”; it stands in bars of
        its own, is left out, or is piled up in the last bins, and the page says which. Unchanged weights can be taken
        out. A second histogram, four bins an octave, has the sizes of the changes; its quantiles at 16, 50 and 84 % are
        the spread on the log scale.
      </p>
      <h3>The storage format's resolution</h3>
      <p>
        In a format of f fraction bits the next number is between 2^−(f+1) and 2^−f of a number away: in BF16 1/255 to{" "}
        {BF16 && oneOver(largestStep(BF16))}. Between no change and the smallest step lies nothing. That hole is drawn
        as a faint band; it is no finding, and for the shape its bins are raised to the mean of those beside them.
      </p>
      <h3>Modes, and the bandwidth</h3>
      <p>
        The bins within ±1 without the unchanged weights are smoothed by a normal curve with a standard deviation of{" "}
        {oneOver(bandwidthFor(null))}, or of one largest step of the coarser format where that is more (F8_E4M3:{" "}
        {oneOver(bandwidthFor(E4M3))}). A mode is a peak at least {formatPercent(LEAST_HEIGHT)} as high as the highest
        and told from its neighbour by a valley that is at least {formatPercent(LEAST_DEPTH)} of the lower peak deep and
        deeper than counting at random makes it by {LEAST_DEVIATIONS} standard deviations. A peak within two bandwidths
        of ±1 is none: one does not see how it goes on. Two modes are a pair at ±m if they lie so to{" "}
        {formatPercent(MIRROR_TOLERANCE)} or one bandwidth, the lower at least {formatPercent(LIKE_HEIGHT)} as high.
        Below {countText(FEWEST_CHANGED)} changed weights there is no shape.
      </p>
      <h3>Valley depth</h3>
      <p>
        1 − valley / the lower of its two peaks, after smoothing; of several, the deepest. 0 where there is one mode.
      </p>
      <h3>Dip</h3>
      <p>
        Hartigan's dip (J. A. and P. M. Hartigan, The Dip Test of Unimodality, Annals of Statistics 13, 1985): half of
        the least width of a band around the distribution function that holds a unimodal one, each bin read as a flat
        stretch. 0 for one mode, 0.25 at most. It is an effect size. With millions of weights the p-value of any
        departure from one mode is zero, so none is given. On samples it equals R's package diptest.
      </p>
      <h3>The null model</h3>
      <p>
        If d and a are independent Gaussians of mean zero, their ratio is Cauchy-distributed about zero with scale
        ‖Δ‖/‖A‖, over a and over |a| alike: |t| ≥ x has the share (2/pi)·arctan(‖Δ‖/‖A‖/x). It has one mode whatever its
        width, and heavy tails: a change of a tenth of the norm leaves {formatPercent(nullShareFrom(0.1, 1))} of the
        weights beyond ±1. Piled up at the ends, these make humps that are not there.
      </p>
      <h3>The rescale taken out</h3>
      <p>
        “Take the rescale out” reads a module's layers a second time and computes everything for k·A and B in place of A
        and B, k·a rounded once to float32.
      </p>
    </>
  );
}
