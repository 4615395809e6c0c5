/** One number for each row or column: Σa², Σb², Σd². */
export interface AxisSums {
  a2: Float64Array;
  b2: Float64Array;
  d2: Float64Array;
}

/**
 * Where in a matrix the change lies: for rows `first` to `first + rows.a2.length` what is seen of each, and for every column
 * what is seen of it in these rows. `d = fl32(b − a)`, in float64 where a side is of doubles or integers, as PairStats has it.
 */
export interface ProfileSums {
  first: number;
  rows: AxisSums;
  columns: AxisSums;
  /** Elements where a, b or d is not finite; they enter nothing else. */
  nonFinite: number;
}

const axis = (length: number): AxisSums => ({
  a2: new Float64Array(length),
  b2: new Float64Array(length),
  d2: new Float64Array(length),
});

/** Sums of `rows` rows from `first` on, all zero. */
export const emptyProfile = (first: number, rows: number, columns: number): ProfileSums => ({
  first,
  rows: axis(rows),
  columns: axis(columns),
  nonFinite: 0,
});

type Elements = Float32Array | Float64Array;

/**
 * Adds elements `from` to `from + a.length` of a matrix, counted row by row from its beginning; the rows have to be among
 * those of `sums`. In float64 and in the order of the elements, so that the same stretches give the same bits.
 */
export function addProfile(sums: ProfileSums, a: Elements, b: Elements, from: number): void {
  const { rows, columns } = sums;
  const width = columns.a2.length;
  const rounds = a instanceof Float32Array && b instanceof Float32Array;
  let row = Math.floor(from / width) - sums.first;
  let column = from % width;
  for (let i = 0; i < a.length; ) {
    const end = Math.min(a.length, i + width - column);
    let [a2, b2, d2] = [0, 0, 0];
    for (; i < end; i++, column++) {
      const [x, y] = [a[i], b[i]];
      const d = rounds ? Math.fround(y - x) : y - x;
      if (!Number.isFinite(d)) {
        sums.nonFinite++;
        continue;
      }
      a2 += x * x;
      b2 += y * y;
      d2 += d * d;
      columns.a2[column] += x * x;
      columns.b2[column] += y * y;
      columns.d2[column] += d * d;
    }
    rows.a2[row] += a2;
    rows.b2[row] += b2;
    rows.d2[row] += d2;
    row++;
    column = 0;
  }
}

const AXIS_SUMS = ["a2", "b2", "d2"] as const;

/** Adds `from`, whose rows have to be among those of `into`, in place. Join parts in the order of their elements. */
export function mergeProfile(into: ProfileSums, from: ProfileSums): void {
  for (const sum of AXIS_SUMS) {
    const shift = from.first - into.first;
    for (let row = 0; row < from.rows[sum].length; row++) into.rows[sum][row + shift] += from.rows[sum][row];
    for (let column = 0; column < from.columns[sum].length; column++)
      into.columns[sum][column] += from.columns[sum][column];
  }
  into.nonFinite += from.nonFinite;
}
