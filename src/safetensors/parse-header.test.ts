import { describe, expect, it } from "vitest";
import { randomFrom } from "../../e2e/fixtures/random.ts";
import { writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { DTYPE_BITS } from "./dtype.ts";
import { FormatError } from "./format-error.ts";
import { headerByteLength, parseHeader } from "./parse-header.ts";
import vectors from "./safetensors-vectors.json" with { type: "json" };

/** A file of a header's text and so many data bytes. */
function file(json: string, dataBytes = 0): Uint8Array {
  const header = new TextEncoder().encode(json);
  const bytes = new Uint8Array(8 + header.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return bytes;
}

function verdict(bytes: Uint8Array): string {
  try {
    parseHeader(bytes, bytes.length);
    return "OK";
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    expect(error.message).toMatch(/^[A-Z].*\.$/s);
    return error.name;
  }
}

describe("the official reader's verdicts", () => {
  it.each(vectors.vectors)("$name: $error", ({ bytes_base64, bytes_len, error }) => {
    const bytes = new Uint8Array(Buffer.from(bytes_base64, "base64"));
    expect(bytes.length).toBe(bytes_len);
    expect(verdict(bytes)).toBe(error);
  });

  const one = '"shape":[1],"data_offsets":[0,1]';
  const i8 = `"dtype":"I8",${one}`;
  const json = "InvalidHeaderDeserialization";
  // Seen with the official 0.8.0 wheel, one data byte each.
  it.each([
    [`{"a":{"dtype":{"I8":null},${one}}}`, "OK"],
    [`{"a":{"dtype":{"I8":1},${one}}}`, json],
    [`{"a":{"dtype":{"I8":null,"U8":null},${one}}}`, json],
    [`{"a":{"dtype":0,${one}}}`, json],
    ['{"a":["I8",[1],[0,1],3]}', json],
    ['{"a":["I8",[1]]}', json],
    ['{"a":null}', json],
    [`{"a":{${i8},"x":1,"x":2}}`, "OK"],
    [`{"a":{${i8},"x":1e999}}`, json],
    [`{"a":{${i8},"x":1${"0".repeat(310)}}}`, json],
    [`{"a":{${i8},"x":${"[".repeat(125)}${"]".repeat(125)}}}`, "OK"],
    [`{"a":{${i8},"x":${"[".repeat(126)}${"]".repeat(126)}}}`, json],
    ['{"a":{"dtype":"I8","shape":[-0],"data_offsets":[0,0]}}', json],
    ['{"a":{"dtype":"I8","shape":[true],"data_offsets":[0,1]}}', json],
    ['{"a":{"dtype":"I8","shape":{},"data_offsets":[0,1]}}', json],
    ['{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1,2]}}', json],
    ['{"a":{"dtype":"I8","shape":[1],"data_offsets":{"0":0,"1":1}}}', json],
    [`{"a":{${i8}},"a":5}`, json],
    ['{"__metadata__":null,"__metadata__":{}}', json],
    ["[{}]", json],
    [`{"\\ud83d\\ude00":{${i8}}}`, "OK"],
    [`{"\\ud83d":{${i8}}}`, json],
    [`{"\\ude00\\ud83d":{${i8}}}`, json],
    [`{"a":{${i8}},}`, json],
  ])("%s: %s", (text, expected) => {
    expect(verdict(file(text, 1))).toBe(expected);
  });

  it.each([
    ["[0,9223372036854775807,9]", "OK"],
    ["[9223372036854775807,9,0]", "ValidationOverflow"],
    ["[9223372036854775807,2]", "ValidationOverflow"],
  ])("multiplies the shape %s from the left: %s", (shape, expected) => {
    expect(verdict(file(`{"a":{"dtype":"F32","shape":${shape},"data_offsets":[0,0]}}`))).toBe(expected);
  });
});

describe("what a header yields", () => {
  const tensors = Object.entries(DTYPE_BITS).map(([dtype, bits], i) => ({
    name: `layers.${i}.${dtype}`,
    dtype,
    shape: [i + 1, 8],
    data: new Uint8Array((i + 1) * bits),
  }));

  it.each([{ alignHeader: true }, { alignHeader: false }])("every type where it lies, %o", (options) => {
    const bytes = writeSafetensors(tensors, { metadata: { format: "pt" }, ...options });
    const { tensors: read, metadata, fileSize } = parseHeader(bytes, bytes.length);
    expect(fileSize).toBe(bytes.length);
    expect([...metadata]).toEqual([["format", "pt"]]);
    expect(headerByteLength(bytes, bytes.length) % 8 === 0).toBe(options.alignHeader);
    let at = headerByteLength(bytes, bytes.length);
    expect(read).toEqual(
      tensors.map(({ name, dtype, shape, data }) => {
        const span = { begin: at, end: at + data.length };
        at = span.end;
        return { name, dtype, shape, span };
      }),
    );
    expect(at).toBe(bytes.length);
  });

  it("lists tensors by position, whatever their order in the JSON", () => {
    const text =
      '{"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"z":{"dtype":"F32","shape":[0],"data_offsets":[1,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
    const bytes = file(text, 3);
    expect(parseHeader(bytes, bytes.length).tensors.map(({ name }) => name)).toEqual(["a", "z", "b"]);
  });

  it("needs only the header's bytes, and counts the file's length from what it is told", () => {
    const bytes = writeSafetensors([{ name: "a", dtype: "F32", shape: [100], data: new Uint8Array(400) }]);
    const end = headerByteLength(bytes.subarray(0, 8), bytes.length);
    expect(parseHeader(bytes.subarray(0, end), bytes.length).tensors[0]?.span).toEqual({ begin: end, end: end + 400 });
    expect(() => parseHeader(bytes.subarray(0, end), bytes.length - 1)).toThrowError(
      expect.objectContaining({ name: "MetadataIncompleteBuffer", message: expect.stringContaining("cut off") }),
    );
  });

  it("refuses a file too large for exact byte numbers", () => {
    expect(() => headerByteLength(new Uint8Array(8), 2 ** 53)).toThrowError(FormatError);
  });
});

it("meets any damage with a FormatError, or reads a header that still covers the file", () => {
  const random = randomFrom(7);
  const below = (n: number) => Math.floor(random() * n);
  const good = writeSafetensors(
    [
      { name: "a", dtype: "F32", shape: [2, 2], data: new Uint8Array(16) },
      { name: "b", dtype: "BF16", shape: [3], data: new Uint8Array(6) },
      { name: "c", dtype: "I64", shape: [], data: new Uint8Array(8) },
    ],
    { metadata: { format: "pt" } },
  );
  const seen = new Map<string, number>();
  for (let round = 0; round < 4000; round++) {
    const bytes = good.slice(0, random() < 0.2 ? below(good.length) : good.length);
    for (let edits = below(3); edits >= 0 && bytes.length > 0; edits--) {
      const at = below(Math.min(bytes.length, 200));
      bytes[at] = random() < 0.5 ? below(256) : (good[below(good.length)] ?? 0);
    }
    const result = verdict(bytes);
    seen.set(result, (seen.get(result) ?? 0) + 1);
    if (result !== "OK") continue;
    let next = headerByteLength(bytes, bytes.length);
    for (const { span } of parseHeader(bytes, bytes.length).tensors) {
      expect(span.begin).toBe(next);
      next = span.end;
    }
    expect(next).toBe(bytes.length);
  }
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining([
      "OK",
      "InvalidHeader",
      "InvalidHeaderDeserialization",
      "HeaderTooSmall",
      "InvalidHeaderLength",
    ]),
  );
});
