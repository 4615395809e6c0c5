import type { LowRankUpdate } from "../tensors/low-rank-update.ts";
import type { View } from "../tensors/view.ts";

/**
 * The update of a stack of experts, one matrix for each (PEFT, `target_parameters`): A holds one expert's rows of rank below
 * another's, [experts · rank, in], and B the experts by turns, [out, rank · experts]. `update.rank` is that of one expert. Its
 * file does not say which of a module's parameters it is for; their shapes do.
 */
export interface StackedUpdate {
  update: LowRankUpdate;
  experts: number;
  /** The parameters that it may be for. */
  parameters: readonly string[];
}

/** The update of a stack, of `experts` · `rank` rows in A as it is stored; or why there is none. */
export function stackedUpdate(
  update: LowRankUpdate,
  rank: unknown,
  parameters: readonly string[],
): StackedUpdate | string {
  if (typeof rank !== "number" || !Number.isInteger(rank) || rank < 1 || update.rank % rank !== 0)
    return `The update is one of a stack of experts (target_parameters), and its matrices of rank ${update.rank} are not a whole number of times the rank that the configuration says.`;
  if (update.magnitude)
    return "The update is a DoRA of a stack of experts (target_parameters), which is not computed here.";
  return { update: { ...update, rank }, experts: update.rank / rank, parameters };
}

/** The update of each expert of a view [experts, …, …], turned as the view's shape asks; or why there is none. */
export function updatesOfExperts({ update, experts }: StackedUpdate, view: View): LowRankUpdate[] | string {
  const { out, in: inner } = update;
  const isOf = (...shape: number[]) => view.shape.join() === [experts, ...shape].join();
  const [byRows, byColumns] = [isOf(out, inner), isOf(inner, out)];
  if (!byRows && !byColumns)
    return `The update is of ${experts} experts of shape [${out}, ${inner}], but ${view.name} of the base has the shape [${view.shape.join(", ")}]. The adapter belongs to another model, or to this one in another size.`;
  if (byRows && byColumns && view.inputMajor === undefined)
    return `The experts of ${view.name} are square, and nothing says which way round an update is to be added to them.`;
  const transposed = byRows && byColumns ? view.inputMajor === true : byColumns;
  return Array.from({ length: experts }, (_, index) => ({
    ...update,
    name: `${update.name}[${index}]`,
    transposed,
    expert: { index, of: experts },
  }));
}
