import { expect, test } from "./auscult-test.ts";
import { llamaPair } from "./fixtures/models.ts";
import { baseOf, decodedOf, fp8Model, quantisedSamples } from "./fixtures/quantised.ts";
import type { QuantisedSample } from "./fixtures/quantised-sample.ts";
import { writeSafetensors } from "./fixtures/write-safetensors.ts";
import { comparisonBreaches } from "./float64-oracle.ts";
import type { RepoSpec } from "./server/repo-store.ts";

test("FP8 in blocks against the BF16 it came from: what quantisation changed, to the oracle's last count", async ({
  auscult,
  newHub,
}) => {
  const { base, tuned, config } = llamaPair({ layers: 2, hidden: 136, vocab: 64, seed: 8 });
  const { stored, decoded } = fp8Model(tuned);
  const quantised = JSON.parse(config);
  quantised.quantization_config = { quant_method: "fp8", weight_block_size: [128, 128] };
  const hub = await newHub({
    repos: {
      "org/base": { files: { "model.safetensors": writeSafetensors(base), "config.json": config } },
      "org/fp8": {
        files: { "model.safetensors": writeSafetensors(stored), "config.json": JSON.stringify(quantised) },
      },
    },
  });
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/fp8" });
  await auscult.whenIdle();
  const { pairs, unpaired, engine } = await auscult.comparison();
  expect(unpaired).toEqual([]);
  expect(engine).toBe("wasm");
  // Decoded floats are as good as stored ones: no pair needs the slow engine.
  expect(pairs.filter((pair) => pair.engine !== undefined && pair.engine !== engine)).toEqual([]);
  expect(comparisonBreaches(pairs, base, decoded)).toEqual([]);
  await expect(auscult.exactCells).toHaveCount(14);
});

/** Samples that go into one repo, each in a layer of its own: one configuration speaks for all of a repo. */
function groupsOf(samples: readonly QuantisedSample[]): QuantisedSample[][] {
  const groups = new Map<string, QuantisedSample[]>();
  for (const sample of samples) {
    const key = JSON.stringify(sample.config);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    const inLayer = (name: string) => name.replace(".layers.0.", `.layers.${group.length}.`);
    const tensors = sample.tensors.map((tensor) => ({ ...tensor, name: inLayer(tensor.name) }));
    group.push({ ...sample, name: inLayer(sample.name), tensors });
  }
  return [...groups.values()];
}

test("every scheme against its base, to the oracle's last count", async ({ newHub, auscult }) => {
  const groups = groupsOf(quantisedSamples());
  const repos = groups.flatMap((group, i): [string, RepoSpec][] => [
    [`org/base-${i}`, { files: { "model.safetensors": writeSafetensors(group.map((sample) => baseOf(sample))) } }],
    [
      `org/packed-${i}`,
      {
        files: {
          "model.safetensors": writeSafetensors(group.flatMap(({ tensors }) => tensors)),
          "config.json": JSON.stringify(group[0].config),
        },
      },
    ],
  ]);
  const hub = await newHub({ repos: Object.fromEntries(repos) });
  await auscult.open({ hub: hub.origin });
  for (const [i, group] of groups.entries())
    await test.step(group.map(({ scheme }) => scheme).join("; "), async () => {
      await auscult.typeRefs(`org/base-${i}`, `org/packed-${i}`);
      await auscult.compare();
      await auscult.whenIdle();
      const { a, pairs, unpaired } = await auscult.comparison();
      expect(a.ref).toContain(`org/base-${i}@`);
      // What scales activations is no weight, and is said to be none; all else has been used.
      const scales = group.flatMap(({ tensors }) => tensors).filter(({ name }) => name.endsWith(".input_scale"));
      expect(unpaired.map(({ name }) => name)).toEqual(scales.map(({ name }) => name));
      expect(
        comparisonBreaches(
          pairs,
          group.map((sample) => baseOf(sample)),
          group.map(decodedOf),
        ),
      ).toEqual([]);
    });
});
