/** The read token of the Hub, and the only place that knows it: it goes to the Hub's own origin, as `hubOptions` sees to. */
export function hubToken(): string | undefined {
  return process.env.HF_TOKEN?.trim() || undefined;
}
