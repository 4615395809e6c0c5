import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // Relative, so that the built page works from any path of any static host.
  base: "./",
  plugins: [react()],
  worker: { format: "es" },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  test: { include: ["src/**/*.test.{ts,tsx}"], testTimeout: 30_000 },
});
