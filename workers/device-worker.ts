import { expose, transfer } from "comlink";
import type { Engine } from "../src/kernels/engine.ts";
import type { ComputeApi, DeviceApi } from "../src/reading/worker-contract.ts";

let engine: Engine | null = null;

expose({
  async start(force, onLost) {
    // Loaded here and not above: a page without a usable adapter never fetches the GPU code.
    const { startDevice } = await import("../src/kernels/wgsl/start-device.ts");
    // The one before hears no more of the device; what it has in hand it finishes by its fallback.
    engine?.close();
    const started = await startDevice(force, { onLost });
    engine = started.engine;
    return started.report;
  },
  async connect(port) {
    expose(
      {
        async pairStats(stretch) {
          if (!engine) throw new Error("The GPU device is not started.");
          const stats = await engine.pairStats(stretch);
          const a = stretch.a as Uint8Array<ArrayBuffer>;
          const b = stretch.b as Uint8Array<ArrayBuffer>;
          return transfer({ stats, a, b }, [a.buffer, b.buffer]);
        },
      } satisfies ComputeApi,
      port,
    );
  },
} satisfies DeviceApi);
