import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { metaPolicy } from "./scripts/security-headers.mjs";

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

export default defineConfig({
  // Relative, so that the built page works from any path of any static host.
  base: "./",
  plugins: [react(), policyInPage, gallery],
  worker: { format: "es" },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  test: { include: ["src/**/*.test.{ts,tsx}", "scripts/**/*.test.mjs"], testTimeout: 30_000 },
});
