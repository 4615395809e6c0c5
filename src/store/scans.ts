import type { GridRow } from "../comparing/grid.ts";
import { startCloseLook } from "../instruments/delta/close-look.ts";
import { rankOf } from "../instruments/delta/priorities.ts";
import { startRescaleOut } from "../instruments/delta/rescale-out.ts";
import type { ReadPlan } from "../reading/read-plan.ts";
import type { ScanControl } from "../reading/scan.ts";
import { BusyHosts } from "./busy-hosts.ts";
import type { AppStore } from "./create-store.ts";
import { type Environment, type Opened, relocator } from "./opening.ts";
import { startScan } from "./running.ts";

/**
 * What is computed: the scan of the comparison in the store, the close look at one of its pairs, and the pass that takes the
 * rescale out of some. One of each at a time.
 */
export class Scans {
  readonly busy: BusyHosts;
  readonly #store: AppStore;
  readonly #environment: Environment;
  #scan: ScanControl | null = null;
  #closeLook: ScanControl | null = null;
  #rescaleOut: ScanControl | null = null;

  constructor(store: AppStore, environment: Environment) {
    this.#store = store;
    this.#environment = environment;
    this.busy = new BusyHosts((wait) => {
      if (store.getState().busy !== wait) store.setState({ busy: wait });
    });
  }

  /** The scan under way, or the last one; null before there is one. */
  get scan(): ScanControl | null {
    return this.#scan;
  }

  /** Scans what is paired. */
  begin(plan: ReadPlan, opened: Opened): void {
    const store = this.#store;
    const { comparison, hub } = store.getState();
    if (!comparison) return;
    const started = startScan(
      ...([store, this.#environment, comparison, plan, opened] as const),
      ...([relocator(hub, this.#environment), this.busy] as const),
    );
    this.#scan = started;
    started.prioritise(rankOf(store.getState()));
    store.setState({ phase: { status: "running" } });
    started.start().catch((error: Error) => {
      if (this.#scan === started) store.setState({ phase: { status: "failed", error: error.message } });
    });
  }

  /** Reads one pair on its own, which ends such a look before. */
  lookClosely(index: number, opened: Opened): void {
    const { comparison, hub } = this.#store.getState();
    if (!comparison) return;
    this.#closeLook?.cancel();
    const relocate = relocator(hub, this.#environment);
    this.#closeLook = startCloseLook(this.#store, this.#environment, comparison.pairs[index], opened, relocate);
  }

  /** Reads the drawn tensors of a row again, A multiplied; ends such a pass before. */
  takeRescaleOut(row: GridRow, opened: Opened): void {
    this.leaveRescaleIn();
    const relocate = relocator(this.#store.getState().hub, this.#environment);
    this.#rescaleOut = startRescaleOut(this.#store, this.#environment, row, opened, relocate);
  }

  /** Ends that, and forgets what it found. */
  leaveRescaleIn(): void {
    this.#rescaleOut?.cancel();
    this.#rescaleOut = null;
    this.#store.setState({ rescaleOut: null });
  }

  /** Ends all of them at once. */
  end(): void {
    for (const scan of [this.#scan, this.#closeLook, this.#rescaleOut]) scan?.cancel();
    [this.#scan, this.#closeLook, this.#rescaleOut] = [null, null, null];
    this.busy.forget();
  }
}
