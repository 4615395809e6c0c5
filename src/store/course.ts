import { NO_RESULTS } from "../comparing/comparison.ts";
import { keptNumbers } from "../comparing/kept-numbers.ts";
import { recordsOf } from "../comparing/operand-record.ts";
import { OutcomeList } from "../comparing/outcome-list.ts";
import { ShortTasks } from "../comparing/short-tasks.ts";
import { formatRef } from "../hub/parse-ref.ts";
import { SIDES } from "../pairing/pair.ts";
import { EMPTY_SHELF } from "../permalink/shelf.ts";
import { COMPARISON_FOLDS } from "../reading/folds/fold-parts.ts";
import type { ReadPlan } from "../reading/read-plan.ts";
import type { Rank } from "../reading/segment-queue.ts";
import { scanWorkerCount } from "../workforce/worker-pool.ts";
import type { AppState } from "./app-state.ts";
import { BusyHosts } from "./busy-hosts.ts";
import { type AppStore, EMPTY_OPERAND } from "./create-store.ts";
import { EngineDecision } from "./engine-decision.ts";
import { setOperand } from "./field-actions.ts";
import { isLoopback, originOf } from "./hosts.ts";
import { type Job, newJob } from "./job.ts";
import { type Environment, namedIn, type Opened, OperandError, openAll, pairBoth, type Refs } from "./opening.ts";
import { COURSE } from "./phase.ts";
import { keepRecentPairs, withRecentPair } from "./recent-pairs.ts";
import { type Reading, type Readings, ScanJob } from "./scan-job.ts";
import { fitViews, rankOf } from "./slice.ts";
import { rateOf, transferOf } from "./transfer.ts";

/** What is true once nothing is open any more. */
export const ENDED = { isOpen: false, slices: EMPTY_SHELF } as const;
/** No comparison, and nothing of one. */
export const BLANK = { ...ENDED, comparison: null, results: NO_RESULTS, cost: null, hosts: [] } as const;

/** A scan of more bytes than this waits for a click. */
const LARGE_SCAN = 2e9;

/** Operands that are open. */
interface Standing {
  refs: Refs;
  opened: Opened;
  /** How they are read, once they are paired. */
  plan: ReadPlan | null;
}

/**
 * The way to a comparison: operands are opened, paired, scanned; and what is read again of one that is there. One comparison
 * at a time: a new one ends the one before, with all that reads it.
 */
export class Course implements Readings {
  readonly #store: AppStore;
  readonly #environment: Environment;
  readonly #busy: BusyHosts;
  readonly #engine: EngineDecision;
  /** What reads the operands, by the kind of its job: one of each at a time. */
  readonly #readings = new Map<string, ScanJob>();
  /** Kinds of jobs that end with the comparison. */
  readonly #kinds = new Set<string>(COURSE);
  #turn = 0;
  #standing: Standing | null = null;
  /** The survey's job for what is opened, or that has the tensors of what is open; null where it keeps none. */
  #surveyed: number | null = null;
  /** The person typed the operands, or chose them; no link brought them. */
  typed = false;

