import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Long enough for a busy machine. Tests await conditions, so they do not use these times up.
const timeouts = { testTimeout: 60_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000 } } };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        plugins: [react()],
        test: {
          ...timeouts,
          name: "pages",
          include: ["src/**/*.test.{ts,tsx}"],
          environment: "happy-dom",
          setupFiles: ["src/testing/setup.ts"],
        },
      },
      {
        // The same pages in a browser that translates them. The texts stay the same, so the tests check that nothing breaks.
        plugins: [react()],
        test: {
          ...timeouts,
          name: "translated",
          include: ["src/{app,pages,session,social,verification}/**/*.test.tsx"],
          environment: "happy-dom",
          setupFiles: ["src/testing/setup.ts", "src/testing/setup-translated.ts"],
        },
      },
      {
        test: { ...timeouts, name: "journeys", include: ["journeys/**/*.test.ts"], globalSetup: ["journeys/setup.ts"] },
      },
    ],
  },
});
