import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const routerForProduction = fileURLToPath(import.meta.resolve("react-router")).replace(
  /development.index\.m?js$/,
  "production/index.mjs",
);

/** The libraries of every page, and the client without its queries, its texts, and the modules that it imports dynamically. */
const base =
  /node_modules\/(react|react-dom|scheduler|react-router|react-hook-form|@hookform|zustand|@bufbuild\/protobuf\/dist\/esm(?!\/equals)|@connectrpc\/connect(-web)?)\/|clients\/ts\/dist\/(?!react\/(index|query-provider)\.|texts\/(en|ko)\.|form\/english-rule-texts\.|gen\/shape-texts\.|session\/cookies-blocked\.|transport\/(origin-refusal|resumable-stream)\.)/;

/** The modules of the sign-in page beside its own: one chunk is smaller than ten of a few hundred bytes. */
const entry =
  /clients\/web\/src\/(forms\/(text-field|password-field|submit-button|use-rules-form|trim)|ui\/(button|spinner|inline-load-error)|loading\/chunk-error-inline|i18n\/(use-)?locale|verification\/parse-identifier|session\/identifier-state|social\/social-sign-in)\./;

/** The URL of `latchkey dev`, to which `npm run dev` forwards everything but the pages. */
const server = "http://localhost:8080";

export default defineConfig(({ mode }) => ({
  plugins: [react(), tailwindcss()],
  resolve: {
    // The package exports only its development build to bundlers, which is larger.
    alias: mode === "production" ? [{ find: /^react-router$/, replacement: routerForProduction }] : [],
  },
  build: {
    // Browsers of the last two and a half years. Older ones lack light-dark(), which the colours need.
    target: ["chrome123", "edge123", "firefox120", "safari17.5", "ios17.5"],
    // The content security policy allows scripts from files only.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // One chunk for all pages is smaller than several, and stays cached when only our pages change.
        codeSplitting: {
          groups: [
            { name: "base", test: base },
            { name: "entry", test: entry },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["^/latchkey\\.", "/dev/outbox", "/page.css", "/sessions/disown"].map((path) => [path, server]),
    ),
  },
}));
