import type { FileLocation } from "../bytes/file-location.ts";
import type { Wait } from "../bytes/with-retry.ts";
import type { Checkpoint } from "../hub/checkpoint.ts";
import type { Ref } from "../hub/ref.ts";
import type { DeviceFindings } from "../kernels/choose-engine.ts";
import type { EngineName, Stretch } from "../kernels/engine.ts";
import type { Pairing, Side } from "../pairing/pair.ts";
import type { PackedPlaces } from "../taxonomy/packed-places.ts";
import type { FoldParts } from "./folds/fold-parts.ts";
import type { PlanCuts, ScanCost } from "./read-plan.ts";
import type { Run } from "./run.ts";
import type { Computed } from "./stretch-computer.ts";

/*
 * What the page and its workers say to each other. Plain data only; work is ended by its number, because an AbortSignal
 * does not cross. Errors arrive with `name` and `message`, nothing else.
 */

/** Where references lead. */
export interface OpenOptions {
  /** Origin of the Hub, without a final slash. */
  hub: string;
  /** Absolute address of the folder that holds the demo models, with a final slash. */
  demo: string;
  token?: string;
  /** The page can send the person to `hub` to sign in; only for what is said where something is refused. */
  canSignIn?: boolean;
}

/** A checkpoint without its tensors, which stay in the survey worker. */
export interface OpenedCheckpoint extends Omit<Checkpoint, "tensors"> {
  /** It is no model by itself: as B it is applied to A. */
  isAdapter?: true;
}

/** How much pairing gave: the pairs themselves come in pieces. */
export interface PairingSize {
  pairs: number;
  unpaired: number;
  cost: ScanCost;
  /** Where the read plan cuts the pairs. */
  cuts: PlanCuts;
}

/** The survey worker: opens checkpoints, pairs them, renews signed addresses. */
export interface SurveyApi {
  /** `adapter`: what stands beside the two and is no model; a model there rejects with an `AdapterError`. */
  open(job: number, side: Side, ref: Ref, options: OpenOptions): Promise<OpenedCheckpoint>;
  /**
   * Pairs what was opened in the job, B's names rewritten by the rule `rename` (`pattern => replacement`, or nothing). It can
   * be asked again with another rule until the job is ended. Rejects with `NothingInCommon` where no tensor has a partner,
   * with `AdapterError` where an adapter stands where none can, and with `RenameRuleError`.
   */
  pair(job: number, rename: string): Promise<PairingSize>;
  /** Pairs and unpaired tensors `from` up to `to`, of each as many as there are. */
  pairing(job: number, from: number, to: number): Promise<Pairing>;
  /** Where tensors stand; `shapes` has of each its rank and its sizes. */
  place(names: string[], shapes: Float64Array): Promise<PackedPlaces>;
  relocate(location: FileLocation, options: OpenOptions): Promise<FileLocation>;
  /** Names of models on the Hub that hold `text`; ends the search before, and only that where the text is empty. */
  search(text: string, options: OpenOptions): Promise<string[]>;
  /** `onWait` hears of every request that a busy host turned away, by its number, and with null when its wait is over. */
  listen(onWait: (request: number, wait: Wait | null) => void | Promise<void>): Promise<void>;
  /** Ends the waits: what was turned away is sent again at once. */
  hurry(): Promise<void>;
  /** Ends a job, and forgets what was opened in it. */
  cancel(job: number): Promise<void>;
}

export type ScanEvent =
  /** A segment is finished: what the folds made of it; `engine` is the one that computed it. */
  | { kind: "segment"; run: number; position: number; parts: Partial<FoldParts>; engine: EngineName }
  /** Bytes of each side that arrived since the last such event. */
  | { kind: "bytes"; run: number; bytes: Record<Side, number> }
  /** A busy host turned a request away; null when the wait for it is over. `request` counts those of a worker. */
  | { kind: "wait"; run: number; request: number; wait: Wait | null };

/** How a scan worker computes. `wgsl` comes with a port to the device worker. */
export type EngineSetup = { engine: "wasm" | "reference" } | { engine: "wgsl"; device: MessagePort };

/** A scan worker: fetches a run's two ranges in step and computes in place, or hands the bytes to the device worker. */
export interface ScanApi {
  /**
   * Resolves when the run is over; `finishEarly` ends it after the segment in hand, `cancel` at once (AbortError). A run
   * that is given while another is under way begins when that is over, and ends unbegun where it failed.
   */
  run(run: Run): Promise<void>;
  finishEarly(run: number): Promise<void>;
  cancel(run: number): Promise<void>;
  /** Ends the waits for busy hosts: what was turned away is sent again at once. */
  hurry(): Promise<void>;
}

/** A scan worker as its owner sees it. */
export interface ScanWorkerApi extends ScanApi {
  /** Sets it up anew: runs that are given afterwards are computed so, and report to `onEvent`. */
  configure(setup: EngineSetup, onEvent: (event: ScanEvent) => void | Promise<void>): Promise<void>;
}

/** The device worker: the only one that holds a GPU device. */
export interface DeviceApi {
  /** `force` starts the device even on a software adapter and skips the measurement. */
  start(force: boolean, onLost: (sentence: string) => void): Promise<DeviceFindings>;
  /** Serves `pairStats` on a port that a scan worker holds the other end of. */
  connect(port: MessagePort): Promise<void>;
}

/** What a scan worker may ask over that port. Buffers are transferred there and back. */
export interface ComputeApi {
  pairStats(stretch: Stretch): Promise<Computed>;
}
