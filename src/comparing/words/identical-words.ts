import type { OperandRecord } from "../operand-record.ts";

/** How to speak of what is known to be the same on both sides without being read. */
export interface IdenticalWords {
  word: string;
  /** Why it was not read. */
  reason: string;
  sentence: string;
  /** What "nothing changed" rests on. */
  proof: string;
}

const SAME_FILE: IdenticalWords = {
  word: "identical",
  reason: "same file on both sides, not downloaded",
  sentence:
    "Identical: both sides have the same file, so this was not downloaded. That nothing changed is exact, by its hash.",
  proof: "exact, by hash",
};

const UNTOUCHED: IdenticalWords = {
  word: "unchanged",
  reason: "the adapter does not touch it, not downloaded",
  sentence: "Unchanged: the adapter does not touch it, so B has A's own weights and nothing was downloaded.",
  proof: "exact, not touched",
};

/** Beside an adapter nothing is identical but what it leaves alone. */
export const identicalWords = (b: Pick<OperandRecord, "adapter"> | null | undefined): IdenticalWords =>
  b?.adapter ? UNTOUCHED : SAME_FILE;
