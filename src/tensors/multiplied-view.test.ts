import { beforeAll, describe, expect, it, test } from "vitest";
import { quantisedSamples } from "../../e2e/fixtures/quantised.ts";
import { randomFrom } from "../../e2e/fixtures/random.ts";
import { writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { numbersIn } from "../reading/testing/numbers-in.ts";
import { DTYPE_BITS } from "../safetensors/dtype.ts";
import { multipliedView } from "./multiplied-view.ts";
import { transposed } from "./rearranged.ts";
import { checkpointOf } from "./testing/memory-checkpoint.ts";
import { viewsOf } from "./views-of.ts";

const K = 0.6337;
/** F64 is rounded before it is multiplied, as decoding gives float32; of the others nothing is lost. */
const product = (value: number): number => Math.fround(Math.fround(value) * K);

describe.each(["BF16", "F16", "F32", "F64", "F8_E4M3", "F8_E5M2", "I8"] as const)("k times %s", (dtype) => {
  const shape = [6, 40];
  const uniform = randomFrom(DTYPE_BITS[dtype]);
  // Bits of numbers that all of these have: 0 … 63 in the upper byte is no special of any.
  const data = Uint8Array.from({ length: (240 * DTYPE_BITS[dtype]) / 8 }, () => Math.floor(uniform() * 63));
  const files = [writeSafetensors([{ name: "w", dtype, shape, data }], { alignHeader: false })];
  const [view] = viewsOf(checkpointOf(files)).views;
  let stored: number[] = [];
  beforeAll(async () => {
    stored = await numbersIn(files, view);
  });

  it("is each element's product, rounded once", async () => {
    const multiplied = multipliedView(view, K);
    expect(multiplied).toMatchObject({ dtype: "F32", shape, count: 240, span: view.span });
    expect(await numbersIn(files, multiplied)).toEqual(stored.map(product));
  });

  it("reads any stretch", async () => {
    expect(await numbersIn(files, multipliedView(view, K), { from: 56, count: 33 })).toEqual(
      stored.slice(56, 89).map(product),
    );
  });

  it("keeps another order", async () => {
    const turned = transposed(view);
    if (!turned) throw new Error("A matrix can be turned.");
    expect(await numbersIn(files, multipliedView(turned, K))).toEqual((await numbersIn(files, turned)).map(product));
  });
});

test.each(quantisedSamples().map((sample) => [sample.scheme, sample] as const))("k times %s", async (_, sample) => {
  const files = [writeSafetensors(sample.tensors, { alignHeader: false })];
  const [view] = viewsOf(checkpointOf(files, sample.config)).views;
  const multiplied = multipliedView(view, K);
  expect(multiplied.encoding?.name).toBe(`k · ${view.encoding?.name}`);
  expect(await numbersIn(files, multiplied)).toEqual(sample.values.map(product));
});

it("does not multiply what an adapter computes", () => {
  const files = [writeSafetensors([{ name: "w", dtype: "F32", shape: [1], data: new Uint8Array(4) }])];
  const [view] = viewsOf(checkpointOf(files)).views;
  const update = {} as NonNullable<typeof view.update>;
  expect(() => multipliedView({ ...view, update }, K)).toThrow(RangeError);
});
