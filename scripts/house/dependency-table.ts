/** Programs and folders, in the order of the journey that data takes. */
export const journey = [
  ...["bytes", "safetensors", "hub", "taxonomy", "tensors", "adapters", "pairing", "kernels", "statistics", "reading"],
  ...["comparing", "running", "workforce", "access", "permalink", "store", "charts", "components", "instruments"],
  ...["shell", "main"],
] as const;
export type Zone = (typeof journey)[number] | "workers" | "cli";

/**
 * The dependency table: what a folder may import besides itself, types included; folders of src/, single files of them, and
 * packages. It is the architecture: change it in a commit of its own, with a reason.
 */
export const table: Record<Zone, readonly string[]> = {
  bytes: [],
  safetensors: ["bytes"],
  hub: ["bytes", "safetensors"],
  taxonomy: [],
  tensors: ["bytes/span.ts", "safetensors", "hub/checkpoint.ts"],
  adapters: ["safetensors", "hub/checkpoint.ts", "tensors"],
  pairing: ["bytes/span.ts", "safetensors", "hub/checkpoint.ts", "taxonomy", "tensors", "adapters"],
  // Typed arrays in, numbers out. How a dtype decodes is said once, where the format is.
  kernels: ["safetensors/dtype.ts", "safetensors/decode.ts", "@tensorflow"],
  statistics: ["safetensors/dtype.ts", "taxonomy", "kernels"],
  reading: [
    ...["bytes", "safetensors", "hub/checkpoint.ts", "hub/ref.ts", "taxonomy", "tensors", "adapters", "pairing"],
    "kernels",
  ],
  comparing: [
    ...[
      "safetensors/dtype.ts",
      "hub/ref.ts",
      "hub/base-model.ts",
      "hub/checkpoint.ts",
      "taxonomy",
      "tensors/view.ts",
      "pairing",
    ],
    ...["kernels", "statistics", "reading", "package.json"],
  ],
  running: ["bytes", "safetensors", "hub", "taxonomy", "tensors", "pairing", "kernels", "reading"],
  workforce: ["kernels", "pairing/pair.ts", "reading", "running", "comlink"],
  access: ["@huggingface/hub"],
  permalink: ["kernels/engine.ts"],
  store: [
    ...["bytes/file-location.ts", "bytes/with-retry.ts", "hub", "pairing", "kernels", "statistics", "reading"],
    ...["comparing", "workforce", "access", "permalink", "zustand/vanilla"],
  ],
  charts: ["d3"],
  components: ["pairing/pair.ts", "permalink", "store", "charts", "react"],
  instruments: [
    ...["bytes", "safetensors", "taxonomy", "tensors", "pairing", "kernels", "statistics", "reading", "comparing"],
    ...["running", "permalink", "store", "charts", "components", "react"],
  ],
  shell: [
    ...["kernels/pair-stats.ts", "statistics", "comparing", "access", "permalink", "store", "charts", "components"],
    ...["react", "package.json"],
  ],
  main: ["access", "comparing", "permalink", "workforce", "store", "components", "shell", "react", "react-dom"],
  workers: ["bytes", "hub", "kernels", "reading", "workforce", "comlink"],
  cli: [
    ...["bytes", "safetensors", "hub", "taxonomy", "tensors", "adapters", "pairing", "kernels", "statistics"],
    ...["reading", "comparing", "running", "comlink", "webgpu", "node", "package.json"],
  ],
};

/** Folders that run in all programs: a browser's page, its workers, Node. */
const anywhere: readonly Zone[] = journey.slice(0, journey.indexOf("workforce"));
export const everyone = Object.keys(table) as Zone[];
const everyoneBut = (...zones: Zone[]) => everyone.filter((zone) => !zones.includes(zone));

export interface WordRule {
  name: string;
  in: readonly Zone[];
  /** Globals that may not be named there. */
  words: readonly string[];
  because: string;
}

export const wordRules: readonly WordRule[] = [
  { name: "no page", in: anywhere, words: ["window", "document"], because: "it runs in every program" },
  {
    name: "new Worker",
    in: everyoneBut("workforce"),
    words: ["Worker", "SharedWorker"],
    because: "one place owns the workers",
  },
  {
    name: "address bar",
    in: everyoneBut("permalink", "main"),
    words: ["location", "history"],
    because: "one place writes the address",
  },
];
