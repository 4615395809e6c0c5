import { isBiasRole, isNormRole } from "./parameter-group.ts";

/** The paper's Figure 2 from bottom to top of a layer; what is fused or factored stands where its first part would. */
const MATRICES = [
  ...[
    "attn.qkv",
    "attn.q",
    "attn.mla.q_a",
    "attn.mla.q_b",
    "attn.k",
    "attn.v",
    "attn.mla.kv_a",
    "attn.mla.kv_b",
    "attn.o",
  ],
  ...["xattn.q", "xattn.k", "xattn.v", "xattn.kv", "xattn.o", "ffn.gate_up", "ffn.gate", "ffn.up", "ffn.down"],
];
/** What follows them: convolutions and blocks of pictures, streams beside the first, state spaces, modulation. */
const FURTHER = [
  ...["block.in", "conv.in", "conv.mix", "conv.out", "conv.shortcut", "block.out"],
  ...["attn.q_added", "attn.k_added", "attn.v_added", "attn.qkv_added", "attn.o_added"],
  ...["ffn.gate_added", "ffn.up_added", "ffn.down_added", "attn.r", "attn.gate"],
  ...["ssm.in", "ssm.z", "ssm.a", "ssm.b", "ssm.conv", "ssm.x", "ssm.dt", "ssm.out", "mod.adaln", "mod.adaln_added"],
];
const EXPERTS = [
  ...["moe.router", "moe.expert.gate", "moe.expert.up", "moe.expert.gate_up", "moe.expert.down"],
  ...["moe.shared_gate", "moe.shared.gate", "moe.shared.up", "moe.shared.gate_up", "moe.shared.down"],
];
const ENDS = ["embed.tok", "embed.pos", "embed.type", "embed.patch", "embed.cls", "head.transform", "head.lm"];
const NORMS = ["norm.pre_attn", "attn.q_norm", "attn.k_norm", "norm.post_attn", "norm.pre_ffn", "norm.post_ffn"];

const LISTED = new Map(
  [MATRICES, FURTHER, EXPERTS, ENDS, NORMS].flatMap((roles) => roles.map((role, i) => [role, i] as const)),
);
const UNLISTED = 99;

function block(role: string): number {
  if (isBiasRole(role)) return 5;
  if (isNormRole(role)) return 4;
  if (/^(?:buffer|quant\.)/.test(role)) return 6;
  if (/^(?:embed|head)\./.test(role)) return 3;
  if (role.startsWith("moe.")) return 2;
  return MATRICES.includes(role) ? 0 : 1;
}

function rank(role: string): number {
  const own = block(role);
  if (own !== 5) return own * 1000 + (LISTED.get(role) ?? UNLISTED);
  // Biases stand in the order of what they belong to.
  const owner = role.slice(0, -".bias".length);
  return own * 1000 + block(owner) * 100 + (LISTED.get(owner) ?? UNLISTED);
}

const words = new Intl.Collator("en", { numeric: true });

/**
 * Order of rows: q k v o gate up down as in the paper, with what takes their place, other matrices, experts, embeddings
 * and head; then norms, biases, and what is neither. Rows of one rank stand in the order of their words.
 */
export function compareModules(a: { role: string; module: string }, b: { role: string; module: string }): number {
  return rank(a.role) - rank(b.role) || words.compare(a.module, b.module);
}
