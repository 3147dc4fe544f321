import "./index.css";
import { createLatchkey } from "@latchkey-auth/client";
import { StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./app/app";
import { acceptLanguage } from "./i18n/accept-language";
import { loadTexts } from "./i18n/client-texts";
import { useLocale } from "./i18n/locale";
import { ErrorPage } from "./pages/error-page";

async function show(root: Root): Promise<void> {
  try {
    await loadTexts(useLocale.getState().locale);
  } catch {
    root.render(<ErrorPage />);
    return;
  }
  const client = createLatchkey({ interceptors: [acceptLanguage] });
  root.render(
    <StrictMode>
      <BrowserRouter>
        <App client={client} />
      </BrowserRouter>
    </StrictMode>,
  );
}

const place = document.getElementById("root");
if (place) {
  void show(createRoot(place));
}
