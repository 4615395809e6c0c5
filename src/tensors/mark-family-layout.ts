import type { View } from "./view.ts";

/** GPT-2's linear maps, which its own code stores as [inputs, outputs] and some others as nn.Linear has them. */
const CONV1D = /(?:^|\.)h\.\d+\.(?:attn\.(?:c_attn|c_proj)|mlp\.(?:c_fc|c_proj))\.weight$/;
const CONV1D_QKV = /(?:^|\.)h\.\d+\.attn\.c_attn\.weight$/;
/** Llama 4 multiplies inputs by its stacks of experts, [experts, inputs, outputs]. */
const LLAMA4_EXPERTS = /\.feed_forward\.experts\.(?:gate_up_proj|down_proj)$/;
/** gpt-oss does, too, and alone has biases beside them; gate and up alternate in its outputs. */
const STACKED_EXPERTS = /\.mlp\.experts\.(?:gate_up_proj|down_proj)$/;

/** GPT-2's fused q, k and v are never square: they tell which way round a checkpoint has all of its maps. */
function conv1dIsInputMajor(views: readonly View[]): boolean | undefined {
  const [rows = 0, columns = 0] = views.find(({ name }) => CONV1D_QKV.test(name))?.shape ?? [];
  if (columns === 3 * rows && rows > 0) return true;
  return rows === 3 * columns && columns > 0 ? false : undefined;
}

/** Notes on each view what its family says about its axes and no shape tells. */
export function markFamilyLayout(views: readonly View[]): void {
  const names = new Set(views.map(({ name }) => name));
  const conv1d = conv1dIsInputMajor(views);
  for (const view of views) {
    const { name, shape } = view;
    const gptOss = STACKED_EXPERTS.test(name) && names.has(`${name}_bias`);
    // The blocks of MXFP4 lie along the inputs.
    if (view.encoding?.scheme === "microscaled") view.inputMajor = false;
    else if (CONV1D.test(name) && conv1d !== undefined) view.inputMajor = conv1d;
    else if (shape.length === 3 && (gptOss || LLAMA4_EXPERTS.test(name))) view.inputMajor = true;
    const stack = name.replace(/_bias$/, "");
    if (stack.endsWith("gate_up_proj") && STACKED_EXPERTS.test(stack) && names.has(`${stack}_bias`))
      view.alternating = true;
  }
}
