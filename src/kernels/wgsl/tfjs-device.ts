import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu/dist/base";
import { GpuError } from "./gpu-error.ts";
import { adapterFacts, type GraphicsDevice } from "./graphics-device.ts";

const MISSING = "This browser offers no WebGPU here; the scan runs on WebAssembly instead.";

/** As the backend registers itself. */
const BACKEND = "webgpu";
const PRIORITY = 3;

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
export async function openTfjsDevice(): Promise<GraphicsDevice> {
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
