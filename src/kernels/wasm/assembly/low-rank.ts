// A stretch of the product of two long thin matrices (src/kernels/wasm/low-rank-multiplier.ts). Each element is a sum of
// float64 products in the order of the rank, beginning at 0, as in plain code: the same number, to the last bit.

/** Columns of a panel: four vectors. */
const WIDTH: i32 = 8;

/**
 * Puts eight columns of a row where they belong: as float64, or rounded to float32 and added to the float32 that are there,
 * which rounds once more.
 */
@inline
function put<T>(out: usize, s0: v128, s1: v128, s2: v128, s3: v128, scale: v128): void {
  s0 = v128.mul<f64>(s0, scale);
  s1 = v128.mul<f64>(s1, scale);
  s2 = v128.mul<f64>(s2, scale);
  s3 = v128.mul<f64>(s3, scale);
  if (sizeof<T>() == 8) {
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
  } else {
    const lower = v128.shuffle<i64>(f32x4.demote_f64x2_zero(s0), f32x4.demote_f64x2_zero(s1), 0, 2);
    const upper = v128.shuffle<i64>(f32x4.demote_f64x2_zero(s2), f32x4.demote_f64x2_zero(s3), 0, 2);
    v128.store(out, v128.add<f32>(v128.load(out), lower));
    v128.store(out, v128.add<f32>(v128.load(out, 16), upper), 16);
  }
}

/** Eight columns of one row. */
@inline
function oneRow<T>(left: usize, right: usize, out: usize, rank: i32, scale: v128): void {
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const end = left + (<usize>rank << 3);
  for (; left < end; left += 8, right += 64) {
    const factor = v128.load64_splat(left);
    s0 = v128.add<f64>(s0, v128.mul<f64>(factor, v128.load(right)));
    s1 = v128.add<f64>(s1, v128.mul<f64>(factor, v128.load(right, 16)));
    s2 = v128.add<f64>(s2, v128.mul<f64>(factor, v128.load(right, 32)));
    s3 = v128.add<f64>(s3, v128.mul<f64>(factor, v128.load(right, 48)));
  }
  put<T>(out, s0, s1, s2, s3, scale);
}

/** Eight columns of two rows, `stride` bytes apart in `out`. */
@inline
function twoRows<T>(left: usize, right: usize, out: usize, stride: usize, rank: i32, scale: v128): void {
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let t0 = s0, t1 = s0, t2 = s0, t3 = s0;
  const row = <usize>rank << 3;
  const end = left + row;
  for (; left < end; left += 8, right += 64) {
    const first = v128.load64_splat(left), second = v128.load64_splat(left + row);
    const r0 = v128.load(right), r1 = v128.load(right, 16), r2 = v128.load(right, 32), r3 = v128.load(right, 48);
    s0 = v128.add<f64>(s0, v128.mul<f64>(first, r0));
    t0 = v128.add<f64>(t0, v128.mul<f64>(second, r0));
    s1 = v128.add<f64>(s1, v128.mul<f64>(first, r1));
    t1 = v128.add<f64>(t1, v128.mul<f64>(second, r1));
    s2 = v128.add<f64>(s2, v128.mul<f64>(first, r2));
    t2 = v128.add<f64>(t2, v128.mul<f64>(second, r2));
    s3 = v128.add<f64>(s3, v128.mul<f64>(first, r3));
    t3 = v128.add<f64>(t3, v128.mul<f64>(second, r3));
  }
  put<T>(out, s0, s1, s2, s3, scale);
  put<T>(out + stride, t0, t1, t2, t3, scale);
}

@inline
function fill<T>(left: usize, right: usize, out: usize, rows: i32, rank: i32, panels: i32, scale: f64): void {
  const factor = f64x2.splat(scale);
  const row = <usize>rank << 3;
  const width = sizeof<T>() * WIDTH;
  const stride = <usize>panels * width;
  for (let panel: usize = 0; panel < <usize>panels; panel++) {
    const columns = right + panel * row * WIDTH;
    let from = left, to = out + panel * width;
    let i = 0;
    for (; i + 2 <= rows; i += 2) {
      twoRows<T>(from, columns, to, stride, rank, factor);
      from += row << 1;
      to += stride << 1;
    }
    if (i < rows) oneRow<T>(from, columns, to, rank, factor);
  }
}

/**
 * scale · left · right for `rows` rows and `panels` panels of eight columns. `left`: rows × rank; `right`: panel by panel,
 * each rank × 8; `out`: rows × (8 · panels); all float64, row by row.
 */
export function multiply(left: usize, right: usize, out: usize, rows: i32, rank: i32, panels: i32, scale: f64): void {
  fill<f64>(left, right, out, rows, rank, panels, scale);
}

/** The same, rounded to float32, added to the float32 that stand in `out`. */
export function multiplyAdd(left: usize, right: usize, out: usize, rows: i32, rank: i32, panels: i32, scale: f64): void {
  fill<f32>(left, right, out, rows, rank, panels, scale);
}
