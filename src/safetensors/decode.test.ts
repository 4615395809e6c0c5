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
  // Table 1 of the OCP 8-bit floating point specification 1.0, and the codes beside its entries.
  ["F8_E4M3", [0x00], 0],
  ["F8_E4M3", [0x80], -0],
  ["F8_E4M3", [0x01], 2 ** -9],
  ["F8_E4M3", [0x07], 0.875 * 2 ** -6],
  ["F8_E4M3", [0x08], 2 ** -6],
  ["F8_E4M3", [0x38], 1],
  ["F8_E4M3", [0xbc], -1.5],
  ["F8_E4M3", [0x77], 240],
  ["F8_E4M3", [0x78], 256],
  ["F8_E4M3", [0x7e], 448],
  ["F8_E4M3", [0xfe], -448],
  ["F8_E4M3", [0x7f], Number.NaN],
  ["F8_E4M3", [0xff], Number.NaN],
  ["F8_E5M2", [0x00], 0],
  ["F8_E5M2", [0x80], -0],
  ["F8_E5M2", [0x01], 2 ** -16],
  ["F8_E5M2", [0x03], 0.75 * 2 ** -14],
  ["F8_E5M2", [0x04], 2 ** -14],
  ["F8_E5M2", [0x3c], 1],
  ["F8_E5M2", [0xbe], -1.5],
  ["F8_E5M2", [0x7b], 57344],
  ["F8_E5M2", [0xfb], -57344],
  ["F8_E5M2", [0x7c], Number.POSITIVE_INFINITY],
  ["F8_E5M2", [0xfc], Number.NEGATIVE_INFINITY],
  ["F8_E5M2", [0x7d], Number.NaN],
  ["F8_E5M2", [0xff], Number.NaN],
  // float8_e4m3fnuz and float8_e5m2fnuz: a bias larger by one, one zero, one NaN.
  ["F8_E4M3FNUZ", [0x00], 0],
  ["F8_E4M3FNUZ", [0x80], Number.NaN],
  ["F8_E4M3FNUZ", [0x01], 2 ** -10],
  ["F8_E4M3FNUZ", [0x40], 1],
  ["F8_E4M3FNUZ", [0x7f], 240],
  ["F8_E4M3FNUZ", [0xff], -240],
  ["F8_E5M2FNUZ", [0x80], Number.NaN],
  ["F8_E5M2FNUZ", [0x01], 2 ** -17],
  ["F8_E5M2FNUZ", [0x40], 1],
  ["F8_E5M2FNUZ", [0x7f], 57344],
  ["F8_E5M2FNUZ", [0xff], -57344],
  ["F8_E8M0", [0x00], 2 ** -127],
  ["F8_E8M0", [0x7f], 1],
  ["F8_E8M0", [0xfe], 2 ** 127],
  ["F8_E8M0", [0xff], Number.NaN],
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

  it("takes E5M2 for the upper byte of F16", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const widened = new Uint8Array(Uint16Array.from(bytes, (byte) => byte << 8).buffer);
    expect(decode("F8_E5M2", bytes, 256)).toEqual(decode("F16", widened, 256));
  });

  it("has E4M3 rise by the code, and its magnitudes shared by both signs", () => {
    const values = [
      ...decode(
        "F8_E4M3",
        Uint8Array.from({ length: 256 }, (_, i) => i),
        256,
      ),
    ];
    const finite = values.slice(0, 127);
    expect(finite).toEqual([...new Set(finite)].sort((x, y) => x - y));
    expect(values.slice(128, 255)).toEqual(finite.map((value) => -value));
  });

  it("refuses too few bytes and what cannot be decoded", () => {
    expect(() => decode("F32", new Uint8Array(7), 2)).toThrow(RangeError);
    expect(() => decode("BOOL", new Uint8Array(2), 2)).toThrow("BOOL");
    expect(() => decode("F6_E3M2", new Uint8Array(2), 3)).toThrow(RangeError);
  });

  // Tables of the OCP Microscaling Formats specification 1.0: every code of F4, those at the ends of the ranges of F6.
  test.each<[Dtype, number[], number[]]>([
    ["F4", [0x10, 0x32, 0x54, 0x76], [0, 0.5, 1, 1.5, 2, 3, 4, 6]],
    ["F4", [0x98, 0xba, 0xdc, 0xfe], [-0, -0.5, -1, -1.5, -2, -3, -4, -6]],
    ["F4", [0x2f], [-6]],
    // Codes 1, 8, 31, 63 and 7, 32, 9, 62, each six bits, the first in the lowest.
    ["F6_E2M3", [0x01, 0xf2, 0xfd], [0.125, 1, 7.5, -7.5]],
    ["F6_E2M3", [0x07, 0x98, 0xf8], [0.875, -0, 1.125, -7]],
    ["F6_E3M2", [0x01, 0xf2, 0xfd], [2 ** -4, 2 ** -1, 28, -28]],
    ["F6_E3M2", [0x07, 0x98, 0xf8], [0.4375, -0, 0.625, -24]],
  ])("reads %s packed into %j", (dtype, bytes, values) => {
    expect([...decode(dtype, Uint8Array.from(bytes), values.length)]).toEqual(values);
    const odd = new Uint8Array([255, ...bytes]).subarray(1);
    expect([...decode(dtype, odd, 1)]).toEqual(values.slice(0, 1));
  });
});

it("gives a reason for exactly the dtypes that do not decode", () => {
  const dtypes = Object.keys(DTYPE_BITS) as Dtype[];
  const decodable = dtypes.filter(isDecodable);
  expect(dtypes.filter((dtype) => !isDecodable(dtype))).toEqual(["BOOL", "C64"]);
  expect(decodable.filter((dtype) => !needsFloat64(dtype))).toEqual(["F8_E5M2", "F8_E4M3", "F16", "BF16", "F32"]);
  for (const dtype of dtypes) expect(undecodableReason(dtype) === null, dtype).toBe(isDecodable(dtype));
  for (const dtype of dtypes.filter((each) => !isDecodable(each))) expect(needsFloat64(dtype), dtype).toBe(false);
});
