/** Something that was asked for cannot be done; the message is one sentence that says what is wrong and what to do. Status 2. */
export class BadInput extends Error {
  override readonly name = "BadInput";
}
