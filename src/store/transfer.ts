import type { AppState } from "./app-state.ts";
import { isLocal } from "./local-drops.ts";

/** Bytes that a scan takes over the network: local files are read where they lie. */
export function transferOf({ comparison, cost }: Pick<AppState, "comparison" | "cost">): number {
  if (!comparison || !cost) return 0;
  const { a, b } = comparison;
  return (isLocal(a.ref) ? 0 : cost.bytesA) + (b && !isLocal(b.ref) ? cost.bytesB : 0);
}
