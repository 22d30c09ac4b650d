import { defineConfig } from "vitest/config";

/** Where to write the results as JSON as well; see .ci/run. */
const report = process.env.TEST_REPORT;

export default defineConfig({
  resolve: { conditions: ["pellucid-source"] },
  ssr: { resolve: { conditions: ["pellucid-source", "node"] } },
  test: {
    testTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    projects: [
      { extends: true, test: { name: "node", include: ["test/**/*.test.ts"], exclude: ["test/studio/**"] } },
      {
        // In a real browser, one file at a time and after all others.
        extends: true,
        test: { name: "chromium", include: ["test/studio/**/*.test.ts"], fileParallelism: false, hookTimeout: 120_000, sequence: { groupOrder: 1 } },
        // The tables of operators' cases, as data.
        resolve: { alias: [{ find: /^\.\/family\.ts$/, replacement: new URL("test/studio/collect-family.ts", import.meta.url).pathname }] },
      },
    ],
  },
});
