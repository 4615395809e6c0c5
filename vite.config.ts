import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { metaPolicy } from "./scripts/security-headers.mjs";
import { slowness } from "./scripts/slowness.mjs";

/** The built page carries its own policy, for hosts where no header can be set. In development Vite needs inline scripts. */
const policyInPage: Plugin = {
  name: "policy-in-page",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: metaPolicy },
        injectTo: "head-prepend",
      },
    ],
  },
};

/**
 * Who the page is to a Hub that people sign in at, from the environment of the build (docs/deploy.md): an id that the Hub gave
 * out, or the address of the page, beside which the build then leaves the document that describes it.
 */
const signIn: Plugin = {
  name: "sign-in",
  apply: "build",
  transformIndexHtml() {
    const { AUSCULT_OAUTH_CLIENT_ID: id = describedAt(), AUSCULT_OAUTH_HUB: hub } = process.env;
    const settings = { "oauth-client-id": id, "oauth-hub": hub };
    return Object.entries(settings).flatMap(([name, content]) =>
      content ? [{ tag: "meta", attrs: { name, content }, injectTo: "head" as const }] : [],
    );
  },
  generateBundle() {
    const { AUSCULT_ADDRESS: page } = process.env;
    if (!page) return;
    const description = {
      client_id: describedAt(),
      client_name: "Auscult",
      client_uri: page,
      redirect_uris: [page],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      scope: "openid profile gated-repos",
      token_endpoint_auth_method: "none",
    };
    this.emitFile({ type: "asset", fileName: DESCRIPTION, source: JSON.stringify(description, null, 2) });
  },
};

const DESCRIPTION = ".well-known/oauth-cimd";

/** Address of the page's description, where the build knows the page's own. */
function describedAt(): string | undefined {
  const { AUSCULT_ADDRESS: page } = process.env;
  return page && new URL(DESCRIPTION, page).href;
}

/** `npm run dev` shows every chart's cases under /gallery; the build has only index.html for an entry, so it has none. */
const gallery: Plugin = {
  name: "gallery",
  apply: "serve",
  configureServer: ({ middlewares }) => {
    middlewares.use((request, response, next) => {
      if (!/^\/gallery\/?$/.test(request.url ?? "")) return next();
      response.writeHead(302, { Location: "/src/charts/gallery/gallery.html" }).end();
    });
  },
};

/** Milliseconds for a unit test; nothing is measured for a build. */
const limit = process.env.VITEST ? 60_000 * (await slowness()) : 0;

export default defineConfig({
  // Relative, so that the built page works from any path of any static host.
  base: "./",
  plugins: [react(), policyInPage, signIn, gallery],
  worker: { format: "es" },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  test: {
    include: [
      "src/**/*.test.{ts,tsx}",
      "cli/**/*.test.ts",
      "{anchors,scripts}/**/*.test.mjs",
      "bench/!(work)/**/*.test.mjs",
    ],
    // Limits catch what hangs; on a slow machine everything may take longer.
    testTimeout: limit,
    hookTimeout: limit,
  },
});
