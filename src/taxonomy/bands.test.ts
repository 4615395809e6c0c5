import { expect, test } from "vitest";
import { bandsOf } from "./bands.ts";

/** Stacks as a file of sorted names has them, and how they should stand and be called. */
const MODELS: Record<string, [stacks: string[], bands: [stack: string, name: string][]]> = {
  "one stack": [["model.layers"], [["model.layers", "model"]]],
  T5: [
    ["decoder.block", "encoder.block"],
    [
      ["encoder.block", "encoder"],
      ["decoder.block", "decoder"],
    ],
  ],
  "Whisper and BART": [
    ["model.decoder.layers", "model.encoder.layers"],
    [
      ["model.encoder.layers", "encoder"],
      ["model.decoder.layers", "decoder"],
    ],
  ],
  LLaVA: [
    ["vision_tower.vision_model.encoder.layers", "language_model.model.layers"],
    [
      ["language_model.model.layers", "language_model"],
      ["vision_tower.vision_model.encoder.layers", "vision_tower"],
    ],
  ],
  "Qwen3-VL with a layer that predicts ahead": [
    ["model.visual.deepstack_merger_list", "model.visual.blocks", "mtp.layers", "model.language_model.layers"],
    [
      ["model.language_model.layers", "language_model"],
      ["mtp.layers", "mtp"],
      ["model.visual.blocks", "model.visual.blocks"],
      ["model.visual.deepstack_merger_list", "model.visual.deepstack_merger_list"],
    ],
  ],
  "Qwen2-VL": [
    ["visual.blocks", "model.layers"],
    [
      ["model.layers", "model"],
      ["visual.blocks", "visual"],
    ],
  ],
  CLIP: [
    ["vision_model.encoder.layers", "text_model.encoder.layers"],
    [
      ["text_model.encoder.layers", "text_model"],
      ["vision_model.encoder.layers", "vision_model"],
    ],
  ],
  "wav2vec 2.0": [
    ["wav2vec2.feature_extractor.conv_layers", "wav2vec2.encoder.layers"],
    [
      ["wav2vec2.encoder.layers", "wav2vec2.encoder"],
      ["wav2vec2.feature_extractor.conv_layers", "wav2vec2.feature_extractor"],
    ],
  ],
  Flux: [
    ["single_transformer_blocks", "transformer_blocks"],
    [
      ["single_transformer_blocks", "single_transformer_blocks"],
      ["transformer_blocks", "transformer_blocks"],
    ],
  ],
};

test.each(Object.entries(MODELS))("%s", (_, [stacks, bands]) => {
  expect([...bandsOf(stacks)]).toEqual(bands);
});

test("no two stacks have one name", () => {
  const stacks = Object.values(MODELS).flatMap(([all]) => all);
  const several = [...new Set(stacks)];
  expect(new Set(bandsOf(several).values()).size).toBe(several.length);
});
