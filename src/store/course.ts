import { proxy } from "comlink";
import { NO_RESULTS } from "../comparing/comparison.ts";
import type { GridRow } from "../comparing/grid.ts";
import { recordsOf } from "../comparing/operand-record.ts";
import { OutcomeList } from "../comparing/outcome-list.ts";
import { ShortTasks } from "../comparing/short-tasks.ts";
import { formatRef } from "../hub/parse-ref.ts";
import type { Ref } from "../hub/ref.ts";
import { viewFor } from "../instruments/delta/fit-view.ts";
import type { ReadPlan } from "../reading/read-plan.ts";
import type { AppState, Phase } from "./app-state.ts";
import { type AppStore, EMPTY_OPERAND } from "./create-store.ts";
import { decideEngine } from "./engine-decision.ts";
import { setOperand } from "./field-actions.ts";
import { isLoopback, originOf } from "./hosts.ts";
import { type Environment, type Opened, OperandError, openAll, pairBoth, type Refs } from "./opening.ts";
import { keepRecentPairs, withRecentPair } from "./recent-pairs.ts";
import { Scans } from "./scans.ts";
import { rateOf, transferOf } from "./transfer.ts";

/** What is true once nothing is open any more. */
export const ENDED = { isOpen: false, closeLook: null, rescaleOut: null } as const;
/** No comparison, and nothing of one. */
export const BLANK = { ...ENDED, comparison: null, results: NO_RESULTS, cost: null, progress: null } as const;

const FIELDS = ["a", "b", "adapter"] as const;

/** A scan of more bytes than this waits for a click. */
const LARGE_SCAN = 2e9;

/** Operands that are open. */
interface Standing {
  refs: Refs;
  opened: Opened;
  /** How they are read, once they are paired. */
  plan: ReadPlan | null;
}

/** What is under way: operands are opened, paired, scanned. One comparison at a time: a new one ends the one before. */
export class Course {
  readonly #store: AppStore;
  readonly #environment: Environment;
  readonly #scans: Scans;
  #job = 0;
  #standing: Standing | null = null;
  /** The survey's job for what is opened, or that has the tensors of what is open; null where it keeps none. */
  #surveyed: number | null = null;
  /** The person typed the operands, or chose them; no link brought them. */
  typed = false;

  constructor(store: AppStore, environment: Environment) {
    this.#store = store;
    this.#environment = environment;
    this.#scans = new Scans(store, environment);
  }

