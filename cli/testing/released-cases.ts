import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { kohyaAdapter, peftAdapter } from "../../e2e/fixtures/adapters.ts";
import { expertsPair } from "../../e2e/fixtures/experts.ts";
import { buildHouse } from "../../e2e/fixtures/house.ts";
import { llamaPair } from "../../e2e/fixtures/models.ts";
import { baseOf, fp8Model, quantisedSamples } from "../../e2e/fixtures/quantised.ts";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import type { HubServerOptions } from "../../e2e/server/hub-server.ts";
import type { Files } from "../../e2e/server/repo-store.ts";

/** What a released page saved, and the words that ask for the same. */
export interface ReleasedCase {
  name: string;
  words: string[];
  repos: HubServerOptions["repos"];
}

const fileOf = (tensors: readonly FixtureTensor[], config?: string): { files: Files } => ({
  files: { "model.safetensors": writeSafetensors(tensors), ...(config ? { "config.json": config } : {}) },
});

/** The models of which the released files were made, as `e2e/fixtures/` makes them. */
export function releasedCases(): ReleasedCase[] {
  const { repos } = buildHouse().options;
  const small = llamaPair({ layers: 2, hidden: 200, vocab: 64, seed: 21 });
  const modules = /\.(?:q|o)_proj\.weight$/;
  const adapters = {
    "org/base": fileOf(small.base, small.config),
    "org/tuned": fileOf(small.tuned, small.config),
    "org/lora": { files: peftAdapter(small.base, { modules }) },
    "org/dora": { files: peftAdapter(small.base, { modules, dora: true, dtype: "BF16" }) },
    "org/kohya": { files: { "kohya.safetensors": kohyaAdapter(small.base, { modules, alpha: 3 }) } },
  };
  const moe = expertsPair({ layers: 3, experts: 24, loudest: { layer: 2, expert: 17, change: 0.2 } });
  const wide = llamaPair({ layers: 2, hidden: 136, vocab: 64, seed: 8 });
  const fp8 = JSON.stringify({
    ...JSON.parse(wide.config),
    quantization_config: { quant_method: "fp8", weight_block_size: [128, 128] },
  });
  const nf4 = quantisedSamples().find(({ scheme }) => scheme === "NF4");
  if (!nf4) throw new RangeError("There is no sample of NF4.");
  return [
    { name: "alone", words: ["org/base"], repos },
    { name: "sharded", words: ["org/base-sharded", "org/tuned-sharded"], repos },
    { name: "renamed", words: ["org/base", "org/part-renamed", "--rename", "layers\\.one\\. => layers.1."], repos },
    { name: "whole-numbers", words: ["org/wide-base", "org/wide-tuned"], repos },
    { name: "not-finite", words: ["org/odd-base", "org/odd-tuned"], repos },
    { name: "adapter-over-base", words: ["org/base", "org/lora"], repos: adapters },
    { name: "adapter-dora", words: ["org/base", "org/dora"], repos: adapters },
    { name: "adapter-beside-tuned", words: ["org/base", "org/tuned", "--adapter", "org/lora"], repos: adapters },
    { name: "adapter-alone", words: ["org/kohya"], repos: adapters },
    {
      name: "experts",
      words: ["org/moe-base", "org/moe-tuned"],
      repos: { "org/moe-base": fileOf(moe.base), "org/moe-tuned": fileOf(moe.tuned) },
    },
    {
      name: "quantised-fp8",
      words: ["org/base", "org/fp8"],
      repos: { "org/base": fileOf(wide.base, wide.config), "org/fp8": fileOf(fp8Model(wide.tuned).stored, fp8) },
    },
    {
      name: "quantised-nf4",
      words: ["org/nf4-base", "org/nf4"],
      repos: {
        "org/nf4-base": fileOf([baseOf(nf4)]),
        "org/nf4": fileOf(nf4.tensors, JSON.stringify(nf4.config)),
      },
    },
  ];
}

/** What the page saved, but for the version that it names. */
export function releasedText(name: string, app: string): string {
  const path = fileURLToPath(new URL(`../../e2e/released/${name}.auscult.json.gz`, import.meta.url));
  return gunzipSync(readFileSync(path)).toString().replace('"app":"auscult 0.1.0"', `"app":"${app}"`);
}
