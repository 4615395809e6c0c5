/** What can go wrong with the graphics device. */
export type GpuErrorName =
  /** The browser has no WebGPU, or it found no adapter. */
  | "GpuUnavailable"
  /** The device refused a command, as a bug of ours or of its driver would have it. */
  | "GpuFailed";

/** `message` is a sentence or two for the person. */
export class GpuError extends Error {
  constructor(name: GpuErrorName, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = name;
  }
}
