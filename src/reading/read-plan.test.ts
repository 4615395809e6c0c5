import { describe, expect, it, test } from "vitest";
import { BLOCK_ELEMENTS } from "../kernels/pair-stats.ts";
import { DTYPE_BITS, type Dtype } from "../safetensors/dtype.ts";
import { costOf, cutPairs, follows, GAP_BYTES, planFromCuts, planReads, SEGMENT_ELEMENTS } from "./read-plan.ts";
import { type Segment, segmentBytes } from "./segment.ts";
import { SegmentQueue } from "./segment-queue.ts";
import { type SampleTensor, samplePairs } from "./testing/sample-pairs.ts";
import { type Draw, seededDraw, shuffled } from "./testing/seeded-draw.ts";

/** A segment as `pair.slice ×count  A file[begin,end)  B file[begin,end)`. */
function line({ pair, slice, count, a, b }: Segment): string {
  const side = ({ file, span }: Segment["a"]) => `${file}[${span.begin},${span.end})`;
  return `${pair}.${slice} ×${count} ${side(a)} ${b ? side(b) : "-"}`;
}

/** What is compared, cut at how many elements, and the ranges that are read for it. */
const PLANS: { name: string; tensors: SampleTensor[]; elements: number; plan: string[] }[] = [
  {
    name: "one file against one file",
    tensors: [
      { count: 3, a: ["BF16", 0, 100], b: ["BF16", 0, 100] },
      { count: 5, a: ["BF16", 0, 106], b: ["BF16", 0, 106] },
    ],
    elements: 4,
    plan: ["0.0 ×3 0[100,106) 0[100,106)", "1.0 ×4 0[106,114) 0[106,114)", "1.1 ×1 0[114,116) 0[114,116)"],
  },
  {
    name: "shards against one file that holds the tensors the other way round",
    tensors: [
      { count: 4, a: ["F16", 0, 80], b: ["F16", 0, 98] },
      { count: 2, a: ["F16", 1, 90], b: ["F16", 0, 94] },
    ],
    elements: 4,
    plan: ["0.0 ×4 0[80,88) 0[98,106)", "1.0 ×2 1[90,94) 0[94,98)"],
  },
  {
    name: "pairs in another order than the file",
    tensors: [
      { count: 1, a: ["F32", 1, 8], b: ["F32", 0, 8] },
      { count: 1, a: ["F32", 0, 20], b: ["F32", 0, 12] },
      { count: 1, a: ["F32", 0, 16], b: ["F32", 0, 16] },
    ],
    elements: 4,
    plan: ["2.0 ×1 0[16,20) 0[16,20)", "1.0 ×1 0[20,24) 0[12,16)", "0.0 ×1 1[8,12) 0[8,12)"],
  },
  {
    name: "another dtype on each side, unaligned",
    tensors: [{ count: 5, a: ["BF16", 0, 33], b: ["F32", 0, 7] }],
    elements: 2,
    plan: ["0.0 ×2 0[33,37) 0[7,15)", "0.1 ×2 0[37,41) 0[15,23)", "0.2 ×1 0[41,43) 0[23,27)"],
  },
  {
    name: "bytes and doubles",
    tensors: [{ count: 3, a: ["I8", 0, 9], b: ["F64", 0, 9] }],
    elements: 2,
    plan: ["0.0 ×2 0[9,11) 0[9,25)", "0.1 ×1 0[11,12) 0[25,33)"],
  },
  {
    name: "a gap on one side",
    tensors: [
      { count: 2, a: ["BF16", 0, 10], b: ["BF16", 0, 10] },
      { count: 2, a: ["BF16", 0, 14], b: ["BF16", 0, 50] },
    ],
    elements: 2,
    plan: ["0.0 ×2 0[10,14) 0[10,14)", "1.0 ×2 0[14,18) 0[50,54)"],
  },
  {
    name: "one model alone",
    tensors: [{ count: 3, a: ["BF16", 0, 10], b: null }],
    elements: 2,
    plan: ["0.0 ×2 0[10,14) -", "0.1 ×1 0[14,16) -"],
  },
  {
    name: "a length that is a multiple of a segment",
    tensors: [{ count: 4, a: ["U8", 0, 0], b: null }],
    elements: 2,
    plan: ["0.0 ×2 0[0,2) -", "0.1 ×2 0[2,4) -"],
  },
  { name: "nothing", tensors: [], elements: 2, plan: [] },
];

const DTYPES: Dtype[] = ["BF16", "F16", "F32", "F64", "I8", "I32"];

interface Layout {
  tensors: SampleTensor[];
  /** Length of every file, per side. */
  sizes: { a: number[]; b: number[] };
}

