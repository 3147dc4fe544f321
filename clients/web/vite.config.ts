import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const routerForProduction = fileURLToPath(import.meta.resolve("react-router")).replace(
  /development.index\.m?js$/,
  "production/index.mjs",
);

/** The libraries of every page, and the client without its queries, the words of one language, and what it loads by itself. */
const base =
  /node_modules\/(react|react-dom|scheduler|react-router|react-hook-form|@hookform|zustand|@bufbuild\/protobuf\/dist\/esm(?!\/equals)|@connectrpc\/connect(-web)?)\/|clients\/ts\/dist\/(?!react\/(index|queries)\.|texts\/(en|ko)\.|form\/rules-in-english\.|gen\/shape-texts\.|session\/cookies-blocked\.|transport\/(origin-refusal|resumable-stream)\.)/;

/** What the page for signing in is made of, beside its own file: one file is smaller than ten of a few hundred bytes. */
const entry =
  /clients\/web\/src\/(forms\/(text-field|password-field|submit-button|use-rules-form|trimmed)|ui\/(button|spinner|retry-problem)|loading\/code-problem-inline|i18n\/locale|verification\/identifier|session\/given-identifier|social\/social-sign-in)\./;

/** Where `latchkey dev` answers, for `npm run dev`: the page from Vite, everything else from the server. */
const server = "http://localhost:8080";

export default defineConfig(({ mode }) => ({
  plugins: [react(), tailwindcss()],
  resolve: {
    // The package offers bundlers its build for development alone, with warnings in it that nobody sees.
    alias: mode === "production" ? [{ find: /^react-router$/, replacement: routerForProduction }] : [],
  },
  build: {
    // Browsers of the last two and a half years; older ones lack light-dark(), by which the colours are chosen.
    target: ["chrome123", "edge123", "firefox120", "safari17.5", "ios17.5"],
    // The policy of the page allows no script but files.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What every page stands on is one file: smaller than several, and it stays in browsers when only our pages change.
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
