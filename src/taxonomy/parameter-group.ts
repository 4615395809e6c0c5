import type { ParameterGroup } from "./place.ts";

/** Roles of things that are neither a map, nor a bias, nor a norm, whatever their shape. */
const APART =
  /^(?:buffer|quant\.|ssm\.(?:decay|skip|shift|rate|first|key_scale)$|misc\.scale$|embed\.(?:cls|mask|mark|query)$|attn\.sinks$|mod\.table$|lora\.alpha$)/;

export const isBiasRole = (role: string): boolean => role.endsWith(".bias");
export const isNormRole = (role: string): boolean => !isBiasRole(role) && /^norm\.|_norm$/.test(role);

/** What a tensor may be pooled with. A norm's bias counts among the biases. */
export function parameterGroup(role: string, shape: readonly number[]): ParameterGroup {
  if (isBiasRole(role)) return "bias";
  if (isNormRole(role)) return "norm";
  if (APART.test(role)) return "other";
  return shape.length >= 2 ? "matrix" : "other";
}
