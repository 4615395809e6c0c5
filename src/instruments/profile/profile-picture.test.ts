import { describe, expect, it, test } from "vitest";
import { seeded } from "../../charts/gallery/seeded.ts";
import { addProfile, emptyProfile } from "../../kernels/profile/profile-sums.ts";
import { profileFold } from "../../reading/folds/profile-fold.ts";
import { headBoundaries } from "./head-boundaries.ts";
import { axisPicture } from "./profile-picture.ts";

const [ROWS, COLUMNS] = [200, 64];

/** The profile of a change, element by element of `d`. */
function profileOf(d: (row: number, column: number) => number) {
  const a = new Float32Array(ROWS * COLUMNS).fill(1);
  const b = a.map((x, i) => x + d(Math.floor(i / COLUMNS), i % COLUMNS));
  const sums = emptyProfile(0, ROWS, COLUMNS);
  addProfile(sums, a, b, 0);
  return profileFold.finish(sums);
}

describe("axisPicture", () => {
  const draw = seeded(4);
  const noise = profileOf(() => 0.01 * draw());

  it("keeps noise inside its band, on both axes", () => {
    for (const axis of ["rows", "columns"] as const) {
      const { control, values, even } = axisPicture(noise, axis, "stored", []);
      const outside = values.filter((value) => value < even.low || value > even.high).length;
      expect(outside / values.length).toBeLessThan(0.02);
      expect(control).toMatch(new RegExp(`^${outside} of ${values.length} ${axis} \\(`));
    }
  });

  it("says what share the rows that moved most carry", () => {
    // Two of two hundred rows moved ten times as far.
    const hot = profileOf((row) => (row === 30 || row === 31 ? 0.5 : 0.05));
    const { headline, values } = axisPicture(hot, "rows", "stored", []);
    expect(headline).toBe("The 2 rows that moved most carry 50.3 % of ‖Δ‖², an even share would be 1.0 %");
    expect(values[30] / values[0]).toBeCloseTo(10, 4);
    expect(axisPicture(hot, "columns", "stored", []).headline).toMatch(/^The column that moved most carries 1\.6 %/);
  });

  it("sorts, and still knows which is which", () => {
    const rising = profileOf((row) => row / 1000);
    const { values, numbers, heads } = axisPicture(rising, "rows", "sorted", [{ at: 0, label: "0" }]);
    expect([numbers[0], numbers[ROWS - 1]]).toEqual([ROWS - 1, 0]);
    expect([...values]).toEqual([...values].sort((x, y) => y - x));
    expect(heads).toEqual([]);
  });

  it("says that nothing changed where nothing did", () => {
    const picture = axisPicture(
      profileOf(() => 0),
      "rows",
      "stored",
      [],
    );
    expect(picture.headline).toBe("Nothing changed: every row of Δ is zero");
    expect([...picture.values, picture.even.middle, picture.even.high].every((value) => value === 0)).toBe(true);
  });
});

describe("headBoundaries", () => {
  const config = { num_attention_heads: 8, num_key_value_heads: 2, hidden_size: 64 };
  test.each([
    ["attn.q", "rows", 64, 8],
    ["attn.k", "rows", 16, 2],
    ["attn.v", "rows", 16, 2],
    ["attn.o", "columns", 64, 8],
    ["attn.q", "columns", 64, 0],
    ["attn.o", "rows", 64, 0],
    ["mlp.down", "rows", 64, 0],
    ["attn.q", "rows", 128, 0],
  ] as const)("%s has along its %s of %i so many heads: %i", (role, axis, length, heads) => {
    const found = headBoundaries(config, role, axis, length);
    expect(found).toHaveLength(heads);
    expect(found.map(({ at }) => at)).toEqual(Array.from({ length: heads }, (_, head) => head * 8));
  });

  it("knows none without a configuration", () => {
    expect(headBoundaries(undefined, "attn.q", "rows", 64)).toEqual([]);
  });
});