/** A few tensors that lie in a random order over a few files a side, with random gaps between. */
function randomLayout(draw: Draw): Layout {
  const drafts = Array.from({ length: 1 + draw(12) }, () => ({ count: 1 + draw(40) }));
  const lay = () => {
    const sizes = Array.from({ length: 1 + draw(3) }, () => draw(9));
    const sides = new Map<number, SampleTensor["a"]>();
    const perDtype = DTYPES[draw(DTYPES.length)];
    for (const index of shuffled([...drafts.keys()], draw)) {
      const file = draw(sizes.length);
      const dtype = draw(3) === 0 ? DTYPES[draw(DTYPES.length)] : perDtype;
      if (draw(4) === 0) sizes[file] += draw(30);
      sides.set(index, [dtype, file, sizes[file]]);
      sizes[file] += (drafts[index].count * DTYPE_BITS[dtype]) / 8;
    }
    return { sizes, side: (index: number) => sides.get(index) as SampleTensor["a"] };
  };
  const [a, b] = [lay(), lay()];
  const alone = draw(5) === 0;
  const tensors = drafts.map(({ count }, i) => ({ count, a: a.side(i), b: alone ? null : b.side(i) }));
  return { tensors, sizes: { a: a.sizes, b: alone ? [] : b.sizes } };
}

/** How often each byte of each file is named by the given spans. */
function timesRead(sizes: number[], spans: Iterable<Segment["a"]>): number[][] {
  const files = sizes.map((size) => new Array<number>(size).fill(0));
  for (const { file, span } of spans) for (let at = span.begin; at < span.end; at++) files[file][at]++;
  return files;
}

describe("planReads", () => {
  test.each(PLANS)("$name", ({ tensors, elements, plan }) => {
    expect([...planReads(samplePairs(tensors), elements)].map(line)).toEqual(plan);
  });

  test("every byte of every tensor is read once, whatever the size of a segment", () => {
    for (let seed = 0; seed < 150; seed++) {
      const draw = seededDraw(seed);
      const { tensors, sizes } = randomLayout(draw);
      const pairs = samplePairs(tensors);
      const plan = [...planReads(pairs, 1 + draw(20))];
      for (const side of ["a", "b"] as const) {
        const wanted = timesRead(
          sizes[side],
          pairs.flatMap((pair) => pair[side] ?? []),
        );
        expect(
          timesRead(
            sizes[side],
            plan.flatMap((segment) => segment[side] ?? []),
          ),
          `seed ${seed}`,
        ).toEqual(wanted);
      }
    }
  });

  test("both sides of a segment hold the same elements, cut at multiples of its size", () => {
    for (let seed = 0; seed < 150; seed++) {
      const draw = seededDraw(seed);
      const pairs = samplePairs(randomLayout(draw).tensors);
      const elements = 1 + draw(20);
      const wrong = [...planReads(pairs, elements)].filter(({ pair, slice, count, ...sides }) =>
        (["a", "b"] as const).some((side) => {
          const [view, part] = [pairs[pair][side], sides[side]];
          if (!view || !part) return view !== part;
          const width = DTYPE_BITS[view.dtype] / 8;
          const from = (part.span.begin - view.span.begin) / width;
          const length = (part.span.end - part.span.begin) / width;
          return part.file !== view.file || from !== slice * elements || length !== count;
        }),
      );
      expect(wrong, `seed ${seed}`).toEqual([]);
    }
  });

  it("leaves out what is known to be identical", () => {
    const tensors: SampleTensor[] = [0, 6, 12].map((begin) => ({
      count: 3,
      a: ["BF16", 0, begin],
      b: ["BF16", 0, begin],
    }));
    const pairs = samplePairs(tensors).map((pair) => (pair.index === 1 ? { ...pair, identical: true as const } : pair));
    expect([...planReads(pairs, 2)].map(line)).toEqual([
      "0.0 ×2 0[0,4) 0[0,4)",
      "0.1 ×1 0[4,6) 0[4,6)",
      "2.0 ×2 0[12,16) 0[12,16)",
      "2.1 ×1 0[16,18) 0[16,18)",
    ]);
    expect(costOf(planReads(pairs))).toEqual({ bytes: { a: 12, b: 12, adapter: 0 }, requests: 2 });
  });

  it("knows the pair of every segment without making it", () => {
    const plan = planReads(samplePairs(randomLayout(seededDraw(4)).tensors), 3);
    const segments = [...plan];
    expect(segments.map(({ pair }) => pair)).toEqual(segments.map((_, i) => plan.pairOf(i)));
    for (const { pair } of segments)
      expect(plan.slicesOf(pair)).toBe(segments.filter((segment) => segment.pair === pair).length);
    expect(plan.bytes).toBe(segments.reduce((sum, segment) => sum + segmentBytes(segment), 0));
  });

  it("is the same out of its cuts, wherever these were made", () => {
    for (let seed = 0; seed < 40; seed++) {
      const draw = seededDraw(seed);
      const pairs = samplePairs(randomLayout(draw).tensors);
      const elements = 1 + draw(20);
      const far = planFromCuts(pairs, structuredClone(cutPairs(pairs, elements)));
      const here = planReads(pairs, elements);
      expect([[...far], far.bytes, far.length], `seed ${seed}`).toEqual([[...here], here.bytes, here.length]);
    }
  });

  it("cuts at multiples of a block unless told otherwise", () => {
    expect(SEGMENT_ELEMENTS % BLOCK_ELEMENTS).toBe(0);
    const plan = planReads(samplePairs([{ count: SEGMENT_ELEMENTS + 1, a: ["BF16", 0, 0], b: ["BF16", 0, 0] }]));
    expect([...plan].map(({ count }) => count)).toEqual([SEGMENT_ELEMENTS, 1]);
  });
});

