import type { AppState } from "./app-state.ts";
import { isLocal } from "./local-drops.ts";
import type { Opened } from "./opening.ts";

/** Bytes that a scan takes over the network: local files are read where they lie. */
export function transferOf({ comparison, cost }: Pick<AppState, "comparison" | "cost">): number {
  if (!comparison || !cost) return 0;
  const { a, b, adapter } = comparison;
  const beside = adapter && !isLocal(adapter.ref) ? cost.bytes.adapter : 0;
  return (isLocal(a.ref) ? 0 : cost.bytes.a) + (b && !isLocal(b.ref) ? cost.bytes.b : 0) + beside;
}

/** Bytes that say something about the line; fewer say more about its delay. */
const TELLING_BYTES = 1e6;

/** Bytes per second while headers were read; null where too little was read to tell. */
export function rateOf({ a, b }: Opened, milliseconds: number): number | null {
  const bytes = a.opened.bytes + (b?.opened.bytes ?? 0);
  return bytes >= TELLING_BYTES ? (bytes / milliseconds) * 1000 : null;
}
