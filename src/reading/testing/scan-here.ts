import type { FileLocation } from "../../bytes/file-location.ts";
import type { DeltaSums } from "../../kernels/low-rank/delta-sums.ts";
import type { PairStats } from "../../kernels/pair-stats.ts";
import { createReferenceEngine } from "../../kernels/reference/reference-engine.ts";
import type { Pair, Side } from "../../pairing/pair.ts";
import { COMPARISON_FOLDS } from "../folds/fold-parts.ts";
import { inProcessWorkers } from "../in-process-workers.ts";
import { costOf, planReads, type ReadPlan, type ScanCost } from "../read-plan.ts";
import type { ScanState } from "../scan.ts";
import { scanToEnd } from "../scan-to-end.ts";
import type { Segment, SegmentSide } from "../segment.ts";
import { localComputer } from "../stretch-computer.ts";
import type { ScanApi, ScanEvent } from "../worker-contract.ts";

const reference = createReferenceEngine();
const computer = localComputer(reference, reference);

export interface Here {
  pairs: readonly Pair[];
  locations: Partial<Record<Side, FileLocation[]>>;
  segmentElements: number;
  /** 1 unless told. */
  workers?: number;
  /** Runs that fail at first, because a signed address expired. */
  refused?: number;
  relocate?: (location: FileLocation) => Promise<FileLocation>;
}

export interface ScannedHere {
  state: ScanState;
  stats: PairStats[];
  deltas: (DeltaSums | undefined)[];
  plan: ReadPlan;
  /** The segments of each run, and what it took. */
  runs: (readonly Segment[])[];
  costs: ScanCost[];
  bytes: Record<Side, number>;
}

/** For tests: scans pairs to the end in this thread, on the reference engine, and notes the runs; what is sent to workers is copied. */
export async function scanHere({ pairs, locations, ...options }: Here): Promise<ScannedHere> {
  const { segmentElements, workers = 1, refused = 0, relocate = async (location) => location } = options;
  const plan = planReads(pairs, segmentElements);
  const runs: ScannedHere["runs"] = [];
  let refusals = refused;
  const noting = (worker: ScanApi): ScanApi => ({
    finishEarly: (run) => worker.finishEarly(run),
    cancel: (run) => worker.cancel(run),
    hurry: () => worker.hurry(),
    run: (run) => {
      if (refusals-- > 0) return Promise.reject(Object.assign(new Error("Expired."), { name: "LinkExpired" }));
      runs.push(run.segments);
      return worker.run(structuredClone(run));
    },
  });
  const { state, results, bytes } = await scanToEnd({
    pairs,
    plan,
    folds: COMPARISON_FOLDS,
    locations: { a: [], b: [], adapter: [], ...locations },
    relocate,
    startWorkers: async (tell: (event: ScanEvent) => void) =>
      (await inProcessWorkers(workers, computer)(tell)).map(noting),
  });
  const stats: PairStats[] = [];
  const deltas: ScannedHere["deltas"] = [];
  for (const [pair, result] of results.entries()) {
    if (!result) continue;
    stats[pair] = result.stats;
    deltas[pair] = result.deltas;
  }
  return { state, stats, deltas, plan, runs, costs: runs.map((segments) => costOf(segments)), bytes };
}

/** Bytes of a side's own that the runs take, each counted once a run: one by one, and so for small files only. */
export function distinctBytes(
  runs: readonly (readonly Segment[])[],
  sideOf: (segment: Segment) => SegmentSide | null,
): number {
  const bytes = new Set<string>();
  for (const [run, segments] of runs.entries())
    for (const side of segments.map(sideOf))
      for (const { file, span } of side ? [side, ...(side.auxiliary ?? [])] : [])
        for (let at = span.begin; at < span.end; at++) bytes.add(`${run} ${file} ${at}`);
  return bytes.size;
}
