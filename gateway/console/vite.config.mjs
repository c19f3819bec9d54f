// SPDX-License-Identifier: Apache-2.0
// The page must run under `default-src 'none'`: nothing inline, nothing from elsewhere, every asset a file of its own.
import { defineConfig } from "vite";
import { compressedWithinBudget } from "./bundles.mjs";
import { languages } from "./locale.mjs";

export default defineConfig(({ mode }) => ({
  base: "/",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  plugins: [languages(), mode === "production" && compressedWithinBudget()],
  server: { host: "127.0.0.1" }, // needs no name
  test: { include: ["test/*.test.ts"], setupFiles: "test/setup.ts" },
  build: {
    target: "es2020",
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The component room is not shipped.
    rollupOptions: { input: mode === "production" ? "index.html" : ["index.html", "komponen.html"] },
  },
}));
