import "./index.css";
import { createLatchkey, type Latchkey } from "@latchkey-auth/client";
import { StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./app/app";
import { isAccountPage, preloadPage } from "./app/page-imports";
import { loadClientTexts } from "./i18n/client-texts";
import { useLocale } from "./i18n/use-locale";
import { ErrorPage } from "./pages/error-page";
import { homePath } from "./session/home-path";
import { defaultHomePath } from "./session/return-to";

/** Loads the session, the code of the page and the texts in parallel, and renders the application. */
async function start(root: Root): Promise<void> {
  const client = createLatchkey({ locale: () => useLocale.getState().locale });
  const { pathname } = window.location;
  preloadPage(pathname);
  void preloadHome(client, pathname);
  try {
    await loadClientTexts(useLocale.getState().locale);
  } catch {
    root.render(<ErrorPage />);
    return;
  }
  root.render(
    <StrictMode>
      <BrowserRouter>
        <App client={client} />
      </BrowserRouter>
    </StrictMode>,
  );
}

/** Fetches the session, and preloads the home page if the user is about to be redirected there. */
async function preloadHome(client: Latchkey, pathname: string): Promise<void> {
  const { role } = await client.session.refetch();
  if (role !== undefined && (pathname === defaultHomePath || !isAccountPage(pathname))) {
    preloadPage(defaultHomePath);
    preloadPage(homePath(role));
  }
}

const root = document.getElementById("root");
if (root) {
  void start(createRoot(root));
}
