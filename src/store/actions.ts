import { proxy } from "comlink";
import { formatRef } from "../hub/parse-ref.ts";
import type { Ref } from "../hub/ref.ts";
import { formatLink, type Link } from "../permalink/permalink.ts";
import { DEFAULT_VIEW, type ViewState } from "../permalink/view-state.ts";
import type { Scan } from "../scheduling/scan.ts";
import type { OpenedCheckpoint } from "../scheduling/worker-contract.ts";
import { createAccessActions } from "./access-actions.ts";
import type { AppState, Phase } from "./app-state.ts";
import { BusyHosts } from "./busy-hosts.ts";
import { canLookClosely, startCloseLook } from "./close-look.ts";
import { type Comparison, NO_RESULTS, type OperandRecord } from "./comparison.ts";
import { type AppStore, EMPTY_OPERAND, NO_ENGINE, NO_RENAME } from "./create-store.ts";
import { decideEngine } from "./engine-decision.ts";
import { createFieldActions, setOperand } from "./field-actions.ts";
import { cellOf, groupsOf, pairNamed } from "./grid.ts";
import { DEFAULT_HUB, isLoopback, isUnasked, originOf, readHub } from "./hosts.ts";
import { linkOf } from "./link.ts";
import { isLocal, LocalDrops } from "./local-drops.ts";
import {
  type Environment,
  type Opened,
  OperandError,
  openBoth,
  pairBoth,
  pinOf,
  readField,
  relocator,
  ruleError,
} from "./opening.ts";
import { OutcomeList } from "./outcome-list.ts";
import { rankOf } from "./priorities.ts";
import { keepRecentPairs, type RecentPair, withRecentPair } from "./recent-pairs.ts";
import { startScan } from "./running.ts";
import { ShortTasks } from "./short-tasks.ts";
import { transferOf } from "./transfer.ts";

/** What is true once nothing is open any more. */
const ENDED = { isOpen: false, closeLook: null } as const;
/** No comparison, and nothing of one. */
const BLANK = { ...ENDED, comparison: null, results: NO_RESULTS, cost: null, progress: null } as const;

/** A scan of more bytes than this waits for a click. */
const LARGE_SCAN = 2e9;

export type Actions = ReturnType<typeof createActions>;

function recordOf(checkpoint: OpenedCheckpoint): OperandRecord {
  const { ref, label, revision, files, notes, baseModel, isAdapter } = checkpoint;
  const list = files.map(({ path, size, hash }) => ({ path, size, hash: hash ?? null }));
  const record = { ref, label, revision: revision ?? null, files: list, notes };
  return { ...record, ...(baseModel ? { baseModel } : {}), ...(isAdapter ? { adapter: true } : {}) };
}

interface Refs {
  a: Ref;
  b: Ref | null;
}

/** Operands that are open. */
interface Standing {
  refs: Refs;
  opened: Opened;
}

