/** What says how far an adapter's update is scaled: PEFT's and mlx-lm's configuration. */
export const ADAPTER_CONFIG = "adapter_config.json";

/** What PEFT, mlx-lm and diffusers call an adapter's weights; other files beside them are copies, or steps on the way. */
export const ADAPTER_WEIGHTS: readonly string[] = [
  "adapter_model.safetensors",
  "adapters.safetensors",
  "pytorch_lora_weights.safetensors",
];

/** Whether a file may be an adapter's by its name, so that its configuration is looked for where there is no listing. */
export const isNamedAdapter = (path: string): boolean =>
  /\.safetensors$/i.test(path) && /adapter|lora/i.test(path.replace(/^.*\//, ""));

/** Whether weights may be an adapter's when an `adapter_config.json` lies beside them: not those that are named as a model's. */
export const mayBeAdapter = (path: string): boolean =>
  !/(?:^|\/)model(?:-\d+-of-\d+)?\.safetensors$|\.json$/i.test(path);
