import { GpuError } from "./gpu-error.ts";
import { adapterFacts, type GraphicsDevice } from "./graphics-device.ts";

/**
 * What the npm package `webgpu` exports: Dawn, the WebGPU of Chromium, for Node. The caller imports it, so that no page can
 * come to bundle its hundred megabytes.
 */
export interface Dawn {
  create(options: string[]): GPU;
  /** The classes and constants that a browser has as globals. */
  globals: object;
}

/** Dawn crashes where its entry is collected while a device of it is alive. */
const alive = new Set<GPU>();

const NO_ADAPTER =
  "Dawn found no graphics adapter: it needs a graphics card and its driver, and on Linux the Vulkan loader " +
  "(libvulkan.so.1), too.";

function unavailable(cause: unknown, whatFailed: string): GpuError {
  const [first] = String(cause instanceof Error ? cause.message : cause).split("\n");
  return new GpuError("GpuUnavailable", `${whatFailed} (${first}).`, { cause });
}

async function loaded(load: () => Promise<Dawn>): Promise<Dawn> {
  try {
    return await load();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND") {
      const message = "The optional package “webgpu” is not installed: “npm install webgpu” adds it.";
      throw new GpuError("GpuUnavailable", message, { cause });
    }
    throw unavailable(cause, "The package “webgpu” cannot be loaded on this machine");
  }
}

/** Puts in place what is missing of a browser's globals; what is there already stays. */
function addGlobals(globals: object): void {
  for (const [name, value] of Object.entries(globals)) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

/**
 * A device of Dawn, for Node, where TensorFlow.js is not needed to have one. Opened again, it is another device. Node does
 * not end by itself before `close`. Rejects with `GpuUnavailable`.
 *
 * @param load imports the package `webgpu`
 */
export async function openDawnDevice(load: () => Promise<Dawn>): Promise<GraphicsDevice> {
  const { create, globals } = await loaded(load);
  addGlobals(globals);
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (!adapter) throw new GpuError("GpuUnavailable", NO_ADAPTER);
  alive.add(gpu);
  try {
    const device = await adapter.requestDevice();
    const close = () => {
      device.destroy();
      alive.delete(gpu);
    };
    return { device, ...adapterFacts(adapter.info), close };
  } catch (cause) {
    alive.delete(gpu);
    throw unavailable(cause, "The graphics device could not be started");
  }
}
