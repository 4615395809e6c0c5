import { formatPercent } from "../statistics/format-number.ts";
import { MOST } from "../statistics/kinds/format-limited.ts";
import { CLOSE, HARDLY_ALONG } from "../statistics/kinds/noise-like.ts";
import { REPLACED_COSINE } from "../statistics/kinds/replaced.ts";
import { MOSTLY } from "../statistics/kinds/rescale.ts";
import { EVEN_ENERGY } from "../statistics/kinds/sign-like.ts";
import { SPARSE_UNCHANGED } from "../statistics/kinds/sparse.ts";
import { largestStep, latticeOf } from "../statistics/lattice.ts";
import { Arxiv } from "./arxiv.tsx";
import css from "./methods.module.css";

const BF16 = latticeOf("BF16", "BF16");
const LIMIT = BF16 ? `1/${1 / (2 * largestStep(BF16))}` : "";

/** The kinds of change that are named, and where each holds. */
export function MethodsKinds() {
  return (
    <>
      <p>
        Several may hold, and none may. All are told from the numbers above, of one tensor or of one module's experts in
        a layer together; the thresholds are ours, chosen on planted changes, and the confusion table is in
        docs/kinds.md.
      </p>
      <dl className={css.kinds}>
        <dt>Identical</dt>
        <dd>Every value is the same. Files of one hash are not even downloaded, and the page says so.</dd>
        <dt>Replaced</dt>
        <dd>
          |cosine of A and B| below {REPLACED_COSINE}. Independent tensors have 0; a change as large as A and at right
          angles to it still leaves {Math.SQRT1_2.toFixed(2)}.
        </dd>
        <dt>Rescale</dt>
        <dd>
          k·A explains at least {formatPercent(MOSTLY)} of ‖Δ‖²; or the change over |a| has a pair of modes at ±m that
          over a becomes one, at +m or −m. It says that B lies near k·A, not why.
        </dd>
        <dt>Sign-like steps</dt>
        <dd>
          A pair of modes over a as over |a|, and a sign energy of at least {formatPercent(EVEN_ENERGY)} (
          {formatPercent(2 / Math.PI)} for Gaussian changes).
        </dd>
        <dt>Mixture</dt>
        <dd>
          More than one mode over a that none of the above accounts for: groups of weights that moved differently.
        </dd>
        <dt>Sparse update</dt>
        <dd>
          At least {formatPercent(SPARSE_UNCHANGED)} of the weights, zeros not counted, are the same to the last bit.
          Published shares of unchanged BF16 weights are at most 19 % after supervised fine-tuning and at least 36 %
          after reinforcement learning (<Arxiv id="2511.08567" />, table 1).
        </dd>
        <dt>Limited by the format (BF16-limited)</dt>
        <dd>
          More than {formatPercent(MOST)} of the changes are below two of the format's largest steps (BF16: {LIMIT} of
          their weight), read off the octaves of their sizes; where only B was rounded, below half of one. Their shape
          is that of rounding.
        </dd>
        <dt>Noise-like</dt>
        <dd>
          One mode at zero over both denominators, less than {formatPercent(HARDLY_ALONG)} of ‖Δ‖² along A, and the
          shares of weights that grew and that shrank by any size or more within {formatPercent(CLOSE)} of the null
          model's. That the change looks like noise does not say that it does nothing.
        </dd>
        <dt>Clip artefact</dt>
        <dd>
          A hump at ±1 that exists only where larger changes are piled up there. It warns of a way to draw, and nearly
          every tensor has it.
        </dd>
      </dl>
    </>
  );
}
