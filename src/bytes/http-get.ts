import { explainFetchFailure } from "./explain-fetch-failure.ts";
import { ReadError } from "./read-error.ts";
import type { Span } from "./span.ts";
import { type Outlook, type RetryPolicy, type Wait, withRetry } from "./with-retry.ts";

export interface HttpOptions {
  signal?: AbortSignal;
  /** Called once for every request sent, retries included. */
  onRequest?: () => void;
  /** Value of the `Authorization` header. It makes the browser ask permission first (preflight): for the Hub's own origin only. */
  authorization?: string;
  retry?: RetryPolicy;
  /** Hears of every wait for a busy host; what it returns is called when that wait is over. */
  onWait?: (wait: Wait) => () => void;
  /** Pages have been let read at this address before: a refusal without CORS headers is a busy host's then. */
  wasReadable?: boolean;
  /** The address was signed a while ago: such a refusal says that it has expired, then, and trying again would not help. */
  wasSignedBefore?: boolean;
  /** A chance to say more about a status that is not a success than the sentences here can. */
  explainStatus?: (response: Response) => Error | undefined;
}

/**
 * The only place that fetches a body: one GET, answered 200 or 206, its body unread; the caller reads or cancels it.
 *
 * `span` becomes `Range: bytes=a-b`, the one form a browser sends to another origin without a preflight (Fetch standard,
 * "CORS-safelisted request-header"); nothing else is added. `no-store` keeps the browser's cache, which locks an address
 * for one reader at a time, out of the way; `no-referrer`, because the Hub refuses some referrers.
 *
 * 429, 5xx, a refusal without CORS headers where there `wasReadable` something lately, and a signed address refused right after
 * a redirect led to it are tried again (see `withRetry`). Throws the signal's reason on abort, else a `ReadError` or what `explainStatus` made of the answer.
 */
export async function httpGet(url: string, span: Span | undefined, options: HttpOptions = {}): Promise<Response> {
  const headers: Record<string, string> = {};
  if (span) headers.Range = `bytes=${span.begin}-${span.end - 1}`;
  if (options.authorization) headers.Authorization = options.authorization;
  const init: RequestInit = {
    headers,
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
    signal: options.signal ?? null,
  };

  let outlook: Outlook = "never";
  const attempt = async () => {
    outlook = "never";
    const response = await send(url, init, options).catch((error: unknown) => {
      const hidden = options.wasReadable && error instanceof ReadError && error.name === "CorsRefused";
      if (!hidden) throw error;
      if (options.wasSignedBefore) throw expiredUnsaid(new URL(url).host, error);
      outlook = "busy";
      throw busyError(new URL(url).host, "an answer that pages may not read", { cause: error });
    });
    if (response.status === 200 || response.status === 206) return response;
    discard(response);
    outlook = outlookOf(url, response);
    throw options.explainStatus?.(response) ?? statusError(url, response);
  };
  const { host } = new URL(url);
  const onBusy = (ms: number) => options.onWait?.({ host, until: Date.now() + ms }) ?? (() => {});
  return withRetry(attempt, () => outlook, { ...options, onBusy });
}

/** Lets go of a body nobody will read, which ends its transfer. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}

async function send(url: string, init: RequestInit, options: HttpOptions): Promise<Response> {
  const once = () => {
    options.onRequest?.();
    return fetch(url, init);
  };
  try {
    return await once();
  } catch (cause) {
    options.signal?.throwIfAborted();
    const explained = await explainFetchFailure(url, cause, options.signal);
    if (explained.name !== "CorsRefused") throw explained;
    // The host answers now: it may have been a dropped connection after all, and only a second refusal proves CORS.
    try {
      return await once();
    } catch {
      options.signal?.throwIfAborted();
      throw explained;
    }
  }
}

function outlookOf(url: string, response: Response): Outlook {
  if (response.status === 429 || response.status === 503) return "busy";
  if (response.status >= 500) return "soon";
  const refused = response.status === 401 || response.status === 403;
  return refused && response.redirected && new URL(response.url).origin !== new URL(url).origin ? "soon" : "never";
}

const busyError = (host: string, how: string, options: { cause?: unknown; status?: number }): ReadError =>
  new ReadError("Busy", `${host} is turning requests away for now (${how}). Wait a few minutes, then resume.`, options);

const expiredUnsaid = (host: string, cause: unknown): ReadError =>
  new ReadError(
    "LinkExpired",
    `${host} refused to hand out this file, in an answer that pages may not read: the link has probably expired. Open the comparison again.`,
    { cause },
  );

function statusError(url: string, response: Response): ReadError {
  const { status } = response;
  const { host, pathname } = new URL(response.url || url);
  switch (status) {
    case 404:
    case 410:
      return new ReadError("NotFound", `${host} has no file at ${pathname}. Check the address.`, { status });
    case 401:
    case 403:
      return new ReadError(
        "LinkExpired",
        `${host} refused to hand out this file (status ${status}): the link has expired or needs permission. Open the comparison again.`,
        { status },
      );
    case 416:
      return new ReadError(
        "FileTruncated",
        `${host} says that the file ends before the bytes that were asked for. It is cut short or has been replaced; open the comparison again.`,
        { status },
      );
    case 429:
    case 503:
      return busyError(host, `status ${status}`, { status });
    default:
      return new ReadError(
        "HttpStatus",
        `${host} answered with status ${status} instead of the file. Try again later.`,
        {
          status,
        },
      );
  }
}