  #set(patch: Partial<AppState>): void {
    this.#store.setState(patch);
  }

  enter(phase: Phase): void {
    this.#set({ phase });
  }

  /** Counts up with everything that is asked for: who waits can tell that it was overtaken. */
  get job(): number {
    return this.#job;
  }

  get scan(): Scans["scan"] {
    return this.#scans.scan;
  }

  get isStanding(): boolean {
    return this.#standing !== null;
  }

  get isSurveyed(): boolean {
    return this.#surveyed !== null;
  }

  /** Ends the survey's job. Where there is none its worker is not asked: the first screen does without it. */
  #forget(): void {
    if (this.#surveyed !== null) void this.#environment.pool.survey.cancel(this.#surveyed);
    this.#surveyed = null;
  }

  /** Ends whatever is under way; what is known stays on screen. The state is for the caller to change: with `ENDED`. */
  end(): void {
    this.#forget();
    this.#scans.end();
    this.#standing = null;
    this.#job++;
  }

  /** Opens, pairs, and scans where that needs no click. What fails ends in the state. */
  async open(refs: Refs): Promise<void> {
    const mine = this.#job;
    const store = this.#store;
    const environment = this.#environment;
    const { hub, engine } = store.getState();
    this.#surveyed = mine;
    this.enter({ status: "opening" });
    for (const side of FIELDS) setOperand(store, side, { opening: refs[side] != null });
    // Asked each time: it may be another worker, where the one before could not be loaded. One that cannot be is told of below.
    environment.pool.survey
      .listen(proxy((request, wait) => this.#scans.busy.note(`survey ${request}`, wait)))
      .catch(() => undefined);
    // The GPU is looked at while the headers travel.
    const since = performance.now();
    const decision = decideEngine(engine.forced, environment.pool, environment.gpu, (lost) =>
      this.#set({ notices: [...store.getState().notices, lost] }),
    );
    try {
      const opened = await openAll(refs, hub, environment, mine);
      if (mine !== this.#job) return;
      this.#standing = { refs, opened, plan: null };
      this.#set({ openingRate: rateOf(opened, performance.now() - since) });
      const choice = await decision;
      if (mine !== this.#job) return;
      this.#set({ engine: { ...store.getState().engine, ...choice } });
      await this.#pair(this.#standing);
    } catch (error) {
      if (mine === this.#job) this.#fail(error as Error);
    }
  }

  /** Pairs again what is open, by another rule. */
  async pairAgain(): Promise<void> {
    if (!this.#standing) return;
    this.#scans.end();
    this.#job++;
    this.#set({ ...BLANK, phase: { status: "opening" }, notices: [] });
    for (const side of FIELDS) setOperand(this.#store, side, { error: null });
    const mine = this.#job;
    await this.#pair(this.#standing).catch((failure: Error) => {
      if (mine === this.#job) this.#fail(failure);
    });
  }

  /** Pairs what is open and shows it. Rejects with an OperandError. */
  async #pair(standing: Standing): Promise<void> {
    const { refs, opened } = standing;
    const mine = this.#job;
    const store = this.#store;
    const { rename, hub, recent } = store.getState();
    const { pairing, cost, plan } = await pairBoth(opened, rename.text, this.#environment, this.#surveyed ?? mine);
    if (mine !== this.#job) return;
    standing.plan = plan;
    const { pairs, unpaired } = pairing;
    if (!opened.b || (unpaired.length === 0 && rename.text === "")) {
      // No rule can pair more of them.
      this.#forget();
    }
    const record = recordsOf(opened, refs.a);
    for (const side of FIELDS) {
      const { ref = "", label = null, revision = null } = record[side] ?? {};
      setOperand(store, side, { ...EMPTY_OPERAND, text: ref, label, revision });
    }
    if (record.adapter && !pairs.some(({ adapter }) => adapter))
      record.adapter.notes.push(
        `Nothing of the adapter ${record.adapter.label} can be compared with B's change. The table of all tensors says why.`,
      );
    const comparison = { id: mine, ...record, pairs, unpaired, rename: rename.text };
    const tasks = new ShortTasks();
    const view = viewFor(store.getState().view, comparison);
    if (tasks.full) await tasks.next();
    const list = new OutcomeList(pairs);
    if (tasks.full) await tasks.next();
    if (mine !== this.#job) return;
    const known =
      refs.b && !refs.adapter ? withRecentPair(recent, { a: formatRef(refs.a), b: formatRef(refs.b), hub }) : recent;
    if (known !== recent) keepRecentPairs(known);
    this.#set({ comparison, results: { version: 0, list }, cost, isOpen: true, view, recent: known });
    // Begun at once, the scan would take the cores away from the screen that is being set up.
    await this.#environment.screenDrawn?.();
    if (mine !== this.#job) return;
    if (this.#startsAtOnce(refs)) this.begin();
    else this.enter({ status: "ready" });
  }

  #startsAtOnce(refs: Refs): boolean {
    const state = this.#store.getState();
    const { page, saveData } = this.#environment;
    if (transferOf(state) === 0) return true;
    if (transferOf(state) <= LARGE_SCAN && !saveData) return true;
    const far = [refs.a, refs.b, refs.adapter].filter((ref) => ref != null && ref.kind !== "local") as Ref[];
    return state.exact && (this.typed || far.every((ref) => isLoopback(originOf(ref, state.hub, page))));
  }

  #fail(error: Error): void {
    const errors = error instanceof AggregateError ? (error.errors as Error[]) : [error];
    for (const side of FIELDS) setOperand(this.#store, side, { opening: false });
    for (const one of errors)
      if (one instanceof OperandError) setOperand(this.#store, one.side, { error: one.message });
    const isUnlike = errors.some(({ cause }) => cause instanceof Error && cause.name === "NothingInCommon");
    this.#set({
      rename: { ...this.#store.getState().rename, wanted: isUnlike },
      phase: { status: "failed", error: errors[0].message },
    });
  }

  /** Scans what is paired. */
  begin(): void {
    if (this.#standing?.plan) this.#scans.begin(this.#standing.plan, this.#standing.opened);
  }

  /** Reads one tensor on its own. */
  lookClosely(index: number): void {
    if (this.#standing) this.#scans.lookClosely(index, this.#standing.opened);
  }

  /** Reads a row's drawn tensors again, against the multiples of A nearest to B. */
  takeRescaleOut(row: GridRow): void {
    if (this.#standing) this.#scans.takeRescaleOut(row, this.#standing.opened);
  }

  /** Ends that, and forgets what it found. */
  leaveRescaleIn(): void {
    this.#scans.leaveRescaleIn();
  }

  /** What a busy host turned away is sent again at once. */
  hurry(): void {
    if (this.#surveyed !== null || this.scan) void this.#environment.pool.survey.hurry();
    this.scan?.hurry();
  }
}
