import { binCentre } from "../statistics/relative-histogram.ts";
import { Arxiv } from "./arxiv.tsx";
import css from "./methods.module.css";

const STEP = `1/${Math.round(1 / (binCentre(1) - binCentre(0)))}`;

const CODE = "https://github.com/Jie-Shao-NJU/SfN/tree/f6641ee7fb5a3373e62e2ac6050b2c4c04f58d1d/compare/code";

const ROWS: readonly [what: string, printed: string, code: string, here: string][] = [
  ["distance", "ℓ2 norm of w(B) − w(A)", "Frobenius norm, not relative, not divided by the count", "the same (‖Δ‖)"],
  [
    "biases",
    "not said",
    "‖ΔW‖ + ‖Δb‖, a sum of norms: q, k and v of Qwen2.5 have a bias, o_proj has none",
    "apart; added only in Figure 2 “with biases”",
  ],
  ["number format", "not said", "both loaded as float16, then float32: BF16 below 2^−17 loses digits", "as stored"],
  ["colours of Figure 2", "one scale", "YlGnBu from 0 to the maximum of all pairs drawn", "the same for one pair"],
  ["relative change", "(b − a) / a", "(b − a) / (|a| + 1e−8)", "d / a and d / |a|, nothing added; a = 0 left out"],
  [
    "ends of Figure 3",
    "clipped to ±1",
    "clamped, then all with |r| ≥ 0.99 dropped",
    "in bars, dropped or piled up; Figure 3: dropped from ±253/256 on",
  ],
  ["bins", "not said", "200 of 0.01", `of ${STEP}, centred at zero`],
  ["layers of Figure 3", "every 5th", "those divisible by 5", "the same"],
  ["heights of Figure 3", "frequency", "each layer divided by its own maximum", "the same"],
];

/** Where the paper, its code and this page differ. */
export function MethodsPaper() {
  return (
    <>
      <p>
        Shao and Wu, Who Reasons in the Large Language Models? (<Arxiv id="2505.20993" />, NeurIPS 2025), report that
        o_proj moves most in DeepSeek's R1 distillates, and that its relative change alone is bimodal. What is drawn
        follows from choices that text and{" "}
        <a href={CODE} target="_blank" rel="noreferrer">
          code
        </a>{" "}
        (commit f6641ee) do not make alike. Which script made the printed Figure 3 is inferred: one of them alone draws
        every 5th layer in three dimensions.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached from the keyboard */}
      <section className={css.table} tabIndex={0} aria-label="The paper, its code and this page">
        <table>
          <thead>
            <tr>
              <th scope="col">what</th>
              <th scope="col">as printed</th>
              <th scope="col">the code</th>
              <th scope="col">here</th>
            </tr>
          </thead>
          <tbody>
            {ROWS.map(([what, printed, code, here]) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                <td>{printed}</td>
                <td>{code}</td>
                <td>{here}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p>
        A rescale seen over |a| has two modes and over a one. Whether that is why o_proj looks bimodal in those models,
        the page shows for each of them: k and its share stand beside both denominators.
      </p>
    </>
  );
}
