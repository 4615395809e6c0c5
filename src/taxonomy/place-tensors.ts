import { moduleWords } from "./module-words.ts";
import { parameterGroup } from "./parameter-group.ts";
import type { Place } from "./place.ts";
import { type HasPath, roleOf } from "./role.ts";
import { readTensorNames, type TensorName } from "./tensor-name.ts";

/** What the names of one stack say together. */
interface Stack {
  has: HasPath;
  /** Path → the row's word. */
  words: ReadonlyMap<string, string>;
}

function readStacks(names: readonly TensorName[]): Map<string, Stack> {
  const pathsOf = new Map<string, Set<string>>();
  for (const { stack, path } of names) {
    const paths = pathsOf.get(stack);
    if (paths) paths.add(path);
    else pathsOf.set(stack, new Set([path]));
  }
  return new Map(
    [...pathsOf].map(([stack, paths]) => [stack, { words: moduleWords(paths), has: (path) => paths.has(path) }]),
  );
}

/** Everything of a place that is the same in each layer and expert. */
function placeInStack(name: TensorName, shape: readonly number[], stack: Stack | undefined) {
  const { role, known } = roleOf(name, shape, stack?.has ?? (() => false));
  const word = known ? (stack?.words.get(name.path) ?? name.path) : name.path;
  const shown = name.parameter === "" || name.parameter === "weight" || name.parameter === "gamma";
  return {
    role,
    module: shown ? word : `${word}.${name.parameter}`,
    stack: name.stack,
    group: parameterGroup(role, shape),
  };
}

/**
 * Says of every tensor of one checkpoint where it stands: layer, role, module, expert, and what it may be pooled with.
 * Same order as `tensors`. The whole list is needed at once: some words mean one thing beside certain siblings and
 * another without them, and a module's name is as short as its siblings allow.
 *
 * That every tensor gets a place does not make every place right: names that no family lists get role `other` and keep
 * their whole path as their module.
 */
export function placeTensors(tensors: readonly { name: string; shape: readonly number[] }[]): Place[] {
  const names = readTensorNames(tensors.map((tensor) => tensor.name));
  const stacks = readStacks(names);
  // A large model repeats a few dozen rows over tens of thousands of layers and experts.
  const rows = new Map<string, ReturnType<typeof placeInStack>>();
  return names.map((name, i) => {
    const shape = tensors[i]?.shape ?? [];
    const key = [name.stack, name.layer === null, name.path, name.parameter, shape.length].join("\0");
    const row = rows.get(key) ?? placeInStack(name, shape, stacks.get(name.stack));
    rows.set(key, row);
    const place: Place = { ...row, layer: name.layer };
    if (name.expert !== undefined) place.expert = name.expert;
    return place;
  });
}