  constructor(store: AppStore, environment: Environment) {
    this.#store = store;
    this.#environment = environment;
    this.#engine = new EngineDecision(environment.pool, environment.gpu);
    this.#busy = new BusyHosts((wait) => {
      if (store.getState().busy !== wait) store.setState({ busy: wait });
    });
    environment.pool.watchWasm(() => {
      const { chosen } = store.getState().engine;
      if (chosen === "wasm") store.setState(({ engine }) => ({ engine: { ...engine, ...this.#engine.again() } }));
    });
  }

  #set(patch: Partial<AppState>): void {
    this.#store.setState(patch);
  }

  /** Puts `job`, or none, in the place of all that was under way here; `also` changes with it, so that nobody sees a gap. */
  enter(job: Job | null, also: Partial<AppState> = {}): void {
    this.#store.setState(({ jobs }) => {
      const others = jobs.filter(({ kind }) => !this.#kinds.has(kind));
      return { ...also, jobs: job ? [...others, job] : others };
    });
  }

  /** What was asked for failed before anything could be opened. */
  refuse(error: string): void {
    this.enter(newJob("open", "failed", error));
  }

  /** Counts up with everything that is asked for: who waits can tell that it was overtaken. */
  get turn(): number {
    return this.#turn;
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

  /** Ends what reads the operands. */
  #endReadings(): void {
    for (const reading of this.#readings.values()) reading.stop();
    this.#readings.clear();
    this.#busy.forget();
  }

  /** Ends whatever is under way; what is known stays on screen. The state is for the caller to change: `enter`, with `ENDED`. */
  end(): void {
    this.#forget();
    this.#endReadings();
    this.#standing = null;
    this.#turn++;
  }

  /** Ends it because the person says so; what was found stays. */
  stop(): void {
    const { comparison, jobs } = this.#store.getState();
    const job = jobs.find(({ kind }) => COURSE.some((one) => one === kind));
    this.end();
    this.enter(comparison && job ? { ...job, status: "stopped", error: null } : null, ENDED);
  }

  /** Opens, pairs, and scans where that needs no click. What fails ends in the state. */
  async open(refs: Refs): Promise<void> {
    const mine = this.#turn;
    const store = this.#store;
    const environment = this.#environment;
    const { hub, engine } = store.getState();
    this.#surveyed = mine;
    this.enter(newJob("open"));
    // Asked each time: it may be another worker, where the one before could not be loaded. One that cannot be is told of below.
    environment.pool.survey
      .listen((request, wait) => this.#busy.note(`survey ${request}`, wait))
      .catch(() => undefined);
    // The GPU is looked at while the headers travel.
    const since = performance.now();
    const decision = this.#engine.decide(engine.forced, (lost) =>
      this.#set({ notices: [...store.getState().notices, lost] }),
    );
    try {
      const opened = await openAll(refs, hub, environment, mine);
      if (mine !== this.#turn) return;
      this.#standing = { refs, opened, plan: null };
      this.#set({ openingRate: rateOf(opened, performance.now() - since) });
      const choice = await decision;
      if (mine !== this.#turn) return;
      this.#set({ engine: { ...store.getState().engine, ...choice } });
      await this.#pair(this.#standing);
    } catch (error) {
      if (mine === this.#turn) this.#fail(error as Error);
    }
  }

  /** Pairs again what is open, by another rule. */
  async pairAgain(): Promise<void> {
    if (!this.#standing) return;
    this.#endReadings();
    this.#turn++;
    this.enter(newJob("pair"), { ...BLANK, notices: [] });
    for (const side of SIDES) setOperand(this.#store, side, { error: null });
    const mine = this.#turn;
    await this.#pair(this.#standing).catch((failure: Error) => {
      if (mine === this.#turn) this.#fail(failure);
    });
  }

  /** Pairs what is open and shows it. Rejects with an OperandError. */
  async #pair(standing: Standing): Promise<void> {
    const { refs, opened } = standing;
    const mine = this.#turn;
    const store = this.#store;
    const { rename, hub, recent } = store.getState();
    const { pairing, cost, plan } = await pairBoth(opened, rename.text, this.#environment, this.#surveyed ?? mine);
    if (mine !== this.#turn) return;
    standing.plan = plan;
    const { pairs, unpaired } = pairing;
    if (!opened.b || (unpaired.length === 0 && rename.text === "")) {
      // No rule can pair more of them.
      this.#forget();
    }
    const record = recordsOf(opened, refs.a);
    for (const side of SIDES) {
      const { ref = "", label = null, revision = null } = record[side] ?? {};
      setOperand(store, side, { ...EMPTY_OPERAND, text: ref, label, revision });
    }
    if (record.adapter && !pairs.some(({ adapter }) => adapter))
      record.adapter.notes.push(
        `Nothing of the adapter ${record.adapter.label} can be compared with B's change. The table of all tensors says why.`,
      );
    const comparison = { id: mine, ...record, pairs, unpaired, rename: rename.text };
    const tasks = new ShortTasks();
    const views = fitViews(this.#environment.instruments, store.getState().views, comparison);
    if (tasks.full) await tasks.next();
    const list = new OutcomeList(pairs);
    if (tasks.full) await tasks.next();
    if (mine !== this.#turn) return;
    const known =
      refs.b && !refs.adapter ? withRecentPair(recent, { a: formatRef(refs.a), b: formatRef(refs.b), hub }) : recent;
    if (known !== recent) keepRecentPairs(known);
    this.#set({ comparison, results: { version: 0, list }, cost, isOpen: true, views, recent: known });
    // Begun at once, the scan would take the cores away from the screen that is being set up.
    await this.#environment.screenDrawn?.();
    if (mine !== this.#turn) return;
    if (this.#startsAtOnce(refs)) this.begin();
    else this.enter(newJob("scan", "waiting"));
  }

  #startsAtOnce(refs: Refs): boolean {
    const state = this.#store.getState();
    const { page, saveData } = this.#environment;
    if (transferOf(state) === 0) return true;
    if (transferOf(state) <= LARGE_SCAN && !saveData) return true;
    const far = namedIn(refs).filter(({ kind }) => kind !== "local");
    return state.exact && (this.typed || far.every((ref) => isLoopback(originOf(ref, state.hub, page))));
  }

  #fail(error: Error): void {
    const errors = error instanceof AggregateError ? (error.errors as Error[]) : [error];
    for (const one of errors)
      if (one instanceof OperandError) setOperand(this.#store, one.side, { error: one.message });
    const isUnlike = errors.some(({ cause }) => cause instanceof Error && cause.name === "NothingInCommon");
    this.enter(newJob("open", "failed", errors[0].message), {
      rename: { ...this.#store.getState().rename, wanted: isUnlike },
    });
  }

  /** Scans what is paired. Its numbers go into the results of the comparison. */
  begin(): void {
    const { comparison, cost, results, engine } = this.#store.getState();
    if (!comparison || !this.#standing?.plan) return;
    const { list } = results;
    const { pairs } = comparison;
    this.#set({ engine: { ...engine, workers: scanWorkerCount(this.#environment.pool.cores) } });
    this.read({
      kind: "scan",
      instead: COURSE,
      pairs,
      plan: this.#standing.plan,
      folds: COMPARISON_FOLDS,
      bytes: { a: cost?.bytes.a ?? 0, b: (cost?.bytes.b ?? 0) + (cost?.bytes.adapter ?? 0) },
      canPause: true,
      onResult: (pair, result, by) =>
        list.set(pair, { ...result, stats: keptNumbers(pairs[pair], result.stats), engine: by }),
      alongside: (state) => ({ results: { version: state.results.version + 1, list } }),
    });
    this.prioritise(rankOf(this.#environment.instruments, this.#store.getState()));
  }

  get savesData(): boolean {
    return this.#environment.saveData;
  }

  get config(): Record<string, unknown> | undefined {
    return this.#standing?.opened.a.config;
  }

  /** Reads tensors of what is open as a job that ends with the comparison, and ends one of its kind before it. */
  read(reading: Reading): void {
    if (!this.#standing) return;
    const { kind } = reading;
    this.#readings.get(kind)?.stop();
    this.#kinds.add(kind);
    this.#readings.set(kind, new ScanJob(this.#store, this.#environment, this.#standing.opened, this.#busy, reading));
  }

  /** Ends such a job and takes it off the list; `also` changes with it. */
  stopReading(kind: string, also: Partial<AppState> = {}): void {
    this.#readings.get(kind)?.stop();
    this.#readings.delete(kind);
    this.#store.setState(({ jobs }) => ({ ...also, jobs: jobs.filter((job) => job.kind !== kind) }));
  }

  pause(): void {
    this.#readings.get("scan")?.pause();
  }

  resume(): void {
    this.#readings.get("scan")?.resume();
  }

  /** What ranks lowest is scanned first from now on. */
  prioritise(rank: Rank): void {
    this.#readings.get("scan")?.prioritise(rank);
  }

  /** What a busy host turned away is sent again at once. */
  hurry(): void {
    if (this.#surveyed !== null || this.#readings.size > 0) void this.#environment.pool.survey.hurry();
    for (const reading of this.#readings.values()) reading.hurry();
  }
}
