// SPDX-License-Identifier: Apache-2.0
// The page must run under `default-src 'none'`: nothing inline, nothing from elsewhere, every asset a file of its own.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    target: "es2020",
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
  },
});
