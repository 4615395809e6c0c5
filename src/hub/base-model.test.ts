import { expect, test } from "vitest";
import { baseModelOf } from "./base-model.ts";

test.each<[unknown, string | undefined]>([
  [{ cardData: { base_model: "org/base" } }, "org/base"],
  [{ cardData: { base_model: ["org/base"] } }, "org/base"],
  [{ cardData: { base_model: "gpt2" } }, "gpt2"],
  [{ cardData: { base_model: ["org/one", "org/two"] } }, undefined],
  [{ cardData: { base_model: [] } }, undefined],
  [{ cardData: { base_model: "https://huggingface.co/org/base" } }, undefined],
  [{ cardData: { base_model: "../../etc" } }, undefined],
  [{ cardData: { base_model: 7 } }, undefined],
  [{ cardData: null }, undefined],
  [{}, undefined],
  [null, undefined],
  ["text", undefined],
])("%j names %j", (info, base) => {
  expect(baseModelOf(info)).toBe(base);
});
