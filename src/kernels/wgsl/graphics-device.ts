/** An open WebGPU device and what its adapter says of itself. */
export interface GraphicsDevice {
  device: GPUDevice;
  /** The adapter is software: right, and about a hundred times slower than WebAssembly. */
  isFallback: boolean;
  /** The adapter in words, as much of it as is told: vendor, architecture, name. */
  description: string;
  /** Destroys the device. */
  close(): void;
}

/** Software renderers that do not always own up to it in `isFallbackAdapter`. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

export function adapterFacts(info: GPUAdapterInfo): Pick<GraphicsDevice, "isFallback" | "description"> {
  const words = [info.vendor, info.architecture, info.device, info.description].filter((word) => word !== "");
  const description = [...new Set(words)].join(" ") || "an adapter without a name";
  return { isFallback: info.isFallbackAdapter === true || SOFTWARE.test(description), description };
}
