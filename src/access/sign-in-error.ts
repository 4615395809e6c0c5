export type SignInErrorName =
  /** The person, or the Hub in their name, said no. */
  | "SignInDenied"
  /** The answer belongs to no sign-in that this tab began. */
  | "SignInUnknown"
  /** The Hub did not answer, or not as one does. */
  | "SignInFailed"
  /** There is no signing in from this page. */
  | "SignInUnavailable";

/** Nobody was signed in. The message is for the person and holds neither code nor token. */
export class SignInError extends Error {
  constructor(name: SignInErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}
