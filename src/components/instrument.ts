import type { ComponentType } from "react";
import type { AppState } from "../store/app-state.ts";
import type { Slice } from "../store/slice.ts";

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
  /** What it shows, as plain data; null before there is something. */
  result(state: AppState): unknown;
}
