import { Component, type ReactNode, useEffect } from "react";
import { useLocation } from "react-router";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "../ui/button";
import { Page } from "../ui/page";

const translations = defineTranslations({
  en: {
    title: "This page has stopped working",
    lead: "Your connection may have broken off, a new version may just have come out, or it is our mistake. Loading the page again usually helps; nothing that was saved is lost.",
    reload: "Load again",
    home: "To the start page",
  },
  ko: {
    title: "페이지에 문제가 생겼어요",
    lead: "연결이 잠시 끊겼거나 새 버전이 막 배포되었거나, 저희 쪽 오류일 수 있어요. 페이지를 새로고침해 주세요. 저장된 내용은 사라지지 않아요.",
    reload: "새로고침",
    home: "처음으로",
  },
});

/** Is shown when a page has failed. It is loaded again by itself when the browser is online again. */
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
 * Catches what a page fails with, also code that cannot be loaded, so that nobody looks at an empty window. Going to another
 * page, or back, leaves the failure behind.
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
