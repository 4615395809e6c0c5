import type { ComponentType } from "react";
import type { Pair } from "../pairing/pair.ts";
import type { AppState } from "../store/app-state.ts";
import type { Slice } from "../store/slice.ts";

/** How a tensor is handed over to an instrument. */
export interface Takes<View> {
  /** On the button that does it. */
  readonly label: string;
  fits(pair: Pair): boolean;
  /** The instrument's view, at that tensor. */
  view(view: View, pair: Pair): View;
}

/**
 * One way to listen. The page knows it by this object alone; `id` names it in links and at `window.auscult.result`, and no
 * two share one, nor a key of the link, nor a kind of job.
 */
export interface Instrument<View = unknown, Kept = unknown> extends Slice<View, Kept> {
  /** On its tab. */
  readonly title: string;
  /** The kinds of jobs that it starts. */
  readonly jobs: readonly string[];
  /** Its code, fetched when it is opened. */
  screen(): Promise<{ default: ComponentType }>;
  /** A tensor that another instrument looks at, and this one can look at too; null where it takes none. */
  readonly takes: Takes<View> | null;
  /** What it shows, as plain data; null before there is something. */
  result(state: AppState): unknown;
}
