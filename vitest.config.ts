import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["pellucid-source"] },
  ssr: { resolve: { conditions: ["pellucid-source", "node"] } },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
