import "./index.css";
import { createLatchkey } from "@latchkey-auth/client";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./app/app";
import { acceptLanguage } from "./i18n/accept-language";

const latchkey = createLatchkey({ interceptors: [acceptLanguage] });

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
