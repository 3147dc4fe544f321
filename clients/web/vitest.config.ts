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
        // The same pages while a browser translates them. What is tested there is that nothing breaks: the words are the same.
        plugins: [react()],
        test: {
          ...patience,
          name: "translated",
          include: ["src/{app,pages,session,social,verification}/**/*.test.tsx"],
          environment: "happy-dom",
          setupFiles: ["src/testing/setup.ts", "src/testing/setup-translated.ts"],
        },
      },
      {
        test: { ...patience, name: "journeys", include: ["journeys/**/*.test.ts"], globalSetup: ["journeys/setup.ts"] },
      },
      {
        // What people do most, in a browser that translates. Tests in several browsers translate in one of their own.
        test: {
          ...patience,
          name: "journeys translated",
          include: ["journeys/{account,reset-password,roles,sessions,sign-in,sign-up,sign-up-by-phone}.test.ts"],
          globalSetup: ["journeys/setup.ts"],
          provide: { translated: true },
        },
      },
    ],
  },
});
