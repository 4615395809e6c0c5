import { roundToBits } from "../round-to-bits.ts";

/** Threads of a workgroup, and elements each of them looks at; together the elements whose sums the host gets as one. */
const THREADS = 256;
const ELEMENTS_PER_THREAD = 32;
export const RUN_ELEMENTS = THREADS * ELEMENTS_PER_THREAD;

/** Float32 additions in a row, before a thread's second-level sum and the tree of the workgroup. */
const CHAIN = 16;

/**
 * Threads whose sums meet in the same place before the tree. It saves workgroup memory, which software adapters clear
 * word by word in code that they first have to compile.
 */
const TREE = 64;

/** Float32 sums of one run: Σa², Σa·d, Σd², Σd, Σ|d|. */
export const RUN_SUMS = 5;

/**
 * Where things are in the result's u32s. The first 1024 count changed elements by
 * `key | (d < 0) << 8 | (a < 0) << 9` (combined-key.ts).
 */
export const COUNTS = {
  changeNegative: 256,
  baseNegative: 512,
  nonFinite: 1024,
  zeroBase: 1025,
  zeroBoth: 1026,
  zeroTuned: 1027,
  above1e6: 1028,
  above1e5: 1029,
  /** a = b > 0; the next one is for a = b < 0. */
  unchanged: 1030,
  unchangedNegative: 1031,
  /** Not zero where the stretch holds a finite value outside [2^−40, 2^40): its numbers are to be thrown away. */
  outside: 1032,
  /** max |d| as the bits of a float32. */
  maxAbsD: 1033,
  length: 1034,
} as const;

/** Those that each thread counts by itself: many elements add to the same one, and atomics would queue up there. */
const OWN = COUNTS.nonFinite;
const OWN_LENGTH = COUNTS.maxAbsD - OWN;
const own = (slot: number): string => `own[${slot - OWN}]`;

const bits = (value: number): string => `0x${roundToBits("F32", value).toString(16)}u`;

/**
 * The compute shader, for every pair of dtypes: what differs between them comes as numbers in the uniform, as a driver
 * takes longer to compile one more pipeline than any of them takes to look a number up. Workgroups stride over runs of
 * `RUN_ELEMENTS`; any number of workgroups gives the same result.
 */
