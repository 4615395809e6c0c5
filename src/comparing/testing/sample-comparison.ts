import { createReferenceEngine } from "../../kernels/reference/reference-engine.ts";
import type { Pair, Unpaired } from "../../pairing/pair.ts";
import { placeTensors } from "../../taxonomy/place-tensors.ts";
import type { Comparison } from "../comparison.ts";
import type { OperandRecord } from "../operand-record.ts";
import type { PairOutcome } from "../outcome.ts";

/** For tests: pairs of F32 tensors of the given names and shapes, one after the other in one file a side. */
export function pairsOf(
  tensors: readonly (readonly [name: string, shape: readonly number[]])[],
  alone = false,
): Pair[] {
  const places = placeTensors(tensors.map(([name, shape]) => ({ name, shape: [...shape] })));
  let begin = 0;
  return tensors.map(([name, shape], index) => {
    const count = shape.reduce((product, n) => product * n, 1);
    const span = { begin, end: begin + 4 * count };
    begin = span.end;
    const view = { name, dtype: "F32", shape, count, file: 0, span } as const;
    return {
      index,
      name,
      nameB: alone ? "" : name,
      a: view,
      b: alone ? null : view,
      adapter: null,
      place: places[index],
      count,
    };
  });
}

const operand = (ref: string, revision: string | null): OperandRecord => ({
  ref,
  label: ref.replace(/@.*/, ""),
  revision,
  files: [{ path: "model.safetensors", size: 1000, hash: "abc" }],
  notes: [],
});

export function comparisonOf(pairs: Pair[], unpaired: Unpaired[] = []): Comparison {
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const b = pairs.every((pair) => pair.b === null) ? null : operand("https://files.test/tuned/", null);
  return { id: 7, a: operand(`org/base@${commit}`, commit), b, adapter: null, pairs, unpaired, rename: "" };
}

/** The reference engine's numbers of a few values. */
export function outcomeOf(a: number[], b: number[], coverage = 1): PairOutcome {
  const bytes = (values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
  const stretch = { dtypeA: "F32", a: bytes(a), dtypeB: "F32", b: bytes(b), count: a.length } as const;
  return { stats: createReferenceEngine().pairStats(stretch), coverage, engine: "reference" };
}
