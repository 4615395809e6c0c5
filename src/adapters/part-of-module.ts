/** What a tensor of an adapter is to its module. */
export type PartKind = "a" | "b" | "alpha" | "magnitude" | "mid" | "bias";

/** Whose manner of writing it is: PEFT's (`lora_A`), kohya's (`lora_down`), mlx's (`lora_a`) or cloneofsimo's (`unet:0:down`). */
export type Spelling = "peft" | "kohya" | "mlx" | "numbered";

export interface PartOfModule {
  /** The name without what is said by the rest; where PEFT's own prefix stood, it still stands. */
  module: string;
  part: PartKind;
  /** Undefined for words that several share (`alpha`). */
  spelling?: Spelling;
  embedding?: boolean;
}

type Reading = (match: RegExpExecArray) => Omit<PartOfModule, "module">;

/** A file saved without PEFT's help still says which of several adapters it is (`lora_A.default.weight`). */
const ADAPTER_NAME = String.raw`(?:\.(?!weight$|bias$)[^.]+)?`;

const PATTERNS: readonly (readonly [RegExp, Reading])[] = [
  [
    new RegExp(String.raw`^(.+)\.lora_embedding_([AB])${ADAPTER_NAME}$`),
    ([, , side]) => ({ part: sideOf(side), spelling: "peft", embedding: true }),
  ],
  [
    new RegExp(String.raw`^(.+)\.lora_([AB])${ADAPTER_NAME}(?:\.weight)?$`),
    ([, , side]) => ({ part: sideOf(side), spelling: "peft" }),
  ],
  [new RegExp(String.raw`^(.+)\.lora_[AB]${ADAPTER_NAME}\.bias$`), () => ({ part: "bias", spelling: "peft" })],
  [
    new RegExp(String.raw`^(.+)\.lora_magnitude_vector${ADAPTER_NAME}(?:\.weight)?$`),
    () => ({ part: "magnitude", spelling: "peft" }),
  ],
  [
    /^(.+?)(?:\.lora_|[._]lora\.|\.lora_linear_layer\.)(down|up)\.weight$/,
    ([, , side]) => ({ part: sideOf(side), spelling: "kohya" }),
  ],
  [/^(.+)\.lora_mid\.weight$/, () => ({ part: "mid", spelling: "kohya" })],
  [/^(.+)\.dora_scale$/, () => ({ part: "magnitude", spelling: "kohya" })],
  [/^(.+)\.alpha$/, () => ({ part: "alpha" })],
  [/^(.+)\.lora_([ab])$/, ([, , side]) => ({ part: sideOf(side), spelling: "mlx" })],
  [/^(.+:\d+):(down|up)$/, ([, , side]) => ({ part: sideOf(side), spelling: "numbered" })],
];

const sideOf = (word: string): PartKind => (/^(?:a|down)$/i.test(word) ? "a" : "b");

/** Reads a tensor's name as part of a low-rank update, or returns undefined where it is none. */
export function partOfModule(name: string): PartOfModule | undefined {
  for (const [pattern, read] of PATTERNS) {
    const match = pattern.exec(name);
    if (match) return { module: match[1], ...read(match) };
  }
  return undefined;
}