export const PAIR_STATS_SHADER = /* wgsl */ `
// How a dtype's bits become a float32's (float-format.ts).
struct Format {
  wordShift: u32,
  magnitudeMask: u32,
  nonFinite: u32,
  widen: u32,
  rebias: u32,
  firstNormal: u32,
  subnormalUnit: f32,
  unused: u32,
}

struct Stretch {
  elements: u32,
  runs: u32,
  unused: vec2<u32>,
  formatA: Format,
  formatB: Format,
}

@group(0) @binding(0) var<storage, read> bytesA: array<u32>;
@group(0) @binding(1) var<storage, read> bytesB: array<u32>;
@group(0) @binding(2) var<storage, read_write> counts: array<atomic<u32>, ${COUNTS.length}>;
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;
@group(0) @binding(4) var<uniform> stretch: Stretch;

var<workgroup> groupCounts: array<atomic<u32>, ${COUNTS.length}>;
var<workgroup> tree: array<vec4<f32>, ${TREE}>;
var<workgroup> treeAbsD: array<f32, ${TREE}>;

const INFINITE = 0x7f800000u;

// Element i, given the word it lies in, as a float32's bits; whatever is not finite becomes an infinity. A GPU may flush
// subnormals, even where it only unpacks them, but what is one in a narrow format is a normal float32: a whole number of
// units. BF16 and F32 have no firstNormal, so that theirs stay as they are.
fn decode(word: u32, i: u32, format: Format) -> u32 {
  let width = 32u >> format.wordShift;
  let raw = word >> ((i & ((1u << format.wordShift) - 1u)) * width);
  let magnitude = raw & format.magnitudeMask;
  let normal = (magnitude << format.widen) + format.rebias;
  let subnormal = bitcast<u32>(f32(magnitude) * format.subnormalUnit);
  let finite = select(subnormal, normal, magnitude >= format.firstNormal);
  let size = select(finite, INFINITE, magnitude >= format.nonFinite);
  return size | ((raw << (32u - width)) & 0x80000000u);
}

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
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let formatA = stretch.formatA;
  let formatB = stretch.formatB;
  // Workgroup memory begins as zeros.
  var own = array<u32, ${OWN_LENGTH}>();
  var largest = 0u;
  for (var run = group.x; run < stretch.runs; run += groups.x) {
    // Σa², Σa·d, Σd², Σd; Σ|d| beside them.
    var total = vec4<f32>();
    var totalAbsD = 0.0;
    var chain = vec4<f32>();
    var chainAbsD = 0.0;
    for (var k = 0u; k < ${ELEMENTS_PER_THREAD}u; k++) {
      let i = run * ${RUN_ELEMENTS}u + k * ${THREADS}u + thread;
      if (i >= stretch.elements) { break; }
      if (k % ${CHAIN}u == 0u) {
        total += chain;
        totalAbsD += chainAbsD;
        chain = vec4<f32>();
        chainAbsD = 0.0;
      }
      let bitsA = decode(bytesA[i >> formatA.wordShift], i, formatA);
      let bitsB = decode(bytesB[i >> formatB.wordShift], i, formatB);
      let sizeA = bitsA & 0x7fffffffu;
      let sizeB = bitsB & 0x7fffffffu;
      if (sizeA >= INFINITE || sizeB >= INFINITE) { ${own(COUNTS.nonFinite)}++; continue; }
      if (isOutside(sizeA) || isOutside(sizeB)) { ${own(COUNTS.outside)}++; continue; }

      let a = bitcast<f32>(bitsA);
      let d = bitcast<f32>(bitsB) - a;
      let sizeD = bitcast<u32>(d) & 0x7fffffffu;
      chain += vec4<f32>(a * a, a * d, d * d, d);
      chainAbsD += bitcast<f32>(sizeD);
      largest = max(largest, sizeD);
      if (sizeD > ${bits(1e-6)}) { ${own(COUNTS.above1e6)}++; }
      if (sizeD > ${bits(1e-5)}) { ${own(COUNTS.above1e5)}++; }

      if (sizeA == 0u) {
        ${own(COUNTS.zeroBase)}++;
        if (sizeB == 0u) { ${own(COUNTS.zeroBoth)}++; }
        continue;
      }
      if (sizeB == 0u) { ${own(COUNTS.zeroTuned)}++; }
      if (bitsA == bitsB) {
        if (bitsA == sizeA) { ${own(COUNTS.unchanged)}++; } else { ${own(COUNTS.unchangedNegative)}++; }
        continue;
      }
      let baseNegative = select(0u, ${COUNTS.baseNegative}u, bitsA != sizeA);
      let changeNegative = select(0u, ${COUNTS.changeNegative}u, bitcast<u32>(d) != sizeD);
      tally(keyOf(sizeD, sizeA) + changeNegative + baseNegative);
    }

    for (var turn = 0u; turn < ${THREADS / TREE}u; turn++) {
      if (thread / ${TREE}u == turn) {
        let at = thread % ${TREE}u;
        tree[at] = select(tree[at], vec4<f32>(), turn == 0u) + (total + chain);
        treeAbsD[at] = select(treeAbsD[at], 0.0, turn == 0u) + (totalAbsD + chainAbsD);
      }
      workgroupBarrier();
    }
    for (var width = ${TREE / 2}u; width > 0u; width >>= 1u) {
      if (thread < width) {
        tree[thread] += tree[thread + width];
        treeAbsD[thread] += treeAbsD[thread + width];
      }
      workgroupBarrier();
    }
    // No one writes to the tree's root before thread 0 has come round to the next run.
    if (thread == 0u) {
      for (var c = 0u; c < 4u; c++) { sums[run * ${RUN_SUMS}u + c] = tree[0][c]; }
      sums[run * ${RUN_SUMS}u + 4u] = treeAbsD[0];
    }
  }

  ${Array.from({ length: OWN_LENGTH }, (_, c) => `if (own[${c}] != 0u) { atomicAdd(&groupCounts[${OWN + c}], own[${c}]); }`).join("\n  ")}
  atomicMax(&groupCounts[${COUNTS.maxAbsD}], largest);
  workgroupBarrier();
  for (var i = thread; i < ${COUNTS.maxAbsD}u; i += ${THREADS}u) {
    let n = atomicLoad(&groupCounts[i]);
    if (n != 0u) { atomicAdd(&counts[i], n); }
  }
  if (thread == 0u) { atomicMax(&counts[${COUNTS.maxAbsD}], atomicLoad(&groupCounts[${COUNTS.maxAbsD}])); }
}
`;
