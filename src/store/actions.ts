import { setToken, tokenFor } from "../access/token-vault.ts";
import type { Ref } from "../hub/ref.ts";
import { splitRefs } from "../hub/split-refs.ts";
import { formatLink, type Link } from "../permalink/permalink.ts";
import { DEFAULT_VIEW, type ViewState } from "../permalink/view-state.ts";
import type { Scan } from "../scheduling/scan.ts";
import type { OpenedCheckpoint } from "../scheduling/worker-contract.ts";
import type { AppState, Phase, Side } from "./app-state.ts";
import { canLookClosely, startCloseLook } from "./close-look.ts";
import { type Comparison, NO_RESULTS, type OperandRecord } from "./comparison.ts";
import { type AppStore, EMPTY_OPERAND, NO_ENGINE } from "./create-store.ts";
import { decideEngine } from "./engine-decision.ts";
import { cellOf, groupsOf, pairNamed } from "./grid.ts";
import { DEFAULT_HUB, isLoopback, isUnasked, originOf, readHub } from "./hosts.ts";
import { linkOf } from "./link.ts";
import { type Environment, type Opened, OperandError, openBoth, readField, relocator } from "./opening.ts";
import { OutcomeList } from "./outcome-list.ts";
import { rankOf } from "./priorities.ts";
import { startScan } from "./running.ts";
import { ShortTasks } from "./short-tasks.ts";

/** What is true once nothing is open any more. */
const ENDED = { isOpen: false, closeLook: null } as const;

/** A scan of more bytes than this waits for a click. */
const LARGE_SCAN = 2e9;

export type Actions = ReturnType<typeof createActions>;

function recordOf(checkpoint: OpenedCheckpoint): OperandRecord {
  const { ref, label, revision, files, notes } = checkpoint;
  const list = files.map(({ path, size, hash }) => ({ path, size, hash: hash ?? null }));
  return { ref, label, revision: revision ?? null, files: list, notes };
}

