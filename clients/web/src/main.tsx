import "./index.css";
import { createLatchkey, type Latchkey } from "@latchkey-auth/client";
import { StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./app/app";
import { isAccountPage, preloadPage } from "./app/page-code";
import { loadClientTexts } from "./i18n/client-texts";
import { useLocale } from "./i18n/use-locale";
import { ErrorPage } from "./pages/error-page";
import { homeOfRole } from "./session/home-of-role";
import { home } from "./session/return-to";

/** Starts everything that the first page needs, at once: who is signed in, the page's code, and the words. */
async function show(root: Root): Promise<void> {
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

/** Asks who is signed in. A user who is, and came to a page that leads on, is led to the home of the role. */
async function preloadHome(client: Latchkey, pathname: string): Promise<void> {
  const { role } = await client.session.check();
  if (role !== undefined && (pathname === home || !isAccountPage(pathname))) {
    preloadPage(home);
    preloadPage(homeOfRole(role));
  }
}

const place = document.getElementById("root");
if (place) {
  void show(createRoot(place));
}
