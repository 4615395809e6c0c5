import { bert, esm } from "./families/bert.ts";
import { deepseek } from "./families/deepseek.ts";
import { diffusionHead, diffusionTransformer, pixArt, wan } from "./families/diffusion.ts";
import { encoderDecoder } from "./families/encoder-decoder.ts";
import type { Family } from "./families/family.ts";
import { gptNeox } from "./families/gpt-neox.ts";
import { gpt2, qwen1 } from "./families/gpt2.ts";
import { internlm } from "./families/internlm.ts";
import { llama } from "./families/llama.ts";
import { mamba } from "./families/mamba.ts";
import { moe } from "./families/moe.ts";
import { olmo } from "./families/olmo.ts";
import { phi } from "./families/phi.ts";
import { plainWords } from "./families/plain-words.ts";
import { postNorm, sandwichNorm } from "./families/post-norm.ts";
import { deepProjectors, projector } from "./families/projector.ts";
import { rwkv, rwkvHead } from "./families/rwkv.ts";
import { t5Decoder, t5Encoder } from "./families/t5.ts";
import { residualBlock, unet, unetAttention, unetEnds } from "./families/unet.ts";
import { vision } from "./families/vision.ts";
import { soundConvolutions, wav2vec2 } from "./families/wav2vec2.ts";

/**
 * Every family of names; the first that knows a path decides its role. Those that speak only for some stacks come
 * first. Among the others order does not matter: no two of them give one path two roles (tested).
 */
export const FAMILIES: readonly Family[] = [
  sandwichNorm,
  postNorm,
  qwen1,
  t5Decoder,
  esm,
  pixArt,
  unet,
  unetAttention,
  residualBlock,
  diffusionHead,
  deepProjectors,
  soundConvolutions,
  rwkvHead,
  llama,
  phi,
  gptNeox,
  gpt2,
  internlm,
  olmo,
  bert,
  encoderDecoder,
  wav2vec2,
  t5Encoder,
  moe,
  deepseek,
  mamba,
  rwkv,
  vision,
  projector,
  diffusionTransformer,
  wan,
  unetEnds,
  plainWords,
];
