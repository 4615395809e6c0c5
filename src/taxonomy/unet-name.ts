/** Where a name stands in a U-Net or an autoencoder of images. */
export interface UnetName {
  /** Its kind of part: all parts of a kind are one stack, however the blocks around them are numbered. */
  stack: string;
  /** Its place in the order of the data, to be compared number by number; empty for what stands in no block. */
  order: readonly number[];
  rest: string[];
}

const SECTIONS: Readonly<Record<string, number>> = {
  ...{ down_blocks: 0, mid_block: 1, up_blocks: 2 },
  ...{ input_blocks: 0, middle_block: 1, output_blocks: 2 },
  ...{ down: 0, mid: 1, up: 2 },
};
const MIDDLE = 1;

const isNumber = (word: string | undefined): boolean => word !== undefined && /^\d+$/.test(word);

/** The kind of a part in diffusers' words, how many words said so, and its number. */
function partOf(words: readonly string[]): { kind: string; number: number; length: number } | null {
  const [kind = "", number = ""] = words;
  if (/^(?:attentions|resnets)$/.test(kind) && isNumber(number)) return { kind, number: Number(number), length: 2 };
  if (/^(?:down|up)samplers$/.test(kind) && isNumber(number))
    return { kind: "samplers", number: Number(number), length: 2 };
  // An autoencoder in its makers' own layout: `down.0.block.1.conv1`, `mid.block_1.conv1`, `mid.attn_1.q`.
  if (/^(?:block|attn)$/.test(kind) && isNumber(number))
    return { kind: kind === "attn" ? "attentions" : "resnets", number: Number(number), length: 2 };
  const joined = /^(block|attn)_(\d+)$/.exec(kind);
  if (joined) return { kind: joined[1] === "attn" ? "attentions" : "resnets", number: Number(joined[2]), length: 1 };
  // A U-Net in its makers' own layout counts without saying what: `input_blocks.4.1.proj_in`.
  if (!isNumber(kind)) return null;
  const found = /^(?:in_layers|emb_layers|out_layers|skip_connection)$/.test(number)
    ? "resnets"
    : /^(?:norm|proj_in|proj_out|transformer_blocks)$/.test(number)
      ? "attentions"
      : /^(?:op|conv)$/.test(number)
        ? "samplers"
        : null;
  return found && { kind: found, number: Number(kind), length: 1 };
}

/**
 * Reads the words of a tensor's name, or gives null where they are of another kind of model. Such a model counts in
 * three ways at once (`down_blocks.1.attentions.0.transformer_blocks.2`): taken as they are, these would be dozens of
 * stacks of one or two layers.
 */
export function readUnetName(words: readonly string[]): UnetName | null {
  const at = words.findIndex((word) => Object.hasOwn(SECTIONS, word));
  const section = SECTIONS[words[at] ?? ""];
  if (section === undefined) return null;
  const isMiddle = section === MIDDLE;
  if (!isMiddle && !isNumber(words[at + 1])) return null;
  const behind = words.slice(at + (isMiddle ? 1 : 2));
  // The first convolution of a U-Net is called `input_blocks.0.0`, as though it were a block.
  if (behind.length === 2 && behind[0] === "0" && words[at] === "input_blocks")
    return { stack: "", order: [], rest: [...words] };
  const part = partOf(behind);
  if (!part) return null;
  const order = [section, isMiddle ? 0 : Number(words[at + 1]), part.number];
  const rest = behind.slice(part.length);
  const stack = [...words.slice(0, at), part.kind];
  if (rest[0] === "transformer_blocks" && isNumber(rest[1]))
    return { stack: [...stack, rest[0]].join("."), order: [...order, Number(rest[1])], rest: rest.slice(2) };
  return rest.length > 0 ? { stack: stack.join("."), order, rest } : null;
}
