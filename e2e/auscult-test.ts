import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test as base, expect, type Page } from "@playwright/test";
import { headerPolicy, securityHeaders } from "../scripts/security-headers.mjs";
import { type FolderServer, type ServeOptions, serveFolder } from "../scripts/serve.mjs";
import { AuscultPage } from "./auscult-page.ts";
import { buildHouse, type House } from "./fixtures/house.ts";
import type { Faults } from "./server/faults.ts";
import { type HubServer, type HubServerOptions, startHub } from "./server/hub-server.ts";

const dist = fileURLToPath(new URL("../dist", import.meta.url));

const NO_FAULTS: { [K in keyof Required<Faults>]: undefined } = {
  ...{ only: undefined, noRanges: undefined, noCors: undefined, hideHeaders: undefined, truncateAfter: undefined },
  ...{ resetAfter: undefined, changeEtag: undefined, busy: undefined, busyStatus: undefined, down: undefined },
  ...{ allowance: undefined, held: undefined, linkLifetime: undefined },
};

/** What must not happen on any page of a test, unless the test says that it will. */
class Watch {
  readonly errors: string[] = [];
  private readonly expected: RegExp[] = [];

  over(page: Page): void {
    page.on("pageerror", (error) => this.errors.push(error.stack ?? error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(`${message.text()} ${message.location().url}`);
    });
  }

  /** Says that the console will hold such errors: a browser notes every refused request there, whoever handles it. */
  expect(...patterns: RegExp[]): void {
    this.expected.push(...patterns);
  }

  unexpected(): string[] {
    return this.errors.filter((error) => !this.expected.some((pattern) => pattern.test(error)));
  }
}

interface Site {
  origin: string;
  /** What the browser reported of the policy: from pages as from their workers, which tell no page. */
  violations: string[];
}

interface TestFixtures {
  auscult: AuscultPage;
  watch: Watch;
  /** The Hub that all tests of a worker share, without faults and with an empty log. */
  hub: HubServer;
  /** One more Hub, for this test alone. */
  newHub: (options: HubServerOptions) => Promise<HubServer>;
  /** Another person's tab: nothing of the first one is known there. */
  newTab: () => Promise<AuscultPage>;
  /** dist/ from another host. */
  serve: (options: Partial<ServeOptions>) => Promise<FolderServer>;
}

interface WorkerFixtures {
  site: Site;
  house: House;
  sharedHub: HubServer;
}

/** Every test gets the built page under its policy, a Hub with a house full of models, and fails where anything goes wrong unasked. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures used from the pattern.
    async ({}, use) => {
      expect(existsSync(join(dist, "index.html")), "dist/ is there: run `npm run build` first").toBe(true);
      const violations: string[] = [];
      const sink = createServer(async (request, response) => {
        let text = "";
        for await (const chunk of request) text += chunk;
        response.end();
        if (request.method === "POST") violations.push(text);
      });
      await new Promise<void>((ready) => sink.listen(0, "127.0.0.1", ready));
      const report = `report-uri http://127.0.0.1:${(sink.address() as AddressInfo).port}/`;
      const headers = { ...securityHeaders, "Content-Security-Policy": `${headerPolicy}; ${report}` };
      const server = await serveFolder({ root: dist, headers });
      await use({ origin: server.origin, violations });
      await server.close();
      sink.close();
      sink.closeAllConnections();
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  house: [async ({}, use) => use(buildHouse()), { scope: "worker" }],
  sharedHub: [
    async ({ house }, use) => {
      const hub = await startHub(house.options);
      await use(hub);
      await hub.close();
    },
    { scope: "worker" },
  ],
  hub: async ({ sharedHub }, use) => {
    sharedHub.set(NO_FAULTS);
    await sharedHub.whenQuiet();
    sharedHub.log.length = 0;
    await use(sharedHub);
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  newHub: async ({}, use) => {
    const open: HubServer[] = [];
    await use(async (options) => {
      const hub = await startHub(options);
      open.push(hub);
      return hub;
    });
    for (const hub of open) await hub.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  serve: async ({}, use) => {
    const open: FolderServer[] = [];
    await use(async (options) => {
      const server = await serveFolder({ root: dist, ...options });
      open.push(server);
      return server;
    });
    for (const server of open) await server.close();
  },
  watch: async ({ site }, use) => {
    const watch = new Watch();
    site.violations.length = 0;
    await use(watch);
    expect(watch.unexpected()).toEqual([]);
    expect(site.violations).toEqual([]);
  },
  auscult: async ({ page, site, watch }, use) => {
    watch.over(page);
    const auscult = new AuscultPage(page, `${site.origin}/`);
    await use(auscult);
    if (page.url().startsWith("http")) await auscult.expectNoGarbage();
  },
  newTab: async ({ browser, site, watch }, use) => {
    const open: AuscultPage[] = [];
    await use(async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      watch.over(page);
      const auscult = new AuscultPage(page, `${site.origin}/`);
      open.push(auscult);
      return auscult;
    });
    for (const auscult of open) {
      await auscult.expectNoGarbage();
      await auscult.page.context().close();
    }
  },
});

export { expect };
