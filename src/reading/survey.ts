import { looksLikeAdapter, readAdapter } from "../adapters/read-adapter.ts";
import type { FileLocation } from "../bytes/file-location.ts";
import type { Wait } from "../bytes/with-retry.ts";
import type { Checkpoint } from "../hub/checkpoint.ts";
import type { Ref } from "../hub/ref.ts";
import type { Pairing, Side } from "../pairing/pair.ts";
import { type Operand, pairOperands } from "../pairing/pair-operands.ts";
import { parseRenameRule } from "../pairing/rename-rule.ts";
import { type PackedPlaces, packPlaces } from "../taxonomy/packed-places.ts";
import { placeTensors } from "../taxonomy/place-tensors.ts";
import { costOf, cutPairs, planFromCuts } from "./read-plan.ts";
import type { OpenedCheckpoint, OpenOptions, PairingSize, SurveyApi } from "./worker-contract.ts";

interface Job {
  controller: AbortController;
  opened: Partial<Record<Side, Operand>>;
  pairing: Pairing | null;
}

/** How a tool's requests are ended, and whom it tells of waits. */
export interface SurveyHooks {
  signal?: AbortSignal;
  onWait: (wait: Wait) => () => void;
}

/** How checkpoints are opened, their addresses renewed, and models found; and how waits are cut short. */
export interface SurveyTools {
  open(ref: Ref, options: OpenOptions & SurveyHooks): Promise<Checkpoint>;
  relocate(location: FileLocation, options: OpenOptions & SurveyHooks): Promise<FileLocation>;
  search(text: string, options: OpenOptions & { signal: AbortSignal }): Promise<string[]>;
  hurry(): void;
}

/**
 * What the survey worker does. Tensors stay here, tens of thousands of them a side: the page gets the pairs made of them,
 * a piece at a time, so that no message takes it long to receive.
 */
export class Survey implements SurveyApi {
  readonly #tools: SurveyTools;
  readonly #jobs = new Map<number, Job>();
  #search = new AbortController();
  #tell: Parameters<SurveyApi["listen"]>[0] = () => {};
  #waits = 0;

  constructor(tools: SurveyTools) {
    this.#tools = tools;
  }

  async open(job: number, side: Side, ref: Ref, options: OpenOptions): Promise<OpenedCheckpoint> {
    const mine = this.#jobs.get(job) ?? { controller: new AbortController(), opened: {}, pairing: null };
    this.#jobs.set(job, mine);
    const { signal } = mine.controller;
    const checkpoint = await this.#tools.open(ref, { ...options, signal, onWait: this.#onWait });
    const adapter = side === "adapter" || looksLikeAdapter(checkpoint) ? readAdapter(checkpoint) : null;
    mine.opened[side] = { checkpoint, adapter };
    const { tensors, ...opened } = checkpoint;
    return adapter ? { ...opened, isAdapter: true, notes: [...opened.notes, ...adapter.notes] } : opened;
  }

  async pair(job: number, rename: string): Promise<PairingSize> {
    const mine = this.#jobs.get(job);
    const { a, b, adapter } = mine?.opened ?? {};
    if (!mine || !a) throw new Error("The job was ended, or nothing was opened in it.");
    const pairing = pairOperands(a, b ?? null, parseRenameRule(rename), adapter ?? null);
    mine.pairing = pairing;
    const cuts = cutPairs(pairing.pairs);
    return {
      pairs: pairing.pairs.length,
      unpaired: pairing.unpaired.length,
      cost: costOf(planFromCuts(pairing.pairs, cuts)),
      cuts,
    };
  }

  async pairing(job: number, from: number, to: number): Promise<Pairing> {
    const { pairs = [], unpaired = [] } = this.#jobs.get(job)?.pairing ?? {};
    return { pairs: pairs.slice(from, to), unpaired: unpaired.slice(from, to) };
  }

  async place(names: string[], shapes: Float64Array): Promise<PackedPlaces> {
    let at = 0;
    const tensors = names.map((name) => {
      const rank = shapes[at++] ?? 0;
      const shape = [...shapes.subarray(at, at + rank)];
      at += rank;
      return { name, shape };
    });
    return packPlaces(placeTensors(tensors));
  }

  relocate(location: FileLocation, options: OpenOptions): Promise<FileLocation> {
    return this.#tools.relocate(location, { ...options, onWait: this.#onWait });
  }

  async search(text: string, options: OpenOptions): Promise<string[]> {
    this.#search.abort();
    this.#search = new AbortController();
    return text === "" ? [] : this.#tools.search(text, { ...options, signal: this.#search.signal });
  }

  async listen(onWait: Parameters<SurveyApi["listen"]>[0]): Promise<void> {
    this.#tell = onWait;
  }

  async hurry(): Promise<void> {
    this.#tools.hurry();
  }

  #onWait = (wait: Wait): (() => void) => {
    const request = this.#waits++;
    void this.#tell(request, wait);
    return () => void this.#tell(request, null);
  };

  async cancel(job: number): Promise<void> {
    this.#jobs.get(job)?.controller.abort();
    this.#jobs.delete(job);
  }
}