/** Everything the page can be asked to do. One scan at a time: a new comparison ends the one before. */
export function createActions(store: AppStore, environment: Environment) {
  let job = 0;
  let opened: Opened | null = null;
  let scan: Scan | null = null;
  let closeLook: Scan | null = null;
  let typed = false;

  const set = (patch: Partial<AppState>) => store.setState(patch);
  const enter = (phase: Phase) => set({ phase });
  const setOperand = (side: Side, patch: Partial<AppState["operands"]["a"]>) =>
    store.setState(({ operands }) => ({ operands: { ...operands, [side]: { ...operands[side], ...patch } } }));

  /** Ends whatever is under way; what is known stays on screen. The state is for the caller to change: with `ENDED`. */
  function end(): void {
    void environment.pool.survey.cancel(job);
    scan?.cancel();
    closeLook?.cancel();
    [scan, closeLook, opened] = [null, null, null];
    job++;
  }

  function refsOf(): { a: Ref; b: Ref | null } | null {
    const { operands, hub } = store.getState();
    const texts = { a: operands.a.text.trim(), b: operands.b.text.trim() };
    // One model in the second field only is still one model.
    if (!texts.a && texts.b) [texts.a, texts.b] = [texts.b, ""];
    const a = readField(texts.a, hub);
    const b = texts.b ? readField(texts.b, hub) : null;
    setOperand("a", { ...EMPTY_OPERAND, text: "text" in a ? a.text : texts.a, error: "error" in a ? a.error : null });
    const errorB = b && "error" in b ? b.error : null;
    setOperand("b", { ...EMPTY_OPERAND, text: b && "text" in b ? b.text : texts.b, error: errorB });
    if ("error" in a || (b && "error" in b)) return null;
    return { a: a.ref, b: b?.ref ?? null };
  }

  async function open(refs: { a: Ref; b: Ref | null }): Promise<void> {
    const mine = job;
    const { hub, engine } = store.getState();
    enter({ status: "opening" });
    setOperand("a", { opening: true });
    setOperand("b", { opening: refs.b !== null });
    // The GPU is looked at while the headers travel.
    const since = performance.now();
    const decision = decideEngine(engine.forced, environment.pool, environment.gpu, (lost) =>
      set({ notices: [...store.getState().notices, lost] }),
    );
    try {
      const result = await openBoth(refs, hub, environment, mine);
      const choice = await decision;
      if (mine !== job) return;
      opened = result;
      const { pairs, unpaired } = result.pairing;
      const record = { a: recordOf(result.a), b: result.b ? recordOf(result.b) : null };
      for (const side of ["a", "b"] as const) {
        const { ref = "", label = null, revision = null } = record[side] ?? {};
        setOperand(side, { ...EMPTY_OPERAND, text: ref, label, revision });
      }
      const comparison = { id: mine, ...record, pairs, unpaired };
      const tasks = new ShortTasks();
      const view = viewFor(store.getState().view, comparison);
      if (tasks.full) await tasks.next();
      const list = new OutcomeList(pairs);
      if (tasks.full) await tasks.next();
      if (mine !== job) return;
      set({
        comparison,
        results: { version: 0, list },
        cost: result.cost,
        isOpen: true,
        openingRate: rateOf(result, performance.now() - since),
        engine: { ...store.getState().engine, ...choice },
        view,
      });
      if (startsAtOnce(refs)) begin();
      else enter({ status: "ready" });
    } catch (error) {
      if (mine !== job) return;
      fail(error as Error);
    }
  }

  function startsAtOnce(refs: { a: Ref; b: Ref | null }): boolean {
    const { cost, exact, hub } = store.getState();
    const bytes = cost ? cost.bytesA + cost.bytesB : 0;
    if (bytes <= LARGE_SCAN && !environment.saveData) return true;
    const origins = [refs.a, ...(refs.b ? [refs.b] : [])].map((ref) => originOf(ref, hub, environment.page));
    return exact && (typed || origins.every(isLoopback));
  }

  function fail(error: Error): void {
    const errors = error instanceof AggregateError ? (error.errors as Error[]) : [error];
    for (const side of ["a", "b"] as const) setOperand(side, { opening: false });
    for (const one of errors) if (one instanceof OperandError) setOperand(one.side, { error: one.message });
    enter({ status: "failed", error: errors[0].message });
  }

  function begin(): void {
    if (!opened) return;
    const comparison = store.getState().comparison;
    if (!comparison) return;
    scan = startScan(store, environment, comparison, opened, relocator(store.getState().hub, environment));
    scan.prioritise(rankOf(store.getState()));
    enter({ status: "running" });
    const started = scan;
    started.start().catch((error: Error) => {
      if (scan === started) enter({ status: "failed", error: error.message });
    });
  }

  const actions = {
    setText(side: Side, text: string): void {
      setOperand(side, { ...EMPTY_OPERAND, text });
    },

    /** Puts dropped or pasted references where they belong: two fill both fields, one the first empty one. */
    takeText(text: string): void {
      const refs = splitRefs(text);
      if (refs.length === 0) return;
      const { operands } = store.getState();
      if (refs.length >= 2) {
        actions.setText("a", refs[0]);
        actions.setText("b", refs[1]);
      } else actions.setText(operands.a.text && !operands.b.text ? "b" : "a", refs[0]);
    },

    swap(): void {
      const { operands, phase, comparison } = store.getState();
      store.setState({ operands: { a: operands.b, b: operands.a } });
      // Only what was compared here is compared again: neither a link that waits for consent nor a saved file connects.
      const saved = comparison !== null && opened === null;
      const compared = phase.status !== "empty" && phase.status !== "consent" && !saved;
      if (compared && operands.a.text && operands.b.text) void actions.compare();
    },

    /** Compares what stands in the fields. The person asked for it, so any host they named is connected to. */
    async compare(): Promise<void> {
      typed = true;
      end();
      set({ ...ENDED, comparison: null, results: NO_RESULTS, cost: null, progress: null, notices: [] });
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
        ...ENDED,
        comparison: null,
        results: NO_RESULTS,
        cost: null,
        progress: null,
        notices: [...problems],
        hub,
        exact: link.exact,
        engine: { ...NO_ENGINE, forced: link.engine },
        view: link.view,
        operands: {
          a: { ...EMPTY_OPERAND, text: link.a ?? "" },
          b: { ...EMPTY_OPERAND, text: link.b ?? link.adapter ?? "" },
        },
      });
      if (!link.a && !link.b) return enter({ status: "empty" });
      if ("error" in read) return enter({ status: "failed", error: read.error });
      if (link.adapter && !link.b) {
        setOperand("b", {
          error:
            "This is an adapter, and adapters cannot be applied here yet. Merge it into its base and compare the merged model.",
        });
        return enter({ status: "failed", error: "Adapters cannot be applied here yet." });
      }
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
      for (const side of ["a", "b"] as const) setOperand(side, { opening: false });
      set({ ...ENDED, phase: comparison ? { status: "stopped" } : { status: "empty" } });
    },

    setView(patch: Partial<ViewState>): void {
      store.setState(({ view }) => ({ view: { ...view, ...patch } }));
      if ("cell" in patch || "module" in patch || "group" in patch) scan?.prioritise(rankOf(store.getState()));
    },

    setHub(text: string): void {
      const read = readHub(text.trim() || DEFAULT_HUB);
      if ("hub" in read) set({ hub: read.hub });
      else set({ notices: [read.error] });
    },

    /** Whether a read token is kept for the Hub in use; never the token itself. */
    hasToken: (): boolean => tokenFor(store.getState().hub) !== undefined,

    /** Keeps a read token for the Hub in use, in this tab only. */
    setToken(token: string): void {
      setToken(store.getState().hub, token);
    },

    /** Reads one tensor on its own: an expert's distribution, or ‖A‖ of an identical one. */
    lookClosely(index: number): void {
      const { comparison, hub } = store.getState();
      if (!comparison || !opened || !canLookClosely(store.getState())) return;
      closeLook?.cancel();
      closeLook = startCloseLook(store, environment, comparison.pairs[index], opened, relocator(hub, environment));
    },

    /** Opens a saved comparison; nothing is fetched. */
    async openFile(file: Blob): Promise<void> {
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
          view,
          phase: { status: "finished" },
        });
      } catch (error) {
        set({ notices: [(error as Error).message] });
      } finally {
        set({ filing: false });
      }
    },

    /** Puts the link of what is on screen on the clipboard. */
    async copyLink(): Promise<void> {
      await navigator.clipboard.writeText(environment.address + formatLink(linkOf(store.getState())));
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
