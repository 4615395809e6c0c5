import { type HeadCounts, headCountsOf } from "../../tensors/head-layout.ts";

export type Axis = "rows" | "columns";

export interface HeadBoundary {
  /** The head's first row or column. */
  at: number;
  label: string;
}

/** Which heads stand along an axis of a matrix of attention: an nn.Linear has outputs for rows and inputs for columns. */
function alongAxis(role: string, axis: Axis, { queries, keys }: HeadCounts): number | null {
  if (axis === "rows") return role === "attn.q" ? queries : role === "attn.k" || role === "attn.v" ? keys : null;
  return role === "attn.o" ? queries : null;
}

/** Where heads begin along an axis of `length`; none where `config.json` does not tell, or tells of another length. */
export function headBoundaries(
  config: Record<string, unknown> | undefined,
  role: string,
  axis: Axis,
  length: number,
): HeadBoundary[] {
  const counts = headCountsOf(config);
  const heads = counts && alongAxis(role, axis, counts);
  if (!counts || heads === null || heads * counts.size !== length) return [];
  return Array.from({ length: heads }, (_, head) => ({ at: head * counts.size, label: `${head}` }));
}
