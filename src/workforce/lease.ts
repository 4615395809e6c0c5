import type { EngineName } from "../kernels/engine.ts";
import type { ScanApi, ScanEvent } from "../reading/worker-contract.ts";

/** What a job awaited of workers that it no longer holds. */
export class LeaseRevoked extends Error {
  override readonly name = "LeaseRevoked";
}

/** A job's hold on workers. A worker that dies is replaced by another behind it, as long as that helps: see ScanSeat. */
export interface Lease {
  /**
   * Scan workers set up for `engine`. `onEvent` hears of the runs given through them, and of nothing else that they do.
   * Rejects with WorkerFailed where they cannot be loaded, with LeaseRevoked after `revoke`.
   */
  scanners(engine: EngineName, onEvent: (event: ScanEvent) => void): Promise<ScanApi[]>;
  /**
   * Lets go: all that the job awaits of them rejects with LeaseRevoked, they end what they do for it, and no event comes
   * any more. What other jobs have them do goes on.
   */
  revoke(reason?: string): void;
}

/** One worker's door for one job. */
export interface HeldScanner {
  api: ScanApi;
  /** Ends the runs that came through here; nothing is told of them any more. */
  release(): void;
}

/** Workers held from now on; `ready` resolves when they are set up, and rejects where they cannot be. */
export interface TakenScanners {
  scanners: readonly HeldScanner[];
  ready: Promise<unknown>;
}

/** Where a lease has its workers from. */
export type TakeScanners = (engine: EngineName, onEvent: (event: ScanEvent) => void) => TakenScanners;

/** A lease over whatever `take` gives: the same promises for the browser's workers and for those of a test. */
export class WorkerLease implements Lease {
  readonly #take: TakeScanners;
  readonly #held: HeldScanner[] = [];
  readonly #awaited = new Set<(error: Error) => void>();
  #revoked: LeaseRevoked | null = null;

  constructor(take: TakeScanners) {
    this.#take = take;
  }

  scanners(engine: EngineName, onEvent: (event: ScanEvent) => void): Promise<ScanApi[]> {
    return this.#await(async () => {
      const { scanners, ready } = this.#take(engine, (event) => {
        if (!this.#revoked) onEvent(event);
      });
      this.#held.push(...scanners);
      await ready;
      return scanners.map(({ api }) => this.#holding(api));
    });
  }

  revoke(reason = "What was computing this was called off. Start it again."): void {
    if (this.#revoked) return;
    this.#revoked = new LeaseRevoked(reason);
    for (const { release } of this.#held.splice(0)) release();
    for (const reject of this.#awaited) reject(this.#revoked);
    this.#awaited.clear();
  }

  #holding(api: ScanApi): ScanApi {
    // Words about a run of a worker that is gone concern nobody.
    const tell = async (word: () => Promise<void>) => {
      if (!this.#revoked) await word().catch(() => undefined);
    };
    return {
      run: (run) => this.#await(() => api.run(run)),
      finishEarly: (run) => tell(() => api.finishEarly(run)),
      cancel: (run) => tell(() => api.cancel(run)),
      hurry: () => tell(() => api.hurry()),
    };
  }

  /** What `ask` resolves to, unless the lease is revoked first. */
  #await<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#revoked) return reject(this.#revoked);
      this.#awaited.add(reject);
      ask()
        .then(resolve, reject)
        .finally(() => this.#awaited.delete(reject));
    });
  }
}
