import type { LowRankUpdate, StoredIn } from "../tensors/low-rank-update.ts";
import { withoutPeft } from "./parse-target.ts";
import type { Spelling } from "./part-of-module.ts";

export type Config = Readonly<Record<string, unknown>>;

/** s as a fraction, or the sentence that says why there is none. */
export type Scale = Pick<LowRankUpdate, "alpha" | "divisor"> | { reason: string } | "no config";

const numberAt = (config: unknown, key: string): number | undefined => {
  const value = typeof config === "object" && config !== null ? (config as Config)[key] : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};

/**
 * What `rank_pattern` or `alpha_pattern` says of a module. Keys are regular expressions that the end of the module's path has
 * to match as a whole, the first that does wins (PEFT, `get_pattern_key`); one that is no expression here is taken literally.
 */
function byPattern(patterns: unknown, path: string): number | undefined {
  if (typeof patterns !== "object" || patterns === null) return undefined;
  const key = Object.keys(patterns).find((each) => {
    if (path === each || path.endsWith(`.${each}`)) return true;
    if (/^[\w.]*$/.test(each) && !each.includes(".")) return false;
    try {
      return new RegExp(each.startsWith("^") ? each : `^(?:.*\\.)?(?:${each})$`).test(path);
    } catch {
      return false;
    }
  });
  return key === undefined ? undefined : numberAt(patterns, key);
}

function peftScale(module: string, rank: number, config: Config): Scale {
  const path = withoutPeft(module);
  const wanted = byPattern(config.rank_pattern, path) ?? numberAt(config, "r");
  if (wanted !== undefined && wanted !== rank)
    return {
      reason: `The adapter's configuration says rank ${wanted} for it, but the stored matrices have rank ${rank}.`,
    };
  const alpha = byPattern(config.alpha_pattern, path) ?? numberAt(config, "lora_alpha");
  if (alpha === undefined)
    return { reason: "The adapter's configuration gives no lora_alpha, so how far the update is scaled is unknown." };
  return { alpha, divisor: config.use_rslora === true ? Math.sqrt(rank) : rank };
}

/** mlx-lm multiplies by `scale`; while its configurations had an `alpha`, by `scale·alpha/rank`. */
function mlxScale(rank: number, config: Config): Scale {
  const parameters = config.lora_parameters;
  const scale = numberAt(parameters, "scale");
  if (scale === undefined)
    return { reason: "The adapter's configuration gives no scale, so how far the update is scaled is unknown." };
  const alpha = numberAt(parameters, "alpha");
  return alpha === undefined ? { alpha: scale, divisor: 1 } : { alpha: scale * alpha, divisor: rank };
}

/**
 * The scale of one module's update. A PEFT or mlx adapter needs its configuration; kohya's and diffusers' files carry an
 * alpha beside the matrices, and without one they mean alpha = rank, that is s = 1.
 */
export function scaleFor(
  module: string,
  spelling: Spelling,
  rank: number,
  { config, alpha }: { config?: Config; alpha?: StoredIn },
): Scale {
  if (spelling === "numbered") return { alpha: 1, divisor: 1 };
  if (spelling === "mlx") return config ? mlxScale(rank, config) : "no config";
  if (spelling === "peft" && config && ("lora_alpha" in config || alpha === undefined))
    return peftScale(module, rank, config);
  if (alpha !== undefined) return { alpha, divisor: rank };
  if (spelling === "peft" && module.startsWith("base_model.")) return "no config";
  return { alpha: rank, divisor: rank };
}
