/** What `config.json` says about how the weights are quantised; everything is missing where it says nothing. */
export interface Quantisation {
  /** `quant_method`, in lower case. */
  method: string | undefined;
  /** Rows and columns that share a scale. */
  block: readonly [number, number] | undefined;
  /** Bits of a weight, where all have the same. */
  bits: number | undefined;
  /** Elements of a row that share a scale. */
  group: number | undefined;
  /** GPTQ quantised its inputs by activation order. */
  ordered: boolean | undefined;
  /** The variant of the format: "gptq_v2", "marlin", "gemm". */
  variant: string | undefined;
  /** Bits and group of a module, by its name, as mlx writes them, and its mode, "affine" where it names none. */
  packing(module: string): { bits: number; group: number; mode?: string } | undefined;
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const asText = (value: unknown): string | undefined => (typeof value === "string" ? value.toLowerCase() : undefined);
const asCount = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isInteger(value) && value > 0 ? value : undefined;

/** Reads `quantization_config` (of the model, or of its language part) and mlx's `quantization`. */
export function readQuantisation(config: Record<string, unknown> | undefined): Quantisation {
  const own = asRecord(config);
  const inner = asRecord(own.text_config);
  const facts = asRecord(own.quantization_config ?? inner.quantization_config ?? own.compression_config);
  const mlx = asRecord(own.quantization);
  // compressed-tensors: one entry for each kind of module.
  const groups = Object.values(asRecord(facts.config_groups)).map((each) => asRecord(asRecord(each).weights).num_bits);
  const [rows, columns] = Array.isArray(facts.weight_block_size) ? facts.weight_block_size.map(asCount) : [];
  return {
    method: asText(facts.quant_method),
    block: rows !== undefined && columns !== undefined ? [rows, columns] : undefined,
    bits: asCount(facts.bits) ?? (groups.every((each) => each === groups[0]) ? asCount(groups[0]) : undefined),
    group: asCount(facts.group_size),
    ordered: typeof facts.desc_act === "boolean" ? facts.desc_act : undefined,
    variant: asText(facts.checkpoint_format) ?? asText(facts.version),
    packing: (module) => {
      const special = asRecord(mlx[module]);
      const bits = asCount(special.bits ?? mlx.bits);
      const group = asCount(special.group_size ?? mlx.group_size);
      const mode = asText(special.mode ?? mlx.mode);
      return bits === undefined || group === undefined ? undefined : { bits, group, ...(mode ? { mode } : {}) };
    },
  };
}
