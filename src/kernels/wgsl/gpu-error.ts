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

/** What the device says of a command that it refused, as an error for the person. */
export function refusal(cause: { message: string }): GpuError {
  // The device's own words run over many lines; the first says what was wrong.
  const [first] = cause.message.split("\n");
  const message = `The graphics device refused a command (${first}). Choose the engine “wasm” instead.`;
  return new GpuError("GpuFailed", message, { cause });
}
