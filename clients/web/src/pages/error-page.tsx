import { Component, type ReactNode } from "react";
import { defineWords, useWords } from "../i18n/words";
import { Button } from "../ui/button";
import { Page } from "../ui/page";

const words = defineWords({
  en: {
    title: "This page has stopped working",
    lead: "That is our mistake, or a new version has just come out. Loading the page again usually helps; nothing that was saved is lost.",
    reload: "Load again",
    home: "To the start page",
  },
  ko: {
    title: "페이지에 문제가 생겼어요",
    lead: "저희 쪽 오류이거나 새 버전이 막 배포되었을 수 있어요. 페이지를 새로고침해 주세요. 저장된 내용은 사라지지 않아요.",
    reload: "새로고침",
    home: "처음으로",
  },
});

/** Is shown when a page has failed. */
function ErrorPage() {
  const say = useWords(words);
  return (
    <main className="mx-auto max-w-md px-5 py-16">
      <Page title={say.title} lead={say.lead}>
        <div className="flex flex-wrap gap-3">
          <Button onClick={() => window.location.reload()}>{say.reload}</Button>
          <Button look="secondary" onClick={() => window.location.assign("/")}>
            {say.home}
          </Button>
        </div>
      </Page>
    </main>
  );
}

/** Catches what a page fails with, also code that cannot be loaded, so that nobody looks at an empty window. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <ErrorPage /> : this.props.children;
  }
}
