import type { Ref } from "../hub/ref.ts";
import type { OpenedCheckpoint } from "../reading/worker-contract.ts";
import type { Opened } from "../store/opening.ts";
import { baseNote } from "./base-note.ts";
import type { OperandRecord } from "./comparison.ts";

/** What a comparison remembers of an operand that was opened. */
function recordOf(checkpoint: OpenedCheckpoint): OperandRecord {
  const { ref, label, revision, files, notes, baseModel, isAdapter } = checkpoint;
  const list = files.map(({ path, size, hash }) => ({ path, size, hash: hash ?? null }));
  const record = { ref, label, revision: revision ?? null, files: list, notes };
  return { ...record, ...(baseModel ? { baseModel } : {}), ...(isAdapter ? { adapter: true } : {}) };
}

/** The records of all that was opened; an adapter's says where it was not made for A. `refA` is A's as it was asked for. */
export function recordsOf({ a, b, adapter }: Opened, refA: Ref) {
  const noted = (opened: OpenedCheckpoint): OperandRecord => {
    const record = recordOf(opened);
    const note = opened.isAdapter ? baseNote(opened, a, refA) : null;
    return { ...record, notes: [...record.notes, ...(note ? [note] : [])] };
  };
  return { a: recordOf(a), b: b ? noted(b) : null, ...(adapter ? { adapter: noted(adapter) } : {}) };
}
