import type { Wait } from "../bytes/with-retry.ts";
import type { Comparison, Results } from "../comparing/comparison.ts";
import type { EngineName } from "../kernels/engine.ts";
import type { Side } from "../pairing/pair.ts";
import type { Look } from "../permalink/link-format.ts";
import type { Shelf } from "../permalink/shelf.ts";
import type { ScanCost } from "../reading/read-plan.ts";
import type { AccessState } from "./access-state.ts";
import type { Job } from "./job.ts";
import type { RecentPair } from "./recent-pairs.ts";

/** The sides of the two models, whose fields are always there. */
export type ModelSide = Exclude<Side, "adapter">;

/** One of the fields at the top. */
export interface Operand {
  /** What stands in the field. */
  text: string;
  /** The sentence under it, when something is wrong with it. */
  error: string | null;
  /** Once open: the name to show and the commit, if it has one. */
  label: string | null;
  revision: string | null;
}

/** All of them. The third, an adapter over A whose change is compared with B's, is null where none is asked for. */
export interface Operands extends Record<Side, Operand | null> {
  a: Operand;
  b: Operand;
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
  operands: Operands;
  /** Origin of the Hub in use. */
  hub: string;
  access: AccessState;
  /** All that is under way, or waits, or has ended in a way that is still to be seen. */
  jobs: readonly Job[];
  /** Hosts that a link names and that are not asked before the person agrees. */
  hosts: readonly string[];
  comparison: Comparison | null;
  results: Results;
  cost: ScanCost | null;
  /** Bytes per second while the headers were read; null where that says nothing. */
  openingRate: number | null;
  engine: EngineState;
  /** The busy host that is asked again first; null where nothing waits. No job: any of them may be what waits for it. */
  busy: Wait | null;
  rename: RenameState;
  /** Pairs that were compared here before, newest first. */
  recent: readonly RecentPair[];
  /** The operands are still open: single tensors can be read again. */
  isOpen: boolean;
  /** `scan=exact` in the link. */
  exact: boolean;
  /** What each instrument keeps of this comparison besides its view (see slice.ts). */
  slices: Shelf;
  /** Sentences to show once, about a link or a file. */
  notices: string[];
}
