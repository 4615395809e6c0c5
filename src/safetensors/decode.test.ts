import { describe, expect, it, test } from "vitest";
import { decode, isDecodable, needsFloat64, undecodableReason } from "./decode.ts";
import { DTYPE_BITS, type Dtype } from "./dtype.ts";

/** dtype, the bytes of one element with the lowest first, its value. */
const ELEMENTS: [Dtype, number[], number][] = [
  ["BF16", [0x80, 0x3f], 1],
  ["BF16", [0x00, 0x80], -0],
  ["BF16", [0x01, 0x00], 2 ** -133],
  ["BF16", [0x7f, 0x7f], 255 * 2 ** 120],
  ["BF16", [0x80, 0xff], Number.NEGATIVE_INFINITY],
  ["BF16", [0x81, 0x7f], Number.NaN],
  ["F16", [0x00, 0x3c], 1],
  ["F16", [0x01, 0x80], -(2 ** -24)],
  ["F16", [0xff, 0x03], 1023 * 2 ** -24],
  ["F16", [0x00, 0x04], 2 ** -14],
  ["F16", [0xff, 0x7b], 65504],
  ["F16", [0x00, 0x7c], Number.POSITIVE_INFINITY],
  ["F16", [0x00, 0xfe], Number.NaN],
  ["F32", [0x01, 0, 0, 0], 2 ** -149],
  ["F32", [0xff, 0xff, 0x7f, 0xff], -(2 - 2 ** -23) * 2 ** 127],
  ["F64", [0x01, 0, 0, 0, 0, 0, 0, 0], Number.MIN_VALUE],
  ["F64", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xef, 0x7f], Number.MAX_VALUE],
  ["I8", [0x80], -128],
  ["U8", [0x80], 128],
  ["I16", [0x00, 0x80], -32768],
  ["U16", [0xff, 0xff], 65535],
  ["I32", [0x00, 0x00, 0x00, 0x80], -(2 ** 31)],
  ["U32", [0xff, 0xff, 0xff, 0xff], 2 ** 32 - 1],
  ["I64", [0, 0, 0, 0, 0, 0, 0, 0x80], -(2 ** 63)],
  ["U64", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 2 ** 64],
  // 2^53 + 1 lies halfway between two doubles and goes to the even one, 2^53 + 3 to 2^53 + 4.
  ["I64", [1, 0, 0, 0, 0, 0, 0x20, 0], 2 ** 53],
  ["U64", [3, 0, 0, 0, 0, 0, 0x20, 0], 2 ** 53 + 4],
];

describe("decode", () => {
  test.each(ELEMENTS)("%s %j is %d, at any alignment", (dtype, element, value) => {
    for (let shift = 0; shift < 8; shift++) {
      const bytes = new Uint8Array(shift + 2 * element.length);
      bytes.set([...element, ...element], shift);
      expect([...decode(dtype, bytes.subarray(shift), 2)]).toEqual([value, value]);
    }
  });

  it("agrees with the arithmetic definition on every F16", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const values = decode("F16", new Uint8Array(bits.buffer), bits.length);
    const wrong = values.findIndex((value, i) => {
      const sign = i & 0x8000 ? -1 : 1;
      const [exponent, fraction] = [(i & 0x7c00) / 0x400, i & 0x3ff];
      if (exponent === 31) return !Object.is(value, fraction ? Number.NaN : sign / 0);
      return !Object.is(value, (sign * (exponent ? 1024 + fraction : fraction)) / 2 ** (25 - Math.max(1, exponent)));
    });
    expect(wrong).toBe(-1);
  });

  it("refuses too few bytes and what cannot be decoded", () => {
    expect(() => decode("F32", new Uint8Array(7), 2)).toThrow(RangeError);
    expect(() => decode("F8_E4M3", new Uint8Array(2), 2)).toThrow("F8_E4M3");
  });
});

it("gives a reason for exactly the dtypes that do not decode", () => {
  const dtypes = Object.keys(DTYPE_BITS) as Dtype[];
  const decodable = dtypes.filter(isDecodable);
  expect(decodable.filter(needsFloat64)).toEqual(["U8", "I8", "I16", "U16", "I32", "U32", "F64", "I64", "U64"]);
  expect(decodable.filter((dtype) => !needsFloat64(dtype))).toEqual(["F16", "BF16", "F32"]);
  for (const dtype of dtypes) expect(undecodableReason(dtype) === null, dtype).toBe(isDecodable(dtype));
  for (const dtype of dtypes.filter((each) => !isDecodable(each))) expect(needsFloat64(dtype), dtype).toBe(false);
});
