import { LAST_KEY } from "../combined-key.ts";
import type { NarrowFloat } from "../narrow-float.ts";
import { roundToBits } from "../round-to-bits.ts";

/** Threads of a workgroup, and elements each of them looks at; together the elements that one workgroup sums up. */
const THREADS = 256;
const ELEMENTS_PER_THREAD = 32;
export const RUN_ELEMENTS = THREADS * ELEMENTS_PER_THREAD;

/**
 * Threads whose sums meet in the same place before the tree. It saves workgroup memory, which software adapters clear
 * word by word in code that they first have to compile.
 */
const TREE = 64;

/** Float32 additions in a row, before a thread's second-level sum and the tree of the workgroup. */
const CHAIN = 16;

/** Float32 sums of one run: Σa², Σa·d, Σd², Σd, Σ|d|. */
export const RUN_SUMS = 5;

/**
 * Where things are in the result's u32s. The first 1024 count changed elements by
 * `key | (d < 0) << 8 | (a < 0) << 9` (combined-key.ts), with a key of its own for unchanged ones.
 */
export const COUNTS = {
  changeNegative: 256,
  baseNegative: 512,
  unchanged: LAST_KEY + 1,
  nonFinite: 1024,
  zeroBase: 1025,
  zeroBoth: 1026,
  zeroTuned: 1027,
  above1e6: 1028,
  above1e5: 1029,
  /** Not zero where the stretch holds a finite value outside [2^−40, 2^40): its numbers are to be thrown away. */
  outside: 1030,
  /** max |d| as the bits of a float32. */
  maxAbsD: 1031,
  length: 1032,
} as const;

/** The bits of element i as a float32, with integers only: a GPU may flush subnormals, even where it only unpacks them. */
function decoder(side: "A" | "B", dtype: NarrowFloat): string {
  const signature = `fn decode${side}(i: u32) -> u32`;
  if (dtype === "F32") return `${signature} { return bytes${side}[i]; }`;
  const word = `let word = bytes${side}[i >> 1u]; let odd = (i & 1u) == 1u;`;
  if (dtype === "BF16") return `${signature} { ${word} return select(word << 16u, word & 0xffff0000u, odd); }`;
  return `${signature} { ${word} return half(select(word & 0xffffu, word >> 16u, odd)); }`;
}

const bits = (value: number): string => `0x${roundToBits("F32", value).toString(16)}u`;

