import type { Row } from "../report/table.mjs";
import type { Torch } from "../rivals/torch.mjs";
import type { Stage } from "../stage/open-stage.mjs";
import type { repeater } from "../stage/repeat.mjs";

/** What a measurement is given. Stage and torch are started when they are first asked for. */
export interface Tools {
  repeat: ReturnType<typeof repeater>["repeat"];
  /** How many are asked for. */
  runs: number;
  /** Small data: the figures mean nothing. */
  quick: boolean;
  /** The engine that the page is told to take; undefined: it chooses. */
  engine: string | undefined;
  stage: () => Promise<Stage>;
  /** Null where no Python has torch. */
  torch: () => Promise<Torch | null>;
}

/** What came out: what the figures depend on, every run, and the rows of the table. */
export interface Result {
  facts?: object;
  runs: { others?: number | null }[];
  rows: Row[];
  /** Measured on a card that is none: the figures are not kept. */
  isNoOnes?: boolean;
}

/** Why there is nothing to measure here, as the end of a sentence. */
export interface NotMeasured {
  notMeasured: string;
}

export interface Measurement {
  /** As it is asked for on the command line, and its result file is called. */
  name: string;
  /** What is measured, in a line. */
  about: string;
  measure: (tools: Tools) => Promise<Result | NotMeasured>;
}
