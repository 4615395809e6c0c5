import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { test as base, expect, type Page } from "@playwright/test";
import { headerPolicy, securityHeaders } from "../scripts/security-headers.mjs";
import { type FolderServer, type ServeOptions, serveFolder } from "../scripts/serve.mjs";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const demo = "#v=1&a=demo:base&b=demo:tuned&scan=exact";
/** Bytes; the bar for everything the page loads before a scan. */
const firstLoadLimit = 150_000;

interface Violation {
  directive: string;
  blocked: string;
}

interface Build {
  /** Serves dist/ until the end of the test, by default under the recommended headers. */
  serve(options?: Partial<ServeOptions>): Promise<FolderServer>;
  /** What the browser reported of the policy, from the page and from its workers. */
  violations: Violation[];
  /** Errors on the page's console, and exceptions nobody caught. */
  errors: string[];
}

const test = base.extend<{ build: Build }>({
  build: async ({ page }, use) => {
    expect(existsSync(join(dist, "index.html")), "dist/ is there: run `npm run build` first").toBe(true);
    const open: { close(): Promise<unknown> }[] = [];
    const violations: Violation[] = [];
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(`${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => errors.push(error.message));

    // A worker's violations raise no event in the page; the browser posts those of both to a report address.
    const sink = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      response.end();
      if (request.method !== "POST") return;
      const report = JSON.parse(text)["csp-report"] as Record<string, string>;
      violations.push({ directive: report["effective-directive"] ?? "", blocked: report["blocked-uri"] ?? "" });
    });
    await new Promise<void>((ready) => sink.listen(0, "127.0.0.1", ready));
    const sinkUrl = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`;
    const headers = { ...securityHeaders, "Content-Security-Policy": `${headerPolicy}; report-uri ${sinkUrl}` };
    await use({
      violations,
      errors,
      serve: async (options) => {
        const server = await serveFolder({ root: dist, headers, ...options });
        open.push(server);
        return server;
      },
    });
    for (const server of open) await server.close();
    sink.close();
    sink.closeAllConnections();
  },
});

const idle = (page: Page) => page.evaluate("window.auscult.whenIdle()");

/** For every pair of the comparison on the page, how many elements its numbers have seen. */
const countsOf = (page: Page): Promise<number[]> =>
  page.evaluate("(async () => (await window.auscult.comparison()).pairs.map((pair) => pair.stats?.count ?? 0))()");

async function expectScanned(page: Page): Promise<void> {
  const counts = await countsOf(page);
  expect(counts.length).toBeGreaterThan(50);
  expect(Math.min(...counts)).toBeGreaterThan(0);
}

const inlineScript = "document.head.append(Object.assign(document.createElement('script'), { text: 'var got = 1' }))";

/** Nothing was logged, and nothing broke the policy. Reports arrive late, so one more is provoked and waited for. */
async function expectClean(page: Page, build: Build): Promise<void> {
  expect(build.errors).toEqual([]);
  await page.evaluate(`{ ${inlineScript} }`);
  await expect.poll(() => build.violations.length).toBeGreaterThan(0);
  expect(build.violations).toEqual([{ directive: "script-src-elem", blocked: "inline" }]);
}

test("the first load is at most 150 kB gzip", async ({ page, build }) => {
  const { origin } = await build.serve();
  const requested = new Set<string>();
  page.on("request", (request) => {
    if (request.url().startsWith(origin)) requested.add(new URL(request.url()).pathname);
  });
  await page.goto(`${origin}/`);
  await idle(page);
  await page.evaluate("document.fonts.ready.then(() => true)");
  await page.waitForLoadState("networkidle");
  await expectClean(page, build);

  const sizes = [...requested].map((path) => {
    const bytes = readFileSync(join(dist, path === "/" ? "index.html" : path));
    // A font or a picture is compressed already, and hosts send it as it is.
    return { path, size: Math.min(bytes.length, gzipSync(bytes).length) };
  });
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  console.log(`First load: ${(total / 1000).toFixed(1)} kB gzip in ${sizes.length} files.`);
  expect(sizes.some(({ path }) => path.endsWith(".js"))).toBe(true);
  expect(total, JSON.stringify(sizes, null, 2)).toBeLessThanOrEqual(firstLoadLimit);
});

for (const engine of ["wasm", "wgsl", "reference"]) {
  test(`the demo is scanned under the policy, engine ${engine}`, async ({ page, build }) => {
    const { origin } = await build.serve();
    await page.goto(`${origin}/${demo}&engine=${engine}`);
    await idle(page);
    await expectScanned(page);
    expect(await page.evaluate("window.auscult.comparison().engine")).toBe(engine);
    await expectClean(page, build);
  });
}

test("it works from any path, of a host without ranges or headers", async ({ page, build }) => {
  const { origin } = await build.serve({ base: "/some/where/", ranges: false, headers: {} });
  const strays: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/some/where/`)) strays.push(request.url());
  });
  await page.goto(`${origin}/some/where/${demo}`);
  await idle(page);
  await expectScanned(page);
  expect(strays).toEqual([]);
  expect(build.errors).toEqual([]);
});

/** What a script that got into the page might try, and the directive that stops it. (Playwright's own call may eval.) */
const attempts: [what: string, directive: string, code: string][] = [
  ["an inline script", "script-src-elem", inlineScript],
  ["eval", "script-src", "setTimeout(() => { try { (0, eval)('1') } catch {} })"],
  ["a worker from a blob", "worker-src", "try { new Worker(URL.createObjectURL(new Blob(['1']))) } catch {}"],
  ["style markup", "style-src-attr", "document.body.setAttribute('style', 'color: red')"],
  ["a plain-http host", "connect-src", "fetch('http://host.invalid/').catch(() => {})"],
  [
    "another base",
    "base-uri",
    "document.head.append(Object.assign(document.createElement('base'), { href: 'https://host.invalid/' }))",
  ],
  [
    "a frame",
    "frame-src",
    "document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://host.invalid/' }))",
  ],
];
test("the policy stops what a script that got in might try", async ({ page, build }) => {
  const { origin } = await build.serve();
  await page.goto(`${origin}/`);
  await idle(page);
  expect(build.violations).toEqual([]);
  for (const [what, directive, code] of attempts)
    await test.step(what, async () => {
      await page.evaluate(`{ ${code} }`);
      await expect.poll(() => build.violations.map((violation) => violation.directive)).toContain(directive);
    });
});

test("without headers the page's own policy still holds", async ({ page, build }) => {
  const { origin } = await build.serve({ headers: {} });
  await page.goto(`${origin}/`);
  await idle(page);
  const stopped = page.evaluate(
    "new Promise((done) => document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective)))",
  );
  await page.evaluate(`{ ${inlineScript} }`);
  expect(await stopped).toBe("script-src-elem");
  expect(await page.evaluate("typeof got")).toBe("undefined");
});
