import type { Wait } from "../bytes/with-retry.ts";
import type { Comparison, Results } from "../comparing/comparison.ts";
import type { RescaleOut } from "../instruments/delta/rescale-out.ts";
import type { EngineName } from "../kernels/engine.ts";
import type { Look } from "../permalink/link-format.ts";
import type { Shelf } from "../permalink/shelf.ts";
import type { ScanCost } from "../reading/read-plan.ts";
import type { AccessState } from "./access-state.ts";
import type { RecentPair } from "./recent-pairs.ts";

export type Side = "a" | "b";
/** The fields at the top: the third is there where somebody asks for it. */
export type Field = Side | "adapter";

/** One of the two fields at the top. */
export interface Operand {
  /** What stands in the field. */
  text: string;
  /** The sentence under it, when something is wrong with it. */
  error: string | null;
  /** Its headers are being read. */
  opening: boolean;
  /** Once open: the name to show and the commit, if it has one. */
  label: string | null;
  revision: string | null;
}

/** Where the page is in its journey. Everything but `opening` and `running` is idle. */
export type Phase =
  | { status: "empty" }
  /** A link names hosts that are not asked unless the person agrees. */
  | { status: "consent"; hosts: string[] }
  | { status: "opening" }
  /** Headers are read; the scan waits for a click. */
  | { status: "ready" }
  | { status: "running" }
  | { status: "paused"; error: string | null }
  | { status: "finished" }
  /** Ended by the person; what was found stays. */
  | { status: "stopped" }
  | { status: "failed"; error: string };

export interface Progress {
  /** Bytes read and to read, per side. */
  a: { done: number; total: number };
  b: { done: number; total: number };
  tensorsDone: number;
  tensorsTotal: number;
  /** Bytes per second, both sides together; null before it is known. */
  rate: number | null;
  secondsLeft: number | null;
  /** Name of a tensor that is being read. */
  reading: string | null;
}

/** One tensor read on its own, because the person asked: under way, or the sentence for why it was not read. */
export interface CloseLook {
  pair: number;
  error: string | null;
}

/** The rule by which B's names are rewritten before they are looked for in A: `pattern => replacement`, or nothing. */
export interface RenameState {
  text: string;
  /** The sentence for why it cannot be used. */
  error: string | null;
  /** Both operands are open, and no tensor of the one has a partner in the other: a rule may mend that. */
  wanted: boolean;
}

export interface EngineState {
  /** What the link or the person asks for; null chooses. */
  forced: EngineName | null;
  chosen: EngineName | null;
  /** Why this one, in a sentence. */
  reason: string;
  workers: number;
}

export interface AppState extends Look {
  operands: { a: Operand; b: Operand };
  /** The third field: an adapter over A whose change is compared with B's. Null where none is asked for. */
  adapter: Operand | null;
  /** Origin of the Hub in use. */
  hub: string;
  access: AccessState;
  phase: Phase;
  comparison: Comparison | null;
  results: Results;
  cost: ScanCost | null;
  /** Bytes per second while the headers were read; null where that says nothing. */
  openingRate: number | null;
  progress: Progress | null;
  engine: EngineState;
  /** The busy host that is asked again first; null where nothing waits. */
  busy: Wait | null;
  rename: RenameState;
  /** Pairs that were compared here before, newest first. */
  recent: readonly RecentPair[];
  /** The operands are still open: single tensors can be read again. */
  isOpen: boolean;
  closeLook: CloseLook | null;
  /** The second pass over some tensors, or what it found. */
  rescaleOut: RescaleOut | null;
  /** A file is being opened or written. */
  filing: boolean;
  /** `scan=exact` in the link. */
  exact: boolean;
  /** What each instrument keeps of this comparison besides its view (see slice.ts). */
  slices: Shelf;
  /** Sentences to show once, about a link or a file. */
  notices: string[];
}