/** Everything the page can be asked to do. One scan at a time: a new comparison ends the one before. */
export function createActions(store: AppStore, environment: Environment) {
  let job = 0;
  let standing: Standing | null = null;
  /** The survey's job for what is opened, or that has the tensors of what is open; null where it keeps none. */
  let surveyed: number | null = null;
  let scan: Scan | null = null;
  let closeLook: Scan | null = null;
  let typed = false;

  const drops = new LocalDrops();

  const set = (patch: Partial<AppState>) => store.setState(patch);
  const enter = (phase: Phase) => set({ phase });
  const busy = new BusyHosts((wait) => {
    if (store.getState().busy !== wait) set({ busy: wait });
  });

  /** Ends what is computed; the operands stay open. */
  function endScan(): void {
    scan?.cancel();
    closeLook?.cancel();
    [scan, closeLook] = [null, null];
    busy.forget();
  }

  /** Ends the survey's job. Where there is none its worker is not asked: the first screen does without it. */
  function forget(): void {
    if (surveyed !== null) void environment.pool.survey.cancel(surveyed);
    surveyed = null;
  }

  /** Ends whatever is under way; what is known stays on screen. The state is for the caller to change: with `ENDED`. */
  function end(): void {
    forget();
    endScan();
    standing = null;
    job++;
  }

  function refsOf(): Refs | null {
    const { operands, hub } = store.getState();
    const texts = { a: operands.a.text.trim(), b: operands.b.text.trim() };
    // One model in the second field only is still one model.
    if (!texts.a && texts.b) [texts.a, texts.b] = [texts.b, ""];
    const a = readField(texts.a, hub, drops);
    const b = texts.b ? readField(texts.b, hub, drops) : null;
    for (const [side, read] of [["a", a] as const, ["b", b] as const]) {
      const known = read && "ref" in read ? { text: read.text, revision: pinOf(read.ref) } : null;
      const error = read && "error" in read ? read.error : null;
      setOperand(store, side, { ...EMPTY_OPERAND, text: texts[side], ...known, error });
    }
    if ("error" in a || (b && "error" in b)) return null;
    return { a: a.ref, b: b?.ref ?? null };
  }

  async function open(refs: Refs): Promise<void> {
    const mine = job;
    const { hub, engine } = store.getState();
    surveyed = mine;
    enter({ status: "opening" });
    for (const side of ["a", "b"] as const) setOperand(store, side, { opening: refs[side] !== null });
    // Asked each time: it may be another worker, where the one before could not be loaded. One that cannot be is told of below.
    environment.pool.survey
      .listen(proxy((request, wait) => busy.note(`survey ${request}`, wait)))
      .catch(() => undefined);
    // The GPU is looked at while the headers travel.
    const since = performance.now();
    const decision = decideEngine(engine.forced, environment.pool, environment.gpu, (lost) =>
      set({ notices: [...store.getState().notices, lost] }),
    );
    try {
      const opened = await openBoth(refs, hub, environment, mine);
      if (mine !== job) return;
      standing = { refs, opened };
      set({ openingRate: rateOf(opened, performance.now() - since) });
      const choice = await decision;
      if (mine !== job) return;
      set({ engine: { ...store.getState().engine, ...choice } });
      await pair(standing);
    } catch (error) {
      if (mine === job) fail(error as Error);
    }
  }

  /** Pairs what is open and shows it. Rejects with an OperandError. */
  async function pair({ refs, opened }: Standing): Promise<void> {
    const mine = job;
    const { rename, hub, recent } = store.getState();
    const { pairing, cost } = await pairBoth(opened, rename.text, environment, surveyed ?? mine);
    if (mine !== job) return;
    const { pairs, unpaired } = pairing;
    if (!opened.b || (unpaired.length === 0 && rename.text === "")) {
      // No rule can pair more of them.
      forget();
    }
    const record = { a: recordOf(opened.a), b: opened.b ? recordOf(opened.b) : null };
    for (const side of ["a", "b"] as const) {
      const { ref = "", label = null, revision = null } = record[side] ?? {};
      setOperand(store, side, { ...EMPTY_OPERAND, text: ref, label, revision });
    }
    const comparison = { id: mine, ...record, pairs, unpaired, rename: rename.text };
    const tasks = new ShortTasks();
    const view = viewFor(store.getState().view, comparison);
    if (tasks.full) await tasks.next();
    const list = new OutcomeList(pairs);
    if (tasks.full) await tasks.next();
    if (mine !== job) return;
    const known = refs.b ? withRecentPair(recent, { a: formatRef(refs.a), b: formatRef(refs.b), hub }) : recent;
    if (known !== recent) keepRecentPairs(known);
    set({ comparison, results: { version: 0, list }, cost, isOpen: true, view, recent: known });
    if (startsAtOnce(refs)) begin();
    else enter({ status: "ready" });
  }

  function startsAtOnce(refs: Refs): boolean {
    const { exact, hub } = store.getState();
    if (transferOf(store.getState()) === 0) return true;
    if (transferOf(store.getState()) <= LARGE_SCAN && !environment.saveData) return true;
    const far = [refs.a, refs.b].filter((ref) => ref !== null && ref.kind !== "local") as Ref[];
    return exact && (typed || far.every((ref) => isLoopback(originOf(ref, hub, environment.page))));
  }

  function fail(error: Error): void {
    const errors = error instanceof AggregateError ? (error.errors as Error[]) : [error];
    for (const side of ["a", "b"] as const) setOperand(store, side, { opening: false });
    for (const one of errors) if (one instanceof OperandError) setOperand(store, one.side, { error: one.message });
    const isUnlike = errors.some(({ cause }) => cause instanceof Error && cause.name === "NothingInCommon");
    set({
      rename: { ...store.getState().rename, wanted: isUnlike },
      phase: { status: "failed", error: errors[0].message },
    });
  }

  function begin(): void {
    const { comparison, hub } = store.getState();
    if (!standing || !comparison) return;
    scan = startScan(store, environment, comparison, standing.opened, relocator(hub, environment), busy);
    scan.prioritise(rankOf(store.getState()));
    enter({ status: "running" });
    const started = scan;
    started.start().catch((error: Error) => {
      if (scan === started) enter({ status: "failed", error: error.message });
    });
  }

  /** Opens a saved comparison; nothing is fetched. */
  async function openFile(file: Blob): Promise<void> {
    set({ filing: true });
    const mine = job;
    try {
      const { readComparisonFile } = await import("./read-comparison-file.ts");
      const { place } = environment.pool.survey;
      const { comparison, results, engine } = await readComparisonFile(file, job + 1, (...of) => place(...of));
      // Something else was asked for meanwhile.
      if (mine !== job) return;
      const view = viewFor(DEFAULT_VIEW, comparison);
      end();
      set({
        ...ENDED,
        ...{ comparison, results: { version: 1, list: results }, cost: null, progress: null, notices: [] },
        operands: {
          a: { ...EMPTY_OPERAND, text: comparison.a.ref, label: comparison.a.label, revision: comparison.a.revision },
          b: {
            ...EMPTY_OPERAND,
            text: comparison.b?.ref ?? "",
            label: comparison.b?.label ?? null,
            revision: comparison.b?.revision ?? null,
          },
        },
        engine: { ...NO_ENGINE, forced: store.getState().engine.forced, chosen: engine },
        ...{ view, rename: NO_RENAME },
        phase: { status: "finished" },
      });
    } catch (error) {
      set({ notices: [(error as Error).message] });
    } finally {
      set({ filing: false });
    }
  }

  const access = createAccessActions(store, environment);

  const actions = {
    ...access,
    ...createFieldActions(store, drops, openFile),

    swap(): void {
      const { operands, phase, comparison } = store.getState();
      store.setState({ operands: { a: operands.b, b: operands.a }, rename: NO_RENAME });
      // Only what was compared here is compared again: neither a link that waits for consent nor a saved file connects.
      const saved = comparison !== null && standing === null;
      const compared = phase.status !== "empty" && phase.status !== "consent" && !saved;
      if (compared && operands.a.text && operands.b.text) void actions.compare();
    },

    /** Compares what stands in the fields. The person asked for it, so any host they named is connected to. */
    async compare(): Promise<void> {
      typed = true;
      access.agreeToHub();
      end();
      set({ ...BLANK, notices: [] });
      const refs = refsOf();
      if (!refs) return enter({ status: "failed", error: "One of the references cannot be read." });
      await open(refs);
    },

    /** Opens a link: asks before it talks to a host that the link alone names. */
    async openLink(link: Link, problems: readonly string[] = []): Promise<void> {
      typed = false;
      end();
      const read = readHub(link.hub ?? DEFAULT_HUB);
      const hub = "hub" in read ? read.hub : DEFAULT_HUB;
      set({
        ...BLANK,
        notices: [...problems],
        hub,
        exact: link.exact,
        engine: { ...NO_ENGINE, forced: link.engine },
        view: link.view,
        rename: { ...NO_RENAME, text: link.rename ?? "" },
        operands: {
          a: { ...EMPTY_OPERAND, text: link.a ?? "" },
          b: { ...EMPTY_OPERAND, text: link.b ?? link.adapter ?? "" },
        },
      });
      if (!link.a && !link.b && !link.adapter) return enter({ status: "empty" });
      if ("error" in read) return enter({ status: "failed", error: read.error });
      if (link.adapter && link.b) {
        const error =
          "The link names both a tuned model (b) and an adapter (adapter), but A is compared with one of them. Choose one and compare.";
        setOperand(store, "b", { error });
        return enter({ status: "failed", error });
      }
      const rule = ruleError(link.rename ?? "");
      if (rule) set({ rename: { ...NO_RENAME, error: rule }, notices: [...problems, rule] });
      const refs = refsOf();
      if (!refs) return enter({ status: "failed", error: "One of the references in the link cannot be read." });
      const origins = [refs.a, ...(refs.b ? [refs.b] : [])].map((ref) => originOf(ref, hub, environment.page));
      const asked = [...new Set(origins)].filter((origin) => !isUnasked(origin, environment.page));
      if (asked.length > 0) return enter({ status: "consent", hosts: asked });
      await open(refs);
    },

    /** The person agrees to the hosts that a link named. */
    async agree(): Promise<void> {
      if (store.getState().phase.status !== "consent") return;
      access.agreeToHub();
      const refs = refsOf();
      if (refs) await open(refs);
    },

    /** The click that a large scan waits for. */
    start(): void {
      if (store.getState().phase.status === "ready") begin();
    },

    pause: (): void => scan?.pause(),
    resume: (): void => scan?.resume(),

    /** Ends the scan and keeps what it found. */
    cancel(): void {
      const { comparison } = store.getState();
      end();
      for (const side of ["a", "b"] as const) setOperand(store, side, { opening: false });
      set({ ...ENDED, phase: comparison ? { status: "stopped" } : { status: "empty" } });
    },

    setView(patch: Partial<ViewState>): void {
      store.setState(({ view }) => ({ view: { ...view, ...patch } }));
      if ("cell" in patch || "module" in patch || "group" in patch) scan?.prioritise(rankOf(store.getState()));
    },

    /** What a busy host turned away is sent again at once. */
    hurry(): void {
      if (surveyed !== null || scan) void environment.pool.survey.hurry();
      scan?.hurry();
    },

    /** Compares the one model that is open, as B, with the one that it says it was made from. */
    async compareWithBase(): Promise<void> {
      const { ref, baseModel } = store.getState().comparison?.a ?? {};
      if (!ref || !baseModel) return;
      actions.setText("a", baseModel);
      actions.setText("b", ref);
      await actions.compare();
    },

    /** Compares a pair again that was compared before, on the Hub that it was on. */
    async compareRecent({ a, b, hub }: RecentPair): Promise<void> {
      actions.setHub(hub);
      actions.setText("a", a);
      actions.setText("b", b);
      await actions.compare();
    },

    forgetRecent(): void {
      keepRecentPairs([]);
      set({ recent: [] });
    },

    /** Rewrites B's names by a rule (`pattern => replacement`) and pairs again what is open; an empty text takes it back. */
    async setRename(text: string): Promise<void> {
      const rule = text.trim();
      const error = ruleError(rule);
      if (error) return set({ rename: { ...store.getState().rename, error } });
      const { comparison, operands } = store.getState();
      set({ rename: { ...NO_RENAME, text: rule } });
      if (standing === null || (comparison && comparison.rename === rule)) return;
      if (surveyed === null) {
        // Its tensors are no longer kept. The fields may hold something else by now.
        if (comparison && operands.a.text === comparison.a.ref) await actions.compare();
        return;
      }
      endScan();
      job++;
      set({ ...BLANK, phase: { status: "opening" }, notices: [] });
      for (const side of ["a", "b"] as const) setOperand(store, side, { error: null });
      const mine = job;
      await pair(standing).catch((failure: Error) => {
        if (mine === job) fail(failure);
      });
    },

    /** Reads one tensor on its own: an expert's distribution, or ‖A‖ of an identical one. */
    lookClosely(index: number): void {
      const { comparison, hub } = store.getState();
      if (!comparison || !standing || !canLookClosely(store.getState())) return;
      closeLook?.cancel();
      const { opened } = standing;
      closeLook = startCloseLook(store, environment, comparison.pairs[index], opened, relocator(hub, environment));
    },

    openFile,

    /** Puts the link of what is on screen on the clipboard. */
    async copyLink(): Promise<void> {
      const link = linkOf(store.getState());
      await navigator.clipboard.writeText(environment.address + formatLink(link));
      const here = [link.a, link.b, link.adapter]
        .filter((ref) => ref !== null && isLocal(ref))
        .map((ref) => ref?.slice("local:".length));
      if (here.length === 0) return;
      set({
        notices: [
          `The link was copied, but local files cannot be in it: whoever opens it has to drop ${here.join(" and ")} there.`,
        ],
      });
    },

    /** Downloads the comparison as a file. */
    async save(): Promise<void> {
      const { comparison, results, engine } = store.getState();
      if (!comparison) return;
      set({ filing: true });
      try {
        const { saveComparison } = await import("./save-comparison.ts");
        const { file, name } = await saveComparison(comparison, results.list, engine.chosen);
        environment.download(file, name);
      } catch (error) {
        set({ notices: [`The comparison could not be saved: ${(error as Error).message}`] });
      } finally {
        set({ filing: false });
      }
    },

    dismissNotices(): void {
      set({ notices: [] });
    },
  };
  return actions;
}

/** Bytes that say something about the line; fewer say more about its delay. */
const TELLING_BYTES = 1e6;

/** Bytes per second while headers were read; null where too little was read to tell. */
function rateOf({ a, b }: Opened, milliseconds: number): number | null {
  const bytes = a.opened.bytes + (b?.opened.bytes ?? 0);
  return bytes >= TELLING_BYTES ? (bytes / milliseconds) * 1000 : null;
}

/**
 * The view as far as this comparison can be looked at that way. One model alone has no change to draw, two have no lone
 * norm; a group or a cell that is not there would be an empty picture with no way out of it.
 */
function viewFor(view: ViewState, comparison: Comparison): ViewState {
  const { pairs } = comparison;
  const groups = groupsOf(pairs);
  const hasCell = view.cell !== null && (cellOf(pairs, view.cell) ?? pairNamed(pairs, view.cell)) !== undefined;
  const metric = view.metric === "normA" ? DEFAULT_VIEW.metric : view.metric;
  return {
    ...view,
    metric: comparison.b ? metric : "normA",
    group: groups.includes(view.group) ? view.group : (groups[0] ?? view.group),
    cell: hasCell ? view.cell : null,
  };
}
