/** A reference that cannot be read. `message` says what is wrong with it and what is accepted. */
export class RefError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "RefError";
  }
}