describe("follows", () => {
  const segment = (a: [number, number, number], b: [number, number, number] | null): Segment => {
    const side = ([file, begin, end]: [number, number, number]) =>
      ({ file, span: { begin, end }, dtype: "BF16" }) as const;
    return {
      ...{ position: 0, pair: 0, slice: 0, from: 0, count: 1, columns: 1, adapter: null },
      ...{ a: side(a), b: b && side(b) },
    };
  };
  const before = segment([0, 10, 20], [2, 100, 110]);

  test.each<[string, Segment, Segment, boolean]>([
    ["touching on both sides", before, segment([0, 20, 30], [2, 110, 120]), true],
    ["the widest gap", before, segment([0, 20 + GAP_BYTES, 1e6], [2, 110, 120]), true],
    ["too wide a gap in A", before, segment([0, 21 + GAP_BYTES, 1e6], [2, 110, 120]), false],
    ["too wide a gap in B", before, segment([0, 20, 30], [2, 111 + GAP_BYTES, 1e6]), false],
    ["backwards in B", before, segment([0, 20, 30], [2, 90, 100]), false],
    ["another file of A", before, segment([1, 20, 30], [2, 110, 120]), false],
    ["another file of B", before, segment([0, 20, 30], [3, 110, 120]), false],
    ["A alone", segment([0, 10, 20], null), segment([0, 20, 30], null), true],
    ["A alone with a gap", segment([0, 10, 20], null), segment([0, 20 + GAP_BYTES + 1, 1e6], null), false],
    ["B on one side only", before, segment([0, 20, 30], null), false],
  ])("%s", (_, first, second, expected) => {
    expect(follows(first, second)).toBe(expected);
  });
});

describe("costOf", () => {
  const far = 4 + GAP_BYTES + 1;
  test.each<[string, SampleTensor[], number, { a: number; b: number; requests: number }]>([
    ["nothing", [], 100, { a: 0, b: 0, requests: 0 }],
    [
      "neighbours share two requests",
      [
        { count: 2, a: ["BF16", 0, 0], b: ["F32", 0, 0] },
        { count: 3, a: ["BF16", 0, 4], b: ["F32", 0, 8] },
      ],
      100,
      { a: 10, b: 20, requests: 2 },
    ],
    [
      "a wide gap takes two more, and is not read",
      [
        { count: 2, a: ["BF16", 0, 0], b: ["BF16", 0, 0] },
        { count: 2, a: ["BF16", 0, 4], b: ["BF16", 0, far] },
      ],
      100,
      { a: 8, b: 8, requests: 4 },
    ],
    ["long ranges are cut", [{ count: 10, a: ["BF16", 0, 0], b: ["BF16", 0, 0] }], 8, { a: 20, b: 20, requests: 6 }],
    [
      "one model alone takes one request a range",
      [{ count: 10, a: ["BF16", 0, 0], b: null }],
      8,
      { a: 20, b: 0, requests: 3 },
    ],
  ])("%s", (_, tensors, runBytes, { a, b, requests }) => {
    const cost = costOf(planReads(samplePairs(tensors), 2), runBytes);
    expect(cost).toEqual({ bytes: { a, b, adapter: 0 }, requests });
  });

  it("counts the requests that the queue makes out of full runs", () => {
    for (let seed = 0; seed < 60; seed++) {
      const draw = seededDraw(seed);
      const plan = planReads(samplePairs(randomLayout(draw).tensors), 1 + draw(9));
      const runBytes = 8 + draw(120);
      const queue = new SegmentQueue(plan);
      let requests = 0;
      // No worker to share the end with: every run is as long as it may be.
      for (let run = queue.take(0, runBytes, 0); run.length > 0; run = queue.take(0, runBytes, 0)) {
        requests += plan.at(run[0]).b ? 2 : 1;
      }
      expect(costOf(plan, runBytes).requests, `seed ${seed}`).toBe(requests);
    }
  });
});
