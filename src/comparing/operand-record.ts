import { adapterBaseModel } from "../hub/base-model.ts";
import type { Checkpoint } from "../hub/checkpoint.ts";
import type { Ref } from "../hub/ref.ts";
import type { Side } from "../pairing/pair.ts";

/** What is remembered of an operand: which bytes it was, and what to call it. */
export interface OperandRecord extends Pick<Checkpoint, "ref" | "label" | "notes" | "baseModel"> {
  /** The full commit hash of a Hub repo; null of everything else. */
  revision: string | null;
  files: { path: string; size: number; hash: string | null }[];
  /** It is an adapter: as B it stands for A with the adapter applied, as A for what it adds to a model. */
  adapter?: true;
}

/** Those of all sides. B is null where A is looked at alone, and the adapter where none stands beside A and B. */
export interface OperandRecords extends Record<Side, OperandRecord | null> {
  a: OperandRecord;
}

/** What of an operand that was opened its record is made from. */
type OpenedOperand = Omit<Checkpoint, "tensors" | "opened"> & { isAdapter?: true };

function recordOf({ ref, label, revision, files, notes, baseModel, isAdapter }: OpenedOperand): OperandRecord {
  const record: OperandRecord = {
    ref,
    label,
    revision: revision ?? null,
    files: files.map(({ path, size, hash }) => ({ path, size, hash: hash ?? null })),
    notes: [...notes],
  };
  if (baseModel) record.baseModel = baseModel;
  if (isAdapter) record.adapter = true;
  return record;
}

/**
 * The sentence for an adapter whose configuration names another base than A; null where it names A's, or none that can be told
 * apart from A: a folder of its author's, or an A that has no name on the Hub. `refA` is A's as it was asked for.
 */
function baseNote(adapter: OpenedOperand, a: OpenedOperand, refA: Ref): string | null {
  const named = adapterBaseModel(adapter.adapter);
  if (named === undefined || refA.kind !== "hub") return null;
  // A repo may have got another name since the adapter was trained.
  const names = [refA.repo, a.label.replace(/:.*$/, "")].map((name) => name.toLowerCase());
  if (names.includes(named.toLowerCase())) return null;
  return `The adapter ${adapter.label} was trained on ${named}, says its configuration, and A is ${a.label}: check that these are the same weights.`;
}

/** The records of all that was opened; an adapter's says where it was not made for A. `refA` is A's as it was asked for. */
export function recordsOf(
  { a, b, adapter }: Record<Side, OpenedOperand | null> & { a: OpenedOperand },
  refA: Ref,
): OperandRecords {
  const besideA = (opened: OpenedOperand): OperandRecord => {
    const record = recordOf(opened);
    const note = opened.isAdapter ? baseNote(opened, a, refA) : null;
    if (note) record.notes.push(note);
    return record;
  };
  return { a: recordOf(a), b: b && besideA(b), adapter: adapter ? besideA(adapter) : null };
}
