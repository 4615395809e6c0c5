import { expect, test } from "./auscult-test.ts";
import { llamaPair } from "./fixtures/models.ts";
import { baseOf, decodedOf, fp8Model, quantisedSamples } from "./fixtures/quantised.ts";
import { writeSafetensors } from "./fixtures/write-safetensors.ts";
import { comparisonBreaches } from "./float64-oracle.ts";

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

for (const sample of quantisedSamples())
  test(`${sample.scheme} against its base, to the oracle's last count`, async ({ newHub, auscult }) => {
    const packed = writeSafetensors(sample.tensors);
    const hub = await newHub({
      repos: {
        "org/base": { files: { "model.safetensors": writeSafetensors([baseOf(sample)]) } },
        "org/packed": { files: { "model.safetensors": packed, "config.json": JSON.stringify(sample.config) } },
      },
    });
    await auscult.open({ hub: hub.origin, a: "org/base", b: "org/packed" });
    await auscult.whenIdle();
    const { pairs, unpaired } = await auscult.comparison();
    // What scales activations is no weight, and is said to be none; all else has been used.
    const scales = sample.tensors.filter(({ name }) => name.endsWith(".input_scale"));
    expect(unpaired.map(({ name }) => name)).toEqual(scales.map(({ name }) => name));
    expect(comparisonBreaches(pairs, [baseOf(sample)], [decodedOf(sample)])).toEqual([]);
  });
