import { placeTensors } from "../place-tensors.ts";

interface Told {
  layer: number | null;
  expert: number | undefined;
  role: string;
  /** No other tensor of the model has its cell and its name. */
  isAlone: boolean;
}

/** What was written down of a tensor, and what the taxonomy says of it. */
export interface PlaceCase {
  name: string;
  expected: Told;
  found: Told;
}

/** `model.layers.3.mlp.experts.7.up_proj.weight  2048x7168  3/7  moe.expert.up`; `-` for no layer, `[]` for no dimension. */
function readRow(line: string): { name: string; shape: number[]; expected: Told } {
  const [name = "", size = "", at = "", role = "", ...rest] = line.split(/\s+/);
  if (role === "" || rest.length > 0) throw new Error(`A row is a name, a shape, a layer and a role: ${line}`);
  const [layer, expert] = at.split("/");
  return {
    name,
    shape: size === "[]" ? [] : size.split("x").map(Number),
    expected: {
      layer: layer === "-" ? null : Number(layer),
      ...{ expert: expert === undefined ? undefined : Number(expert), role, isAlone: true },
    },
  };
}

/**
 * For tests: a table per model, names and shapes as its checkpoint has them, layer (with `/expert`) and role as written
 * down by hand. Each model's rows are placed together, because siblings decide what some words mean.
 */
export function placesOf(models: Readonly<Record<string, string>>): [model: string, cases: PlaceCase[]][] {
  return Object.entries(models).map(([model, text]) => {
    const rows = text
      .trim()
      .split(/\s*\n\s*/)
      .map(readRow);
    const places = placeTensors(rows);
    const cells = places.map(({ stack, layer, module, expert }) => JSON.stringify([stack, layer, module, expert]));
    const cases = rows.map(({ name, expected }, i): PlaceCase => {
      const { layer = null, expert, role = "" } = places[i] ?? {};
      const isAlone = cells.indexOf(cells[i] ?? "") === i && cells.lastIndexOf(cells[i] ?? "") === i;
      return { name, expected, found: { layer, expert, role, isAlone } };
    });
    return [model, cases];
  });
}
