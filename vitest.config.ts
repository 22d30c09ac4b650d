import { defineConfig } from "vitest/config";

/** Where to write the results as JSON as well; see .ci/run. */
const report = process.env.TEST_REPORT;

export default defineConfig({
  resolve: { conditions: ["pellucid-source"] },
  ssr: { resolve: { conditions: ["pellucid-source", "node"] } },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
  },
});
