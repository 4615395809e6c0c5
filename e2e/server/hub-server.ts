import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { answerCdn, type CdnState, type PlainFolder } from "./cdn-routes.ts";
import type { Faults } from "./faults.ts";
import { answerHub, type HubState } from "./hub-routes.ts";
import { Line } from "./line.ts";
import { answerOAuth, type OAuthState, type SignInSpec } from "./oauth-routes.ts";
import { type RepoSpec, Signer, storeRepos } from "./repo-store.ts";
import { type LogEntry, RequestLog } from "./request-log.ts";
import type { Exchange } from "./send-file.ts";

export interface HubServerOptions extends Faults {
  /** Repos by name, `org/name` or a bare one. */
  repos?: Readonly<Record<string, RepoSpec>>;
  plain?: Readonly<Record<string, PlainFolder>>;
  /** Repos that each token may read, gated and private ones included. */
  tokens?: Readonly<Record<string, readonly string[]>>;
  /** People can sign in here; without it the Hub knows nothing of signing in. */
  signIn?: SignInSpec;
  /** Entries on a page of a listing; 1000 unless told. */
  pageSize?: number;
}

/** Two servers on 127.0.0.1 with the manners of the Hub and of its CDN. */
export interface HubServer {
  /** Of the Hub: `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** Of the CDN that signed addresses lead to; it also has the plain folders. */
  readonly cdn: string;
  /** Every request since the start, in order. Live: entries are filled in as answers go out. */
  readonly log: LogEntry[];
  /** Address of a plain folder, with the final slash. */
  plain(name: string): string;
  /** The commit that a branch, tag or pull request of a repo stands at. */
  commit(repo: string, revision?: string): string;
  /** Switches faults; what is not named stays as it is, `undefined` takes a fault back. */
  set(faults: { [K in keyof Faults]: Faults[K] | undefined }): void;
  /** Makes every signed address given out so far expire. */
  expireLinks(): void;
  /** Resolves when the allowance is used up and a body waits for more. */
  whenDry(): Promise<void>;
  /** Resolves as soon as no request is open. */
  whenQuiet(): Promise<void>;
  close(): Promise<void>;
}

const HUB_EXPOSED =
  "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash";

export async function startHub(options: HubServerOptions = {}): Promise<HubServer> {
  const { repos: specs = {}, plain = {}, tokens = {}, signIn, pageSize = 1000, ...initial } = options;
  const repos = storeRepos(specs);
  const signer = new Signer();
  const log = new RequestLog();
  const line = new Line();
  const sockets = new Set<Socket>();
  let faults: Faults = initial;
  line.allow(faults.allowance);
  /** Ends the waits of the answers that are held. */
  const letGo: (() => void)[] = [];

  const cdnState: CdnState = { repos, plain, signer };
  const serve =
    (server: LogEntry["server"], answer: (exchange: Exchange) => Promise<void>) =>
    async (request: IncomingMessage, response: ServerResponse) => {
      const entry = log.add(server, request, response);
      while (faultsFor(faults, entry.url).held && !response.destroyed) {
        await new Promise<void>((resolve) => {
          letGo.push(resolve);
          response.once("close", resolve);
        });
      }
      if (response.destroyed) return;
      const exchange = { request, response, entry, line, faults: faultsFor(faults, entry.url) };
      if (request.method !== "OPTIONS" && exchange.faults.busy) {
        faults.busy = exchange.faults.busy - 1;
        if (server === "cdn" && !exchange.faults.noCors) response.setHeader("Access-Control-Allow-Origin", "*");
        if (server === "hub") allowHub(exchange, origin);
        response.writeHead(faults.busyStatus ?? 429, { "Content-Type": "text/html" }).end("<h1>Too many requests</h1>");
        return;
      }
      await answer(exchange);
    };

  const cdnServer = createServer(serve("cdn", (exchange) => answerCdn(cdnState, exchange)));
  const hubServer = createServer(
    serve("hub", async (exchange) => {
      allowHub(exchange, origin);
      if (exchange.request.method === "OPTIONS") return answerPreflight(exchange);
      const url = new URL(exchange.request.url ?? "/", origin);
      if (!(await answerOAuth(oauthState, exchange, url))) await answerHub(hubState, exchange);
    }),
  );
  for (const server of [cdnServer, hubServer]) {
    server.on("connection", (socket) => {
      if (faults.down) socket.destroy();
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    });
  }
  const [cdn, origin] = await Promise.all([listening(cdnServer), listening(hubServer)]);
  const hubState: HubState = { repos, tokens, pageSize, origin, cdn, signer };
  const oauthState: OAuthState = { signIn, grants: new Map(), origin };

  return {
    origin,
    cdn,
    log: log.entries,
    plain: (name) => `${cdn}/plain/${encodeURIComponent(name)}/`,
    commit(name, revision = "main") {
      const commit = repos.get(name)?.refs.get(revision);
      if (commit === undefined) throw new Error(`The test server has no ${name} at ${revision}`);
      return commit;
    },
    set(change) {
      faults = { ...faults, ...change } as Faults;
      if ("allowance" in change) line.allow(faults.allowance);
      for (const go of letGo.splice(0)) go();
      if (faults.down) for (const socket of sockets) socket.destroy();
    },
    expireLinks: () => signer.revoke(),
    whenDry: () => line.whenDry(),
    whenQuiet: () => log.whenQuiet(),
    async close() {
      const closed = [cdnServer, hubServer].map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The faults for a request that `only` leaves alone are those that have nothing to do with single requests. */
function faultsFor(faults: Faults, url: string): Faults {
  if (!faults.only || faults.only.test(url)) return faults;
  return faults.linkLifetime === undefined ? {} : { linkLifetime: faults.linkLifetime };
}

function allowHub({ request, response, faults }: Exchange, origin: string): void {
  if (faults.noCors) return;
  response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? origin);
  response.setHeader("Vary", "Origin");
  if (!faults.hideHeaders) response.setHeader("Access-Control-Expose-Headers", HUB_EXPOSED);
}

function answerPreflight({ request, response, faults }: Exchange): void {
  if (!faults.noCors) {
    response.setHeader("Access-Control-Allow-Methods", "GET,HEAD,POST");
    response.setHeader("Access-Control-Allow-Headers", request.headers["access-control-request-headers"] ?? "");
    response.setHeader("Access-Control-Max-Age", "86400");
  }
  response.writeHead(204).end();
}
