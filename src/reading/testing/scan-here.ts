import type { FileLocation } from "../../bytes/file-location.ts";
import type { DeltaSums } from "../../kernels/low-rank/delta-sums.ts";
import type { PairStats } from "../../kernels/pair-stats.ts";
import { createReferenceEngine } from "../../kernels/reference/reference-engine.ts";
import type { Pair } from "../../pairing/pair.ts";
import { costOf, planReads, type ReadPlan, type ScanCost } from "../read-plan.ts";
import { Scan, type ScanState } from "../scan.ts";
import { scanRun } from "../scan-run.ts";
import type { Segment, SegmentSide } from "../segment.ts";
import { localComputer } from "../stretch-computer.ts";
import type { Run, ScanApi, ScanEvent } from "../worker-contract.ts";

const reference = createReferenceEngine();
const computer = localComputer(reference, reference);

export interface Here {
  pairs: readonly Pair[];
  locations: { a: FileLocation[]; b: FileLocation[]; adapter?: FileLocation[] };
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
  runs: Segment[][];
  costs: ScanCost[];
  bytes: { a: number; b: number };
}

/** For tests: scans pairs as the page does, with workers of this thread and the reference engine. */
export async function scanHere({ pairs, locations, ...options }: Here): Promise<ScannedHere> {
  const { segmentElements, workers = 1, refused = 0, relocate = async (location) => location } = options;
  const plan = planReads(pairs, segmentElements);
  const found: Omit<ScannedHere, "state"> = { stats: [], deltas: [], plan, runs: [], costs: [], bytes: { a: 0, b: 0 } };
  let refusals = refused;
  const state = await new Promise<ScanState>((done, fail) => {
    const apiOf = (tell: (event: ScanEvent) => void): ScanApi => ({
      run: (run: Run) => {
        if (refusals-- > 0) return Promise.reject(Object.assign(new Error("Expired."), { name: "LinkExpired" }));
        const segments = run.segments.map(({ position }) => plan.at(position));
        found.runs.push(segments);
        found.costs.push(costOf(segments));
        return scanRun(structuredClone(run), computer, {
          ...{ signal: new AbortController().signal, endEarly: () => false },
          onBytes: (side, count) => tell({ kind: "bytes", run: run.id, a: 0, b: 0, [side]: count }),
          onSegment: ({ position }, stats, deltas) =>
            tell({ kind: "segment", run: run.id, position, stats, deltas, engine: "reference" }),
        });
      },
      finishEarly: async () => undefined,
      cancel: async () => undefined,
      hurry: async () => undefined,
    });
    const scan = new Scan({
      ...{ pairs, plan, locations, relocate },
      startWorkers: async (tell) => Array.from({ length: workers }, () => apiOf(tell)),
      onResult: (pair, result) => {
        found.stats[pair] = result.stats;
        found.deltas[pair] = result.deltas;
      },
      onBytes: (bytes) => {
        found.bytes = bytes;
      },
      onState: (now) => now.status !== "running" && done(now),
      onRunning: () => undefined,
    });
    scan.start().catch(fail);
  });
  return { ...found, state };
}

/** Bytes of a side's own that the runs take, each counted once a run: one by one, and so for small files only. */
export function distinctBytes(runs: readonly Segment[][], sideOf: (segment: Segment) => SegmentSide | null): number {
  const bytes = new Set<string>();
  for (const [run, segments] of runs.entries())
    for (const side of segments.map(sideOf))
      for (const { file, span } of side ? [side, ...(side.auxiliary ?? [])] : [])
        for (let at = span.begin; at < span.end; at++) bytes.add(`${run} ${file} ${at}`);
  return bytes.size;
}
