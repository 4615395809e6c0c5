/** Words in a tensor's name that belong to one kind of adapter (PEFT's prefixes, LyCORIS) and to no model. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/\bhada_[wt]\d/, "LoHa"],
  [/\blokr_[wt]\d/, "LoKr"],
  [/\b(?:ia3_l|on_input$)/, "IA³"],
  [/\bvera_(?:A|B|lambda)/, "VeRA"],
  [/\bboft_/, "BOFT"],
  [/\boft_(?:[rR]\b|blocks|diag)/, "OFT"],
  [/\blora_(?:E|ranknum)\b/, "AdaLoRA"],
  [/\bfourierft_/, "FourierFT"],
  [/\bwaveft_/, "WaveFT"],
  [/\bvblora_/, "VB-LoRA"],
  [/\brandlora_/, "RandLoRA"],
  [/\bunilora_/, "UniLoRA"],
  [/\bhra_u\b/, "HRA"],
  [/\bbone_/, "Bone"],
  [/\bmiss_(?:block|U)\b/, "MiSS"],
  [/\bshira_/, "SHiRA"],
  [/\bc3a_kernel/, "C³A"],
  [/\broad_(?:theta|alpha)/, "RoAd"],
  [/\btrainable_tokens_/, "trainable tokens"],
  [/\bfinegates_/, "FineGates"],
  [/^(?:base_model\.)?prompt_embeddings\b/, "prompt tuning"],
  [/\.diff(?:_b)?$/, "a full difference (LyCORIS)"],
];

/** How PEFT's `peft_type` is written out where the name of the kind is not simply in capitals. */
const BY_TYPE: Readonly<Record<string, string>> = {
  LOHA: "LoHa",
  LOKR: "LoKr",
  IA3: "IA³",
  VERA: "VeRA",
  ADALORA: "AdaLoRA",
  XLORA: "X-LoRA",
  PROMPT_TUNING: "prompt tuning",
  MULTITASK_PROMPT_TUNING: "prompt tuning",
  P_TUNING: "prompt tuning",
  PREFIX_TUNING: "prefix tuning",
};

/** The kind of adapter that a tensor of this name belongs to when it is neither LoRA nor DoRA; undefined where none is known. */
export const kindByName = (name: string): string | undefined => BY_NAME.find(([pattern]) => pattern.test(name))?.[1];

/** The kind that an adapter's configuration names (`peft_type`); undefined for LoRA, and where it names none. */
export function kindByConfig(config: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const type = config?.peft_type;
  if (typeof type !== "string" || type.toUpperCase() === "LORA") return undefined;
  return BY_TYPE[type.toUpperCase()] ?? type;
}