/** The compute shader for one pair of dtypes: one workgroup for each run of 8192 elements. */
export function pairStatsShader(dtypeA: NarrowFloat, dtypeB: NarrowFloat): string {
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> bytesA: array<u32>;
@group(0) @binding(1) var<storage, read> bytesB: array<u32>;
@group(0) @binding(2) var<storage, read_write> counts: array<atomic<u32>, ${COUNTS.length}>;
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;
@group(0) @binding(4) var<uniform> size: vec4<u32>; // x: elements

var<workgroup> groupCounts: array<atomic<u32>, ${COUNTS.length}>;
var<workgroup> tree: array<array<f32, ${RUN_SUMS}>, ${TREE}>;

const INFINITE = 0x7f800000u;

fn half(h: u32) -> u32 {
  let sign = (h & 0x8000u) << 16u;
  let exponent = h & 0x7c00u;
  let fraction = h & 0x3ffu;
  if (exponent == 0x7c00u) { return sign | INFINITE | (fraction << 13u); }
  if (exponent != 0u) { return sign | (((h & 0x7fffu) << 13u) + ((127u - 15u) << 23u)); }
  if (fraction == 0u) { return sign; }
  let leading = firstLeadingBit(fraction);
  return sign | ((leading + 127u - 24u) << 23u) | ((fraction << (23u - leading)) & 0x7fffffu);
}
${decoder("A", dtypeA)}
${decoder("B", dtypeB)}

// Whether |d| >= m * 2^s * |a| as real numbers, for the bits of normal float32 numbers and m < 512. Integers only, as
// WGSL promises too little about float32. m * significand has up to 33 bits and is kept in limbs of 12 and 21.
fn reaches(d: u32, m: u32, s: i32, a: u32) -> bool {
  let significandD = (d & 0x7fffffu) | 0x800000u;
  let significandA = (a & 0x7fffffu) | 0x800000u;
  let shift = i32(d >> 23u) - i32(a >> 23u) - s;
  if (shift >= 10) { return true; }
  if (shift < -1) { return false; }
  let low = m * (significandA & 0xfffu);
  var edge = vec2<u32>(m * (significandA >> 12u) + (low >> 12u), low & 0xfffu);
  var change = vec2<u32>(significandD >> 12u, significandD & 0xfffu);
  if (shift == -1) {
    let doubled = edge.y << 1u;
    edge = vec2<u32>((edge.x << 1u) + (doubled >> 12u), doubled & 0xfffu);
  } else {
    let shifted = change.y << u32(shift);
    change = vec2<u32>((change.x << u32(shift)) + (shifted >> 12u), shifted & 0xfffu);
  }
  return change.x > edge.x || (change.x == edge.x && change.y >= edge.y);
}

fn reachesRelative(d: u32, j: i32, a: u32) -> bool { return reaches(d, u32(2 * j - 1), -8, a); }

// Edges of the magnitude slots are (4 + k % 4) / 4 * 2^(k / 4 - 20).
fn reachesMagnitude(d: u32, k: i32, a: u32) -> bool { return reaches(d, u32(4 + (k & 3)), (k >> 2u) - 22, a); }

// The combined key of |d|/|a|. WGSL's quotient may be 2.5 ulp off, so it only tells the bin but for one.
fn keyOf(d: u32, a: u32) -> u32 {
  let t = bitcast<f32>(d) / bitcast<f32>(a);
  var step = clamp(i32(min(t, 2.0) * 128.0 + 0.5), 0, 129);
  if (step < 129 && reachesRelative(d, step + 1, a)) { step++; }
  else if (step > 0 && !reachesRelative(d, step, a)) { step--; }
  var slot = clamp(i32(bitcast<u32>(t) >> 21u) - 4 * (127 - 20), 0, 119);
  if (slot < 119 && reachesMagnitude(d, slot + 1, a)) { slot++; }
  else if (slot > 0 && !reachesMagnitude(d, slot, a)) { slot--; }
  return u32(step + slot);
}

fn isOutside(size: u32) -> bool { return size != 0u && (size < ${bits(2 ** -40)} || size >= ${bits(2 ** 40)}); }

fn tally(slot: u32) { atomicAdd(&groupCounts[slot], 1u); }

@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3<u32>) {
  // Workgroup memory begins as zeros.
  var total = array<f32, ${RUN_SUMS}>();
  var chain = array<f32, ${RUN_SUMS}>();
  var largest = 0u;
  for (var k = 0u; k < ${ELEMENTS_PER_THREAD}u; k++) {
    let i = group.x * ${RUN_ELEMENTS}u + k * ${THREADS}u + thread;
    if (i >= size.x) { break; }
    if (k % ${CHAIN}u == 0u) {
      for (var c = 0u; c < ${RUN_SUMS}u; c++) { total[c] += chain[c]; chain[c] = 0.0; }
    }
    let bitsA = decodeA(i);
    let bitsB = decodeB(i);
    let sizeA = bitsA & 0x7fffffffu;
    let sizeB = bitsB & 0x7fffffffu;
    if (sizeA >= INFINITE || sizeB >= INFINITE) { tally(${COUNTS.nonFinite}u); continue; }
    if (isOutside(sizeA) || isOutside(sizeB)) { tally(${COUNTS.outside}u); continue; }

    let a = bitcast<f32>(bitsA);
    let d = bitcast<f32>(bitsB) - a;
    let sizeD = bitcast<u32>(d) & 0x7fffffffu;
    let absD = bitcast<f32>(sizeD);
    chain[0] += a * a;
    chain[1] += a * d;
    chain[2] += d * d;
    chain[3] += d;
    chain[4] += absD;
    largest = max(largest, sizeD);
    if (sizeD > ${bits(1e-6)}) { tally(${COUNTS.above1e6}u); }
    if (sizeD > ${bits(1e-5)}) { tally(${COUNTS.above1e5}u); }

    if (sizeA == 0u) {
      tally(${COUNTS.zeroBase}u);
      if (sizeB == 0u) { tally(${COUNTS.zeroBoth}u); }
      continue;
    }
    if (sizeB == 0u) { tally(${COUNTS.zeroTuned}u); }
    let baseNegative = select(0u, ${COUNTS.baseNegative}u, bitsA != sizeA);
    if (bitsA == bitsB) { tally(${COUNTS.unchanged}u + baseNegative); continue; }
    let changeNegative = select(0u, ${COUNTS.changeNegative}u, bitcast<u32>(d) != sizeD);
    tally(keyOf(sizeD, sizeA) + changeNegative + baseNegative);
  }
  atomicMax(&groupCounts[${COUNTS.maxAbsD}], largest);

  for (var turn = 0u; turn < ${THREADS / TREE}u; turn++) {
    if (thread / ${TREE}u == turn) {
      for (var c = 0u; c < ${RUN_SUMS}u; c++) { tree[thread % ${TREE}u][c] += total[c] + chain[c]; }
    }
    workgroupBarrier();
  }
  for (var width = ${TREE / 2}u; width > 0u; width >>= 1u) {
    if (thread < width) {
      for (var c = 0u; c < ${RUN_SUMS}u; c++) { tree[thread][c] += tree[thread + width][c]; }
    }
    workgroupBarrier();
  }
  if (thread < ${RUN_SUMS}u) { sums[group.x * ${RUN_SUMS}u + thread] = tree[0][thread]; }
  for (var i = thread; i < ${COUNTS.maxAbsD}u; i += ${THREADS}u) {
    let n = atomicLoad(&groupCounts[i]);
    if (n != 0u) { atomicAdd(&counts[i], n); }
  }
  if (thread == 0u) { atomicMax(&counts[${COUNTS.maxAbsD}], atomicLoad(&groupCounts[${COUNTS.maxAbsD}])); }
}
`;
}
