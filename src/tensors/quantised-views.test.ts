import { describe, expect, it, test } from "vitest";
import { quantisedSamples } from "../../e2e/fixtures/quantised.ts";
import { randomFrom } from "../../e2e/fixtures/random.ts";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { numbersIn } from "../reading/testing/numbers-in.ts";
import { partOf } from "./part-of.ts";
import { transposed } from "./rearranged.ts";
import { checkpointOf } from "./testing/memory-checkpoint.ts";
import { viewsOf } from "./views-of.ts";

const SAMPLES = quantisedSamples().map((sample) => {
  const files = [writeSafetensors(sample.tensors, { alignHeader: false })];
  return { ...sample, files, operand: viewsOf(checkpointOf(files, sample.config)) };
});

describe.each(SAMPLES)("$scheme", ({ files, operand, name, shape, values, unshaped }) => {
  const [view] = operand.views;

  it("is one view under the name of the unquantised weight", () => {
    const expected = unshaped ? [values.length, 1] : shape;
    expect(operand.views.map((each) => [each.name, each.dtype, each.shape, each.count])).toEqual([
      [name, "F32", expected, values.length],
    ]);
    expect(view.encoding?.name).toMatch(/^\S/);
    for (const { reason } of operand.left) expect(reason).toMatch(/is no weight\.$/);
  });

  it("decodes to its numbers, to the last bit", async () => {
    const decoded = await numbersIn(files, view);
    expect(decoded.findIndex((value, i) => !Object.is(value, values[i]))).toBe(-1);
    expect(decoded.length).toBe(values.length);
  });

  it("decodes any stretch of it", async () => {
    const uniform = randomFrom(3);
    for (let i = 0; i < 20; i++) {
      // Where a stretch begins its bytes begin, too.
      const from = Math.floor((uniform() * values.length) / 8) * 8;
      const count = 1 + Math.floor(uniform() * (values.length - from));
      expect(await numbersIn(files, view, { from, count }), `${count} from ${from}`).toEqual(
        values.slice(from, from + count),
      );
    }
  });

  it("has rows and a transpose", async () => {
    const matrix = unshaped ? { ...view, shape } : view;
    const [length] = shape;
    const width = values.length / length;
    const [begin, end] = [Math.floor(length / 3), length - 1];
    const rows = partOf(matrix, { rows: [begin, end] });
    expect(await numbersIn(files, rows)).toEqual(values.slice(begin * width, end * width));
    const entry = shape.length === 3 ? partOf(matrix, { at: 1 }) : matrix;
    const [own, columns] = [shape.length === 3 ? values.slice(width, 2 * width) : values, shape.at(-1) ?? 1];
    const turned = transposed(entry);
    if (!turned) throw new Error("A matrix has a transpose.");
    const count = own.length / columns;
    expect(turned.shape).toEqual([columns, count]);
    expect(await numbersIn(files, turned)).toEqual(
      own.map((_, i) => own[(i % count) * columns + Math.floor(i / count)]),
    );
    const back = transposed(turned);
    expect(back && (await numbersIn(files, back))).toEqual(own);
  });
});

const bytes = (dtype: string, shape: number[], name: string): FixtureTensor => {
  const width = { I32: 4, U32: 4, F32: 4, F16: 2, I64: 8, I16: 2 }[dtype] ?? 1;
  return { name, dtype, shape, data: new Uint8Array(width * shape.reduce((product, size) => product * size, 1)) };
};
const M = "model.layers.0.mlp.up_proj";

test("scales in another file are found there", async () => {
  const [{ tensors, name, values }] = SAMPLES;
  const files = [writeSafetensors([tensors[1]]), writeSafetensors([tensors[0]])];
  const { views } = viewsOf(checkpointOf(files));
  expect(views.map((view) => [view.name, view.file, view.encoding?.auxiliary[0].file])).toEqual([[name, 0, 1]]);
  expect(await numbersIn(files, views[0])).toEqual(values);
});

test("bytes without a scale beside them are taken as they lie", () => {
  const tensors = [
    bytes("F8_E4M3", [4, 8], `${M}.weight`),
    bytes("U8", [4], "mask"),
    bytes("I32", [2], "model.scales"),
  ];
  const { views, left } = viewsOf(checkpointOf([writeSafetensors(tensors)]));
  expect(views.map(({ dtype, encoding }) => [dtype, encoding])).toEqual([
    ["F8_E4M3", undefined],
    ["U8", undefined],
    ["I32", undefined],
  ]);
  expect(left).toEqual([]);
});

test("a damaged state of a nested weight is named when it is read", async () => {
  const sample = SAMPLES.find(({ scheme }) => scheme === "NF4 with nested scales");
  if (!sample) throw new Error("There is such a sample.");
  for (const text of ["{", "{}"]) {
    const data = new TextEncoder().encode(text);
    const tensors = sample.tensors.map((each) =>
      each.name.includes("quant_state") ? { ...each, shape: [data.length], data } : each,
    );
    const files = [writeSafetensors(tensors)];
    const [view] = viewsOf(checkpointOf(files)).views;
    await expect(numbersIn(files, view)).rejects.toThrow(/^The state of a bitsandbytes weight cannot be read/);
  }
});

test("three scales of a fused matrix are not taken for those of its thirds", () => {
  const tensors = [
    bytes("F8_E4M3", [12, 8], "model.layers.0.self_attn.qkv_proj.weight"),
    bytes("F32", [3], "model.layers.0.self_attn.qkv_proj.weight_scale"),
  ];
  expect(viewsOf(checkpointOf([writeSafetensors(tensors)])).left[0].reason).toMatch(/do not fit its shape/);
});
