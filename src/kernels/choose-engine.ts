import type { EngineName } from "./engine.ts";

export interface SelfTestResult {
  passed: boolean;
  /** A sentence: what was compared, or the first thing that went wrong. */
  reason: string;
}

/** What is known about WebGPU here; the rest is not looked at where an earlier answer decides. */
export interface DeviceFindings {
  available: boolean;
  isFallback: boolean;
  /** The adapter in words, or the sentence that says why there is none. */
  description: string;
  selfTest: SelfTestResult | null;
  /** Both engines on the same stretch. */
  pairsPerSecond: { wgsl: number; wasm: number } | null;
}

export interface EngineQuestion {
  /** The engine that was asked for (`engine=` in a link), or null. */
  forced: EngineName | null;
  /** Null where WebGPU was not looked at, because another engine is forced or the browser does not have it. */
  device: DeviceFindings | null;
  /** How the WebAssembly kernel's self-test ended; left out where it has not run. */
  wasm?: SelfTestResult;
}

export interface EngineChoice {
  name: EngineName;
  /** A sentence for the person. */
  reason: string;
}

const millions = (pairsPerSecond: number): string => `${Math.round(pairsPerSecond / 1e6)} M pairs/s`;

/** The engine to use where it is not WGSL, with the sentence that says why not. */
function withoutGpu(why: string, wasm: SelfTestResult | undefined): EngineChoice {
  if (!wasm || wasm.passed) return { name: "wasm", reason: why };
  return { name: "reference", reason: `${why} WebAssembly cannot serve either: ${wasm.reason}` };
}

/** Why WGSL cannot serve at all, or null. */
function gpuObstacle({ available, description, selfTest }: DeviceFindings): string | null {
  if (!available) return description;
  if (selfTest && !selfTest.passed) return `WebGPU (${description}) failed its self-test: ${selfTest.reason}`;
  return null;
}

/**
 * WGSL on a hardware adapter that passes the self-test and keeps up with one core of WebAssembly; else WebAssembly; else
 * the reference. A forced engine is taken unless it cannot compute rightly here.
 */
export function chooseEngine({ forced, device, wasm }: EngineQuestion): EngineChoice {
  if (forced === "reference") return { name: "reference", reason: "The reference engine was asked for." };
  if (forced === "wasm") return withoutGpu("WebAssembly was asked for.", wasm);
  if (!device) return withoutGpu("This browser offers no WebGPU.", wasm);
  const obstacle = gpuObstacle(device);
  if (forced === "wgsl") {
    if (obstacle) return withoutGpu(`WebGPU was asked for, but cannot serve. ${obstacle}`, wasm);
    return { name: "wgsl", reason: `WebGPU was asked for (${device.description}).` };
  }
  if (obstacle) return withoutGpu(obstacle, wasm);
  if (device.isFallback) {
    return withoutGpu(`WebGPU runs here only in software (${device.description}), which is slower.`, wasm);
  }
  if (!device.selfTest) return withoutGpu(`WebGPU (${device.description}) has not been tested.`, wasm);
  const speed = device.pairsPerSecond;
  if (speed && speed.wgsl < speed.wasm && (!wasm || wasm.passed)) {
    const figures = `${millions(speed.wgsl)} against ${millions(speed.wasm)}`;
    return { name: "wasm", reason: `WebGPU (${device.description}) does not keep up with one core: ${figures}.` };
  }
  const figure = speed ? ` at ${millions(speed.wgsl)}` : "";
  return { name: "wgsl", reason: `WebGPU on ${device.description} agrees with the reference${figure}.` };
}
