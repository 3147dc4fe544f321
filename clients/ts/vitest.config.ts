import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts", "test/*.test.ts"] } },
      { test: { name: "page", include: ["src/**/*.test.tsx", "test/*.test.tsx"], environment: "happy-dom" } },
    ],
  },
});
