/**
 * What a file can be refused for. All but the last carry the names of the official reader's error enum (safetensors 0.8.0,
 * `SafeTensorError`), and a file gets the name it would get there.
 */
export type FormatErrorName =
  | "HeaderTooSmall"
  | "HeaderTooLarge"
  | "InvalidHeaderLength"
  /** Not UTF-8. */
  | "InvalidHeader"
  /** Not the JSON that a header has to be. */
  | "InvalidHeaderDeserialization"
  | "InvalidOffset"
  | "ValidationOverflow"
  | "MisalignedSlice"
  | "TensorInvalidInfo"
  | "MetadataIncompleteBuffer"
  /** The index names a tensor that its shard does not hold. */
  | "TensorNotFound"
  /** The index of a sharded checkpoint cannot be used. */
  | "InvalidIndex";

/** A file that is not what its format asks for. `message` is one or two whole sentences for the person. */
export class FormatError extends Error {
  constructor(name: FormatErrorName, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = name;
  }

  /** The same refusal with the file's name in front, for a message about one file of many. */
  static inFile(file: string, error: FormatError): FormatError {
    return new FormatError(error.name as FormatErrorName, `${file}: ${error.message}`, { cause: error });
  }
}
