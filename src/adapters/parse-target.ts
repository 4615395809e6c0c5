import type { Target } from "../tensors/low-rank-update.ts";

/** The word for the part of a pipeline that kohya's scripts and LyCORIS put in front. */
const FLAT_PREFIX = /^(?:lora|lycoris)_(?:(?:unet|te\d?|text_encoder(?:_\d)?|transformer|prior(?:_te|_unet)?)_)?/;

/** What PEFT puts around a name: the classes that hold the model, and the layer inside a layer of its own. */
export const withoutPeft = (name: string): string =>
  name
    .replace(/^(?:base_model\.model\.)+/, "")
    .replace(/\.(?:base_layer|modules_to_save(?:\.(?!(?:weight|bias)$)[^.]+)?)(?=\.|$)/g, "");

/** Where the weight of an adapter's `module` may be found in the base. */
export function targetOf(module: string): Target {
  if (/:\d+$/.test(module)) return { kind: "numbered" };
  if (!module.includes(".") && FLAT_PREFIX.test(module)) return { kind: "flat", path: module.replace(FLAT_PREFIX, "") };
  // The first releases of diffusers hung the update on the attention's processor, and numbered no output.
  const path = withoutPeft(module).replace(/\.processor\.(?=to_)/, ".");
  const names = [`${path}.weight`];
  if (/\.to_out$/.test(path)) names.push(`${path}.0.weight`);
  return { kind: "named", names };
}
