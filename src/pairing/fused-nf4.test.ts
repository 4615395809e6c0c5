import { describe, expect, it, test } from "vitest";
import { encodeFloats } from "../../e2e/fixtures/encode.ts";
import { quantisedSamples } from "../../e2e/fixtures/quantised.ts";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { numbersIn } from "../reading/testing/numbers-in.ts";
import { checkpointOf } from "../tensors/testing/memory-checkpoint.ts";
import { viewsOf } from "../tensors/views-of.ts";
import { pairViews } from "./pair-views.ts";

/* bitsandbytes stores no shapes: what is fused, and where it is cut, only the other side tells. */

const COLUMNS = 128;
const ROWS = { q: [0, 150], k: [150, 225], v: [225, 300] } as const;
const PARTS = ["q", "k", "v"] as const;
const L = "model.layers.0.self_attn";
const [QKV, NEOX] = [`${L}.qkv_proj.weight`, "gpt_neox.layers.0.attention.query_key_value.weight"];

const plain = (name: string, values: readonly number[]): FixtureTensor => ({
  ...{ name, dtype: "F32", shape: [values.length / COLUMNS, COLUMNS], data: encodeFloats(values, "F32") },
});

const samples = quantisedSamples().filter(({ scheme }) => scheme.startsWith("NF4"));

describe.each(samples)("$scheme", ({ tensors, name, values }) => {
  const named = (as: string) => tensors.map((each) => ({ ...each, name: each.name.replace(name, as) }));
  const partOf = (part: (typeof PARTS)[number]) => values.slice(ROWS[part][0] * COLUMNS, ROWS[part][1] * COLUMNS);

  it("fused is cut where q, k and v of the other side end", async () => {
    const files = {
      packed: [writeSafetensors(named(QKV))],
      split: [writeSafetensors(PARTS.map((part) => plain(`${L}.${part}_proj.weight`, partOf(part))))],
    };
    const [packed, split] = [viewsOf(checkpointOf(files.packed)), viewsOf(checkpointOf(files.split))];
    for (const packedIsA of [true, false]) {
      const { pairs, unpaired } = packedIsA ? pairViews(packed, split) : pairViews(split, packed);
      expect(unpaired).toEqual([]);
      for (const [i, part] of PARTS.entries()) {
        const { a, b } = pairs[i];
        const [own, other] = packedIsA ? [a, b] : [b, a];
        const [begin, end] = ROWS[part];
        expect([own?.name, own?.shape]).toEqual([`${QKV}[${begin}:${end}]`, [end - begin, COLUMNS]]);
        expect(other?.name).toBe(`${L}.${part}_proj.weight`);
        expect(own && (await numbersIn(files.packed, own))).toEqual(partOf(part));
      }
    }
  });

  it("split takes the rows of the other side's fused matrix", async () => {
    const files = {
      packed: [writeSafetensors(PARTS.flatMap((part) => named(`${L}.${part}_proj.weight`)))],
      fused: [writeSafetensors([plain(QKV, [...values, ...values, ...values])])],
    };
    const { pairs, unpaired } = pairViews(viewsOf(checkpointOf(files.fused)), viewsOf(checkpointOf(files.packed)));
    expect(unpaired).toEqual([]);
    expect(pairs.map(({ a, nameB }) => [a.name, nameB])).toEqual(
      PARTS.map((part, i) => [`${QKV}[${300 * i}:${300 * i + 300}]`, `${L}.${part}_proj.weight`]),
    );
    for (const { a, b } of pairs) {
      expect(b?.shape).toEqual([300, COLUMNS]);
      expect(b && (await numbersIn(files.packed, b))).toEqual(await numbersIn(files.fused, a));
    }
  });

  it("in which rows alternate by head is taken apart by its config", async () => {
    // 25 heads, each of 4 rows of q, of k and of v.
    const config = { model_type: "gpt_neox", num_attention_heads: 25, hidden_size: 100 };
    const rows = Array.from({ length: 300 }, (_, row) => values.slice(row * COLUMNS, (row + 1) * COLUMNS));
    const split = PARTS.map((part, i) => {
      const own = rows.filter((_, row) => Math.floor((row % 12) / 4) === i);
      return plain(`gpt_neox.layers.0.attention.${part}_proj.weight`, own.flat());
    });
    const files = { packed: [writeSafetensors(named(NEOX))], split: [writeSafetensors(split)] };
    const [packed, other] = [viewsOf(checkpointOf(files.packed, config)), viewsOf(checkpointOf(files.split))];
    const { pairs, unpaired } = pairViews(packed, other);
    expect(unpaired).toEqual([]);
    expect(pairs).toHaveLength(3);
    for (const { a, b } of pairs)
      expect(b && (await numbersIn(files.packed, a))).toEqual(b && (await numbersIn(files.split, b)));
  });
});

test("rows that do not fill it are not cut out of a matrix without a shape", () => {
  const [{ tensors, name, values }] = samples;
  const packed = tensors.map((each) => ({ ...each, name: each.name.replace(name, QKV) }));
  const split = PARTS.map((part) => plain(`${L}.${part}_proj.weight`, values.slice(0, 99 * COLUMNS)));
  const [a, b] = [packed, split].map((list) => viewsOf(checkpointOf([writeSafetensors(list)])));
  expect(pairViews(a, b).pairs).toEqual([]);
  expect(pairViews(a, b).unpaired.map(({ side }) => side)).toEqual(["a", "b", "b", "b"]);
});
