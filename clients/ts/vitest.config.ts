import { defineConfig } from "vitest/config";

// Long enough for a machine that is busy with other things; nothing waits without cause.
const patience = { testTimeout: 60_000, expect: { poll: { timeout: 20_000 } } };

export default defineConfig({
  test: {
    // Two of the files mostly wait for other programs, whatever the number of processors.
    maxWorkers: 3,
    projects: [
      { test: { ...patience, name: "unit", include: ["src/**/*.test.ts", "test/*.test.ts"] } },
      { test: { ...patience, name: "page", include: ["src/**/*.test.tsx"], environment: "happy-dom" } },
    ],
  },
});
