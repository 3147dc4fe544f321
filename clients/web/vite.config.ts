import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `latchkey dev` answers, for `npm run dev`: the page from Vite, everything else from the server. */
const server = "http://localhost:8080";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    // Browsers of the last two and a half years; older ones lack light-dark(), by which the colours are chosen.
    target: ["chrome123", "edge123", "firefox120", "safari17.5", "ios17.5"],
    // The policy of the page allows no script but files.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: {
    proxy: Object.fromEntries(
      ["^/latchkey\\.", "/dev/outbox", "/page.css", "/sessions/disown"].map((path) => [path, server]),
    ),
  },
});
