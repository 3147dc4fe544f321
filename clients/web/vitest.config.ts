import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Long enough for a machine that is busy with other things; nothing waits without cause.
const patience = { testTimeout: 60_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000 } } };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        plugins: [react()],
        test: {
          ...patience,
          name: "pages",
          include: ["src/**/*.test.{ts,tsx}"],
          environment: "happy-dom",
          setupFiles: ["src/testing/setup.ts"],
        },
      },
      {
        test: { ...patience, name: "journeys", include: ["journeys/**/*.test.ts"], globalSetup: ["journeys/setup.ts"] },
      },
    ],
  },
});
