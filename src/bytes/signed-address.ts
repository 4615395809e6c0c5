/**
 * When a signed address stops working, in milliseconds since 1970, or undefined where its query does not say.
 * CloudFront's form is `Expires=<unix seconds>`; S3's and Google's are `X-…-Date=<basic ISO time>` with `X-…-Expires=<seconds>`.
 * Where an address carries several, the earliest counts.
 */
export function signedAddressExpiry(url: string): number | undefined {
  const query = new URL(url).searchParams;
  const ends: number[] = [];
  const expires = query.get("Expires");
  if (expires && /^\d{1,12}$/.test(expires)) ends.push(Number(expires) * 1000);
  for (const scheme of ["X-Amz", "X-Goog"]) {
    const from = basicIsoTime(query.get(`${scheme}-Date`));
    const seconds = query.get(`${scheme}-Expires`);
    if (from !== undefined && seconds && /^\d{1,9}$/.test(seconds)) ends.push(from + Number(seconds) * 1000);
  }
  return ends.length > 0 ? Math.min(...ends) : undefined;
}

function basicIsoTime(text: string | null): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text ?? "");
  if (!match) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
