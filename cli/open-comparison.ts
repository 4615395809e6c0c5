import type { FileLocation } from "../src/bytes/file-location.ts";
import type { Wait } from "../src/bytes/with-retry.ts";
import type { Comparison } from "../src/comparing/comparison.ts";
import { recordsOf } from "../src/comparing/operand-record.ts";
import type { CheckpointFile } from "../src/hub/checkpoint.ts";
import { relocate } from "../src/hub/relocate.ts";
import type { Side } from "../src/pairing/pair.ts";
import { pairOperands } from "../src/pairing/pair-operands.ts";
import { parseRenameRule } from "../src/pairing/rename-rule.ts";
import { planReads, type ReadPlan } from "../src/reading/read-plan.ts";
import type { OpenedCheckpoint } from "../src/reading/worker-contract.ts";
import { contentDigest } from "./content-digest.ts";
import { hubToken } from "./hub-token.ts";
import { type OpenContext, type OpenedOperand, openOperand } from "./open-operand.ts";
import type { PartHead } from "./part-file.ts";
import type { CompareRequest } from "./read-arguments.ts";

/** A comparison whose operands are open: what there is to read, and where. */
export interface OpenComparison {
  comparison: Comparison;
  plan: ReadPlan;
  locations: Record<Side, FileLocation[]>;
  relocate(location: FileLocation): Promise<FileLocation>;
  contents: PartHead["contents"];
}

/** Opens the operands side by side and pairs them. Rejects with an error that has one sentence. */
export async function openComparison(request: CompareRequest, context: OpenContext): Promise<OpenComparison> {
  const rule = parseRenameRule(request.rename);
  const [a, b, adapter] = await Promise.all([
    openOperand(request.a, false, context),
    request.b === null ? null : openOperand(request.b, false, context),
    request.adapter === null ? null : openOperand(request.adapter, true, context),
  ]);
  const { pairs, unpaired } = pairOperands(a, b, rule, adapter);
  const opened = { a: openedOf(a), b: b && openedOf(b), adapter: adapter && openedOf(adapter) };
  const filesOf = (operand: OpenedOperand | null): CheckpointFile[] => operand?.checkpoint.files ?? [];
  const contents: PartHead["contents"] = {};
  for (const [side, operand] of Object.entries({ a, b, adapter }))
    if (operand) contents[side] = await Promise.all(filesOf(operand).map(contentDigest));
  const locationsOf = (operand: OpenedOperand | null) => filesOf(operand).map(({ location }) => location);
  return {
    comparison: { id: 1, ...recordsOf(opened, a.ref), pairs, unpaired, rename: request.rename },
    plan: planReads(pairs),
    locations: { a: locationsOf(a), b: locationsOf(b), adapter: locationsOf(adapter) },
    relocate: (location) => relocate(location, relocation(context)),
    contents,
  };
}

function openedOf({ checkpoint, adapter }: OpenedOperand): OpenedCheckpoint {
  const { tensors, ...opened } = checkpoint;
  return adapter ? { ...opened, isAdapter: true, notes: [...opened.notes, ...adapter.notes] } : opened;
}

function relocation({ hub, signal, onWait }: OpenContext): Parameters<typeof relocate>[1] {
  const token = hubToken();
  const options: { hub: string; signal: AbortSignal; onWait: (wait: Wait) => () => void; token?: string } = {
    hub,
    signal,
    onWait,
  };
  if (token) options.token = token;
  return options;
}
