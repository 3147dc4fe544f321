import { Component, type ReactNode, useEffect } from "react";
import { useLocation } from "react-router";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "../ui/button";
import { Page } from "../ui/page";

const translations = defineTranslations({
  en: {
    title: "Something went wrong",
    lead: "Reloading the page usually helps. Everything that you have saved is safe.",
    reload: "Reload",
    home: "Go to the start page",
  },
  ko: {
    title: "페이지에 문제가 생겼어요",
    lead: "페이지를 새로고침해 주세요. 저장된 내용은 사라지지 않아요.",
    reload: "새로고침",
    home: "처음으로",
  },
});

/** Shown when a page has thrown an error. It reloads when the browser is online again. */
export function ErrorPage() {
  const t = useTranslations(translations);

  useEffect(() => {
    const reload = () => window.location.reload();
    window.addEventListener("online", reload);
    return () => window.removeEventListener("online", reload);
  }, []);

  return (
    <main className="mx-auto max-w-md px-5 py-16">
      <Page title={t.title} lead={t.lead}>
        <div className="flex flex-wrap gap-3">
          <Button onClick={() => window.location.reload()}>{t.reload}</Button>
          <Button variant="secondary" onClick={() => window.location.assign("/")}>
            {t.home}
          </Button>
        </div>
      </Page>
    </main>
  );
}

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

/**
 * Catches errors of a page, also of code that cannot be loaded, and shows the error page. Navigating to another page resets it.
 */
export function ErrorBoundary({ children }: ErrorBoundaryProps) {
  return <Boundary place={useLocation().key}>{children}</Boundary>;
}

class Boundary extends Component<ErrorBoundaryProps & { readonly place: string }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidUpdate(before: { readonly place: string }, { failed }: { readonly failed: boolean }) {
    if (failed && before.place !== this.props.place) {
      this.setState({ failed: false });
    }
  }

  override render() {
    return this.state.failed ? <ErrorPage /> : this.props.children;
  }
}
