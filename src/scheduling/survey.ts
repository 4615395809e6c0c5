import type { FileLocation } from "../bytes/file-location.ts";
import type { Checkpoint } from "../hub/checkpoint.ts";
import type { Ref } from "../hub/ref.ts";
import type { Pairing } from "../pairing/pair.ts";
import { pairViews } from "../pairing/pair-views.ts";
import { requireCommon } from "../pairing/pairing-error.ts";
import { placeTensors } from "../taxonomy/place-tensors.ts";
import { viewsOf } from "../tensors/views-of.ts";
import { costOf, planReads } from "./read-plan.ts";
import type { OpenedCheckpoint, OpenOptions, PackedPlaces, PairingSize, SurveyApi } from "./worker-contract.ts";

interface Job {
  controller: AbortController;
  opened: { a?: Checkpoint; b?: Checkpoint };
  pairing: Pairing | null;
}

/** How checkpoints are opened and their addresses renewed. */
export interface SurveyTools {
  open(ref: Ref, options: OpenOptions & { signal: AbortSignal }): Promise<Checkpoint>;
  relocate(location: FileLocation, options: OpenOptions): Promise<FileLocation>;
}

/**
 * What the survey worker does. Tensors stay here, tens of thousands of them a side: the page gets the pairs made of them,
 * a piece at a time, so that no message takes it long to receive.
 */
export class Survey implements SurveyApi {
  readonly #tools: SurveyTools;
  readonly #jobs = new Map<number, Job>();

  constructor(tools: SurveyTools) {
    this.#tools = tools;
  }

  async open(job: number, side: "a" | "b", ref: Ref, options: OpenOptions): Promise<OpenedCheckpoint> {
    const mine = this.#jobs.get(job) ?? { controller: new AbortController(), opened: {}, pairing: null };
    this.#jobs.set(job, mine);
    const checkpoint = await this.#tools.open(ref, { ...options, signal: mine.controller.signal });
    mine.opened[side] = checkpoint;
    const { tensors, ...opened } = checkpoint;
    return opened;
  }

  async pair(job: number): Promise<PairingSize> {
    const mine = this.#jobs.get(job);
    const { a, b } = mine?.opened ?? {};
    if (!mine || !a) throw new Error("The job was ended, or nothing was opened in it.");
    const pairing = pairViews(viewsOf(a), b ? viewsOf(b) : null);
    requireCommon(pairing, a.label, b?.label ?? a.label);
    mine.pairing = pairing;
    // The page asks for the pairs next; of the tensors nothing more is needed.
    mine.opened = {};
    return {
      pairs: pairing.pairs.length,
      unpaired: pairing.unpaired.length,
      cost: costOf(planReads(pairing.pairs)),
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
    return this.#tools.relocate(location, options);
  }

  async cancel(job: number): Promise<void> {
    this.#jobs.get(job)?.controller.abort();
    this.#jobs.delete(job);
  }
}

/** A few dozen rows, and for each tensor the number of its row, its layer and its expert (−1: none). */
function packPlaces(places: ReturnType<typeof placeTensors>): PackedPlaces {
  const numbers = new Map<string, number>();
  const rows: PackedPlaces["rows"] = [];
  const columns = new Int32Array(3 * places.length);
  for (const [i, { layer, expert, ...row }] of places.entries()) {
    const key = `${row.stack}\n${row.module}\n${row.role}\n${row.group}`;
    const number = numbers.get(key) ?? rows.push(row) - 1;
    numbers.set(key, number);
    columns.set([number, layer ?? -1, expert ?? -1], 3 * i);
  }
  return { rows, columns };
}
