export type AdapterErrorName =
  /** The numbers that scale the update are in a file that is not there. */
  | "NoAdapterConfig"
  /** There is nothing in it that adapts a model. */
  | "NotAnAdapter"
  /** It is of a kind, or in a state, of which nothing is computed. */
  | "NothingToApply"
  /** It stands where the base has to. */
  | "AdapterAsBase"
  | "AdapterOverAdapter";

/** Why a checkpoint cannot be used as an adapter; `message` tells what to do about it. */
export class AdapterError extends Error {
  constructor(name: AdapterErrorName, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = name;
  }
}
