import type { IncomingMessage, ServerResponse } from "node:http";

/** One request as the server saw it. `status`, `bytes` and `end` are filled in as the answer goes out. */
export interface LogEntry {
  server: "hub" | "cdn";
  method: string;
  /** Path and query. */
  url: string;
  /** All request headers, names in lower case. */
  headers: Readonly<Record<string, string>>;
  range: string | undefined;
  authorization: string | undefined;
  /** 0 until there is one. */
  status: number;
  /** Body bytes handed to the network. */
  bytes: number;
  /** `aborted`: the client went away; `cut`: the server did so, as a fault. */
  end: "open" | "sent" | "aborted" | "cut";
}

/** Keeps every request of both servers in the order they came, and knows when none is open. */
export class RequestLog {
  readonly entries: LogEntry[] = [];
  private waiting: (() => void)[] = [];

  add(server: LogEntry["server"], request: IncomingMessage, response: ServerResponse): LogEntry {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(", ") : (value ?? ""),
      ]),
    );
    const entry: LogEntry = {
      server,
      method: request.method ?? "",
      url: request.url ?? "",
      headers,
      range: headers.range,
      authorization: headers.authorization,
      status: 0,
      bytes: 0,
      end: "open",
    };
    this.entries.push(entry);
    response.on("close", () => {
      entry.status = response.headersSent ? response.statusCode : 0;
      if (entry.end === "open") entry.end = response.writableFinished ? "sent" : "aborted";
      if (this.isQuiet()) for (const resolve of this.waiting.splice(0)) resolve();
    });
    return entry;
  }

  /** Resolves as soon as no request is open. */
  whenQuiet(): Promise<void> {
    return this.isQuiet() ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
  }

  private isQuiet(): boolean {
    return this.entries.every(({ end }) => end !== "open");
  }
}
