import { CONTRACT } from "../comparing/file/comparison-file.ts";

/** Coverage, engines, and what is compared with what. */
export function MethodsExactness() {
  return (
    <>
      <h3>Coverage</h3>
      <p>
        Every weight is read; nothing is sampled. Until all of a tensor has been seen, its cell is hatched and its
        numbers are those of the part that came first. “Exact” is said once the last weight is in. Pairs whose files
        have one hash are known to be identical and are not downloaded. A mean over layers counts the layers that have a
        number.
      </p>
      <h3>Engines</h3>
      <p>
        WebGPU, WebAssembly and a plain reference compute the same record ({CONTRACT}) of each pair. Counts are equal to
        the last one in all of them. Sums are float64 sums of short float32 chains in a fixed order, within 1e−6 of
        themselves (Σad: within 1e−6 of √(Σa²·Σd²)), and a rerun on one engine gives the same bits. Before it serves, an
        engine repeats hard cases for itself; one that miscounts does not serve, and the page says so. docs/methods.md
        says how each of them gets it right, and against what they were held.
      </p>
      <h3>What is not finite, and zeros</h3>
      <p>
        An element that is infinite or no number in A, in B or in their difference is counted and enters nothing else. A
        weight that is zero in A has no relative change: it is in the norms, and in no histogram.
      </p>
      <h3>What is compared with what</h3>
      <p>
        Tensors are paired by name, else by the role that their name says; what finds no partner is listed with the
        reason, in the table and in the report. Weights, biases and norms are never pooled. Quantised tensors are
        decoded to float32 as their scheme says; what cannot be decoded is listed.
      </p>
    </>
  );
}
