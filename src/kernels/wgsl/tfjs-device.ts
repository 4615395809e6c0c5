import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu/dist/base";
import { GpuError } from "./gpu-error.ts";

/** A WebGPU device and what its adapter says of itself. */
export interface TfjsDevice {
  device: GPUDevice;
  /** The adapter is software: right, and about a hundred times slower than WebAssembly. */
  isFallback: boolean;
  /** The adapter in words, as much of it as the browser tells: vendor, architecture, name. */
  description: string;
  /** Destroys the device. */
  close(): void;
}

const MISSING = "This browser offers no WebGPU here; the scan runs on WebAssembly instead.";

/** As the backend registers itself. */
const BACKEND = "webgpu";
const PRIORITY = 3;

/** Software renderers that some browsers do not own up to in `isFallbackAdapter`. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

function adapterFacts(info: GPUAdapterInfo): { isFallback: boolean; description: string } {
  const words = [info.vendor, info.architecture, info.device, info.description].filter((word) => word !== "");
  const description = [...new Set(words)].join(" ") || "an adapter without a name";
  return { isFallback: info.isFallbackAdapter === true || SOFTWARE.test(description), description };
}

/** Devices that were destroyed or lost. tfjs takes no notice of it, and would hand them out again. */
const gone = new WeakSet<GPUDevice>();

async function startBackend(): Promise<WebGPUBackend> {
  const [tf, { WebGPUBackend }] = await Promise.all([
    import("@tensorflow/tfjs-core"),
    import("@tensorflow/tfjs-backend-webgpu/dist/base"),
  ]);
  const start = async () => {
    if (!(await tf.setBackend(BACKEND))) throw new Error("The backend did not start.");
    const backend = tf.backend();
    if (!(backend instanceof WebGPUBackend)) throw new Error("Another backend answered.");
    return backend;
  };
  const backend = await start();
  if (!gone.has(backend.device)) return backend;
  const factory = tf.findBackendFactory(BACKEND);
  tf.removeBackend(BACKEND);
  tf.registerBackend(BACKEND, factory, PRIORITY);
  return start();
}

/**
 * The device of TensorFlow.js's WebGPU backend, without its kernels. Works in a window and in a worker; the code (about
 * 52 kB gzip) is fetched only where there is an adapter. Opened again, it is the same device, unless that is closed or lost.
 * Rejects with `GpuUnavailable`.
 */
export async function openTfjsDevice(): Promise<TfjsDevice> {
  if (!navigator.gpu) throw new GpuError("GpuUnavailable", MISSING);
  // Asked first, because the backend does not say why it fails where there is none.
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (!adapter) {
    throw new GpuError("GpuUnavailable", "WebGPU found no graphics adapter; the scan runs on WebAssembly instead.");
  }
  try {
    const { device } = await startBackend();
    device.lost.then(() => gone.add(device));
    const close = () => {
      gone.add(device);
      device.destroy();
    };
    return { device, ...adapterFacts(device.adapterInfo ?? adapter.info), close };
  } catch (cause) {
    const message = "The graphics device could not be started; the scan runs on WebAssembly instead.";
    throw new GpuError("GpuUnavailable", message, { cause });
  }
}
