import { type Remote, transfer } from "comlink";
import type { Engine } from "../kernels/engine.ts";
import { withReferenceFor64 } from "../kernels/pair-engine.ts";
import { localComputer, type StretchComputer } from "../reading/stretch-computer.ts";
import type { ComputeApi } from "../reading/worker-contract.ts";

/** Hands the bytes to the device worker by transfer and gets them back; F64 and integers stay here. */
export function deviceComputer(device: Remote<ComputeApi>, reference: Engine): StretchComputer {
  const here = localComputer(reference, reference);
  const wgsl = withReferenceFor64({ name: "wgsl", pairStats: refuse, close: () => {} }, reference);
  return {
    engineFor: (segment) => wgsl.engineFor(segment),
    compute(stretch) {
      if (wgsl.engineFor(stretch) !== "wgsl") return here.compute(stretch);
      return device.pairStats(transfer(stretch, [stretch.a.buffer, stretch.b.buffer]));
    },
  };
}

/** WGSL is only asked about here; the device worker computes. */
function refuse(): never {
  throw new Error("The device worker computes WGSL.");
}
