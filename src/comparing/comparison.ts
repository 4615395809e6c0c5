import type { Pair, Unpaired } from "../pairing/pair.ts";
import type { OperandRecords } from "./operand-record.ts";
import { OutcomeList } from "./outcome-list.ts";

/** Opened operands and what belongs together in them. The numbers are in an `OutcomeList`. */
export interface Comparison extends OperandRecords {
  /** Counts up with every comparison, so that late messages of an old one can be told. */
  id: number;
  pairs: readonly Pair[];
  unpaired: readonly Unpaired[];
  /** The rule by which B's names were rewritten; empty for none. */
  rename: string;
}

/**
 * The numbers so far. The list is filled in place while a scan runs; `version` counts up whenever it is worth looking
 * again, and a new object is put into the store.
 */
export interface Results {
  version: number;
  list: OutcomeList;
}

export const NO_RESULTS: Results = { version: 0, list: new OutcomeList([]) };
