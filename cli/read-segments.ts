import type { Wait } from "../src/bytes/with-retry.ts";
import { COMPARISON_FOLDS } from "../src/reading/folds/fold-parts.ts";
import { type FinishedSegment, Scan, type ScanOptions } from "../src/reading/scan.ts";
import type { Crew } from "./crew.ts";
import type { Ledger } from "./ledger.ts";

type Source = Pick<ScanOptions<"stats" | "deltas">, "pairs" | "plan" | "locations" | "relocate">;

export interface Reading extends Source {
  /** Positions in the plan that are not to be read: they are of other parts, or known. */
  settled: Iterable<number>;
  ledger: Pick<Ledger, "add">;
  crew: Crew;
  /** Ends the reading; what is finished is in the ledger. */
  signal: AbortSignal;
  onBytes(bytes: number): void;
  onWait(wait: Wait): () => void;
}

/**
 * Reads segments into the ledger, as many as it can. Resolves with null where all are read, and else with why not: an error
 * with one sentence, or the signal's reason.
 */
export async function readSegments(reading: Reading): Promise<Error | null> {
  const { pairs, plan, locations, relocate, settled, ledger, crew, signal, onBytes, onWait } = reading;
  const waits = new Map<string, () => void>();
  const enter = ({ position, parts: { stats, deltas }, engine }: FinishedSegment) => {
    const { pair, slice } = plan.at(position);
    if (stats) ledger.add({ pair, slice, of: plan.slicesOf(pair), engine, stats, ...(deltas ? { deltas } : {}) });
  };
  return new Promise((done, fail) => {
    const scan = new Scan({
      ...{ pairs, plan, locations, relocate, settled, folds: COMPARISON_FOLDS },
      startWorkers: (onEvent) => crew.begin(onEvent),
      onSegment: enter,
      onResult: () => undefined,
      onBytes: ({ a, b, adapter }) => onBytes(a + b + adapter),
      onRunning: () => undefined,
      onWait: (run, request, wait) => {
        const key = `${run} ${request}`;
        waits.get(key)?.();
        waits.delete(key);
        if (wait) waits.set(key, onWait(wait));
      },
      onState: (state) => {
        if (state.status === "finished") done(null);
        if (state.status === "failed") done(new Error(state.error));
        if (state.status === "paused") done(signal.aborted ? (signal.reason as Error) : new Error(state.error ?? ""));
      },
    });
    const end = () => {
      scan.pause();
      done(signal.reason as Error);
    };
    if (signal.aborted) return end();
    signal.addEventListener("abort", end, { once: true });
    scan.start().catch(fail);
  });
}
