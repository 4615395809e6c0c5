import type { FileLocation } from "../src/bytes/file-location.ts";
import type { Wait } from "../src/bytes/with-retry.ts";
import type { Pair } from "../src/pairing/pair.ts";
import type { ReadPlan } from "../src/reading/read-plan.ts";
import { Scan, type ScanOptions } from "../src/reading/scan.ts";
import type { ScanEvent } from "../src/reading/worker-contract.ts";
import type { Crew } from "./crew.ts";
import type { Ledger } from "./ledger.ts";

export interface Reading {
  pairs: readonly Pair[];
  /** What is to be read, and nothing that the ledger knows. */
  plan: ReadPlan;
  locations: ScanOptions["locations"];
  relocate(location: FileLocation): Promise<FileLocation>;
  ledger: Ledger;
  crew: Crew;
  /** Ends the reading; what is finished is in the ledger. */
  signal: AbortSignal;
  onBytes(bytes: number): void;
  onWait(wait: Wait): () => void;
}

/**
 * Reads segments into the ledger, as many as it can. Resolves with null where all are read, and else with the sentence for
 * why not, or with the signal's reason.
 */
export async function readSegments(reading: Reading): Promise<Error | null> {
  const { pairs, plan, locations, relocate, ledger, crew, signal, onBytes, onWait } = reading;
  const waits = new Map<string, () => void>();
  const enter = (event: ScanEvent) => {
    if (event.kind !== "segment") return;
    const { pair, slice } = plan.at(event.position);
    const { stats, deltas, engine } = event;
    ledger.add({ pair, slice, of: plan.slicesOf(pair), engine, stats, ...(deltas ? { deltas } : {}) });
  };
  return new Promise((done, fail) => {
    const scan = new Scan({
      ...{ pairs, plan, locations, relocate },
      startWorkers: (onEvent) =>
        crew.begin((event) => {
          enter(event);
          onEvent(event);
        }) as never,
      onResult: () => undefined,
      onBytes: ({ a, b }) => onBytes(a + b),
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
    signal.addEventListener("abort", () => scan.pause(), { once: true });
    if (signal.aborted) return done(signal.reason as Error);
    scan.start().catch(fail);
  });
}
