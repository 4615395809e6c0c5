import { encodeFloats } from "./fixtures/encode.ts";
import type { FixtureTensor } from "./fixtures/write-safetensors.ts";
import { valuesOf } from "./float64-oracle.ts";

/** The tensors of a well-formed file, by name. */
function tensorsOf(file: Uint8Array): Map<string, FixtureTensor> {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const { __metadata__, ...entries } = header;
  return new Map(
    Object.entries(entries).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [begin, end],
        },
      ]) => {
        const data = file.slice(8 + length + begin, 8 + length + end);
        return [name, { name, dtype, shape, data }];
      },
    ),
  );
}

/** What a weight's parts are called in an adapter's file. */
interface Names {
  a: string;
  b: string;
  magnitude?: string;
  /** Of a tensor that replaces the base's. */
  whole?: string;
}

const PEFT = (module: string): Names => ({
  a: `base_model.model.${module}.lora_A.weight`,
  b: `base_model.model.${module}.lora_B.weight`,
  magnitude: `base_model.model.${module}.lora_magnitude_vector`,
  whole: `base_model.model.${module}.weight`,
});
const KOHYA = (module: string): Names => {
  const flat = `lora_te_${module.replaceAll(".", "_")}`;
  return { a: `${flat}.lora_down.weight`, b: `${flat}.lora_up.weight` };
};

export interface Merged {
  /** The base with the adapter added, in float32; tensors that it does not touch are left out. */
  tuned: FixtureTensor[];
  /** Bytes of the adapter's tensors that this takes. */
  bytes: number;
}

/**
 * Merges an adapter into its base by the definitions, in float64: b = fl32(a + fl32(s·BA)), or with a magnitude
 * b = fl32(m·(a + s·BA)/‖a + s·BA‖ by rows). Shares no code with the page.
 */
export function mergedOracle(
  base: readonly FixtureTensor[],
  file: Uint8Array,
  { scale, spelling }: { scale: number; spelling: "peft" | "kohya" },
): Merged {
  const stored = tensorsOf(file);
  const merged: Merged = { tuned: [], bytes: 0 };
  for (const own of base) {
    const names = (spelling === "peft" ? PEFT : KOHYA)(own.name.replace(/\.weight$/, ""));
    const part = (name: string | undefined) => (name === undefined ? undefined : stored.get(name));
    const [a, b, magnitude, whole] = [part(names.a), part(names.b), part(names.magnitude), part(names.whole)];
    for (const each of [a, b, magnitude, whole]) merged.bytes += each?.data.length ?? 0;
    if (whole) merged.tuned.push({ ...whole, name: own.name });
    if (a && b) merged.tuned.push(updated(own, b, a, scale, magnitude));
  }
  return merged;
}

function updated(
  own: FixtureTensor,
  up: FixtureTensor,
  down: FixtureTensor,
  scale: number,
  magnitude: FixtureTensor | undefined,
): FixtureTensor {
  const [w, b, a] = [valuesOf(own), valuesOf(up), valuesOf(down)];
  const m = magnitude && valuesOf(magnitude);
  const [rows = 0, columns = 0] = own.shape;
  const rank = b.length / rows;
  const dtype = own.dtype === "F64" ? "F64" : "F32";
  const out: number[] = [];
  for (let i = 0; i < rows; i++) {
    const moved = Array.from({ length: columns }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += b[i * rank + k] * a[k * columns + j];
      return w[i * columns + j] + (m || dtype === "F64" ? scale * sum : Math.fround(scale * sum));
    });
    const norm = Math.hypot(...moved);
    out.push(...(m ? moved.map((value) => (m[i] * value) / norm) : moved));
  }
  return { ...own, dtype, data: encodeFloats(out, dtype) };
}
