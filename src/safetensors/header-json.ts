import { DTYPE_BITS, type Dtype } from "./dtype.ts";
import { FormatError } from "./format-error.ts";
import { JsonNumber, JsonObject, parseStrictJson, type StrictJson } from "./strict-json.ts";

/** A tensor as the header has it: sizes as they are written (u64), offsets in bytes from the data section's first. */
export interface RawTensor {
  name: string;
  dtype: Dtype;
  shape: readonly bigint[];
  begin: bigint;
  end: bigint;
}

const U64_MAX = 2n ** 64n - 1n;
const METADATA = "__metadata__";
const FIELDS = ["dtype", "shape", "data_offsets"] as const;

/**
 * Takes a header's JSON apart, as freely and as strictly as the official reader (safetensors 0.8.0 on serde_json): a name
 * given twice counts the last time, unknown fields are passed over, a tensor may be written as an array of its three
 * fields; but `__metadata__` or a known field given twice, or a size not written as a plain integer, is refused. Throws
 * `InvalidHeaderDeserialization`.
 */
export function headerTensors(json: string): { tensors: RawTensor[]; metadata: Map<string, string> } {
  let root: StrictJson;
  try {
    root = parseStrictJson(json);
  } catch (cause) {
    throw refusal(`it is not valid JSON (${cause instanceof Error ? cause.message : cause})`, cause);
  }
  if (!(root instanceof JsonObject)) throw refusal("it is not a JSON object");
  const tensors = new Map<string, RawTensor>();
  let metadata: Map<string, string> | undefined;
  for (const [name, value] of root.members) {
    if (name !== METADATA) {
      tensors.set(name, rawTensor(name, value));
      continue;
    }
    if (metadata) throw refusal(`"${METADATA}" is given twice`);
    metadata = textMap(value);
  }
  return { tensors: [...tensors.values()], metadata: metadata ?? new Map() };
}

function textMap(value: StrictJson): Map<string, string> {
  if (value === null) return new Map();
  if (!(value instanceof JsonObject)) throw refusal(`"${METADATA}" is not an object`);
  return new Map(
    value.members.map(([key, text]) => {
      if (typeof text !== "string") throw refusal(`"${key}" in "${METADATA}" is not a text`);
      return [key, text];
    }),
  );
}

function rawTensor(name: string, value: StrictJson): RawTensor {
  const [dtype, shape, offsets] = fields(name, value);
  if (!Array.isArray(shape)) throw refusal(`the shape of tensor "${name}" is not a list`);
  if (!Array.isArray(offsets) || offsets.length !== 2) throw refusal(`tensor "${name}" has no pair of data offsets`);
  const [begin = 0n, end = 0n] = offsets.map((item) => u64(name, item));
  return { name, dtype: dtypeOf(name, dtype), shape: shape.map((item) => u64(name, item)), begin, end };
}

/** The three fields in the order of `FIELDS`. */
function fields(name: string, value: StrictJson): StrictJson[] {
  if (Array.isArray(value)) {
    if (value.length !== FIELDS.length) throw refusal(`tensor "${name}" is a list of other than three fields`);
    return value;
  }
  if (!(value instanceof JsonObject)) throw refusal(`tensor "${name}" is not an object`);
  const { members } = value;
  return FIELDS.map((field) => {
    const found = members.filter(([key]) => key === field);
    const [first] = found;
    if (!first) throw refusal(`tensor "${name}" has no field "${field}"`);
    if (found.length > 1) throw refusal(`tensor "${name}" has the field "${field}" twice`);
    return first[1];
  });
}

function dtypeOf(name: string, value: StrictJson): Dtype {
  const text = value instanceof JsonObject ? unitVariant(value) : value;
  if (typeof text === "string" && Object.hasOwn(DTYPE_BITS, text)) return text as Dtype;
  const shown = typeof text === "string" ? `the unknown type "${text}"` : "no readable type";
  throw refusal(`tensor "${name}" has ${shown}`);
}

/** serde also reads an enum's member written as `{"F32": null}`. */
function unitVariant({ members }: JsonObject): string | undefined {
  const [only, ...more] = members;
  return only && more.length === 0 && only[1] === null ? only[0] : undefined;
}

function u64(name: string, value: StrictJson): bigint {
  const size = value instanceof JsonNumber && /^\d+$/.test(value.text) ? BigInt(value.text) : U64_MAX + 1n;
  if (size > U64_MAX) throw refusal(`tensor "${name}" has a size or offset that is not a whole number of 64 bits`);
  return size;
}

function refusal(what: string, cause?: unknown): FormatError {
  return new FormatError(
    "InvalidHeaderDeserialization",
    `The header cannot be read: ${what}. The file is damaged or not a safetensors file.`,
    { cause },
  );
}
