import { ScanWorker } from "./scan-worker.ts";
import type { StretchComputer } from "./stretch-computer.ts";
import type { ScanApi, ScanEvent } from "./worker-contract.ts";

/** Scan workers of the caller's own thread: they take turns at computing, and read while another computes. */
export const inProcessWorkers =
  (count: number, computer: StretchComputer) =>
  (onEvent: (event: ScanEvent) => void): Promise<ScanApi[]> =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const worker = new ScanWorker(() => computer);
        await worker.configure({ engine: "reference" }, onEvent);
        return worker;
      }),
    );
