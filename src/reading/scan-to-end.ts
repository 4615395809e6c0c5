import type { Side } from "../pairing/pair.ts";
import { noBytes } from "./byte-counter.ts";
import type { FoldName } from "./folds/fold-parts.ts";
import { type Folded, Scan, type ScanOptions, type ScanState } from "./scan.ts";

/** What a scan needs besides those who watch it. */
export type ScanSource<Name extends FoldName> = Omit<
  ScanOptions<Name>,
  "onResult" | "onBytes" | "onState" | "onRunning"
>;

export interface Scanned<Name extends FoldName> {
  /** Where it ended: finished, or paused or failed with its sentence. */
  state: ScanState;
  /** By pair; undefined where nothing was read of it. */
  results: (Folded<Name> | undefined)[];
  bytes: Record<Side, number>;
}

/** Scans until nothing more happens, for those who need not watch it. Rejects where the workers cannot be started. */
export async function scanToEnd<Name extends FoldName>(source: ScanSource<Name>): Promise<Scanned<Name>> {
  const results: Scanned<Name>["results"] = new Array(source.pairs.length).fill(undefined);
  let bytes = noBytes();
  const state = await new Promise<ScanState>((done, fail) => {
    const scan = new Scan({
      ...source,
      onResult: (pair, result) => {
        results[pair] = result;
      },
      onBytes: (now) => {
        bytes = now;
      },
      onState: (now) => now.status !== "running" && done(now),
      onRunning: () => undefined,
    });
    scan.start().catch(fail);
  });
  return { state, results, bytes };
}
