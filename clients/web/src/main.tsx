import "./index.css";
import { createLatchkey } from "@latchkey-auth/client";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./app/app";
import { useLocale } from "./i18n/locale";

const latchkey = createLatchkey({
  interceptors: [
    (next) => (request) => {
      // Messages to people without an account are written in the language of the page they ask from.
      request.header.set("Accept-Language", useLocale.getState().locale);
      return next(request);
    },
  ],
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <BrowserRouter>
        <App client={latchkey} />
      </BrowserRouter>
    </StrictMode>,
  );
}
