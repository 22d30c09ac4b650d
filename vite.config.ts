// Builds the studio into dist/studio: static files for any host, with relative addresses.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig, type Plugin } from "vite";
import { standaloneRuntime } from "./tools/vite/standalone-runtime.ts";

const assets = join(import.meta.dirname, "assets");

/** Puts the network and the photos that the studio starts with beside it. */
function embedded(): Plugin {
  return {
    name: "pellucid-embedded",
    apply: "build",
    generateBundle() {
      for (const folder of ["network", "photos"].filter((name) => existsSync(join(assets, name)))) {
        for (const file of readdirSync(join(assets, folder)).filter((name) => /\.(keras|json|png|jpg)$/.test(name))) {
          this.emitFile({ type: "asset", fileName: `embedded/${file}`, source: readFileSync(join(assets, folder, file)) });
        }
      }
    },
  };
}

export default defineConfig({
  root: join(import.meta.dirname, "src/studio"),
  base: "./",
  plugins: [react(), embedded()],
  resolve: { conditions: ["pellucid-source", ...defaultClientConditions] },
  worker: { format: "es", plugins: () => [standaloneRuntime()] },
  build: {
    outDir: join(import.meta.dirname, "dist/studio"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
});
