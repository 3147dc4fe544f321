import { useLocation } from "react-router";
import { useLocalize } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { linkKeepingReturn } from "../../session/return-to";
import { Button, ButtonLink } from "../../ui/button";
import { Page } from "../../ui/page";
import { LoadingPage } from "../loading-page";
import { FinishSocialForm } from "./finish-social-form";
import { useTicket } from "./use-ticket";

const translations = defineTranslations({
  en: {
    title: "Almost there",
    lead: "Please complete your account.",
    expiredTitle: "This sign-in has expired",
    expiredLead: "It took too long or was already completed. Please start again.",
    signIn: "Sign in",
    failedTitle: "Sign-in could not be completed",
    again: "Try again",
  },
  ko: {
    title: "거의 다 됐어요",
    lead: "가입을 마치려면 아래 내용만 입력해 주세요.",
    expiredTitle: "로그인 시간이 지났어요",
    expiredLead: "시간이 너무 오래 지났거나 이미 완료된 로그인이에요. 처음부터 다시 시도해 주세요.",
    signIn: "로그인하기",
    failedTitle: "아직 완료하지 못했어요",
    again: "다시 시도",
  },
});

/** The page after the first social sign-in. It asks for the fields that the provider did not supply. */
export default function FinishSocialPage() {
  const t = useTranslations(translations);
  const localize = useLocalize();
  const { search } = useLocation();
  const ticket = new URLSearchParams(search).get("ticket") ?? "";
  const { state, retry } = useTicket(ticket);
  switch (state.status) {
    case "pending":
      return <LoadingPage />;
    case "missing":
      return (
        <Page title={t.title} lead={t.lead}>
          <FinishSocialForm ticket={ticket} error={state.error} onExpired={state.onExpired} />
        </Page>
      );
    case "failed":
      return (
        <Page title={t.failedTitle} lead={localize(state.text)}>
          <div className="flex flex-col gap-3">
            <Button wide onClick={retry}>
              {t.again}
            </Button>
            <ButtonLink wide variant="secondary" to={linkKeepingReturn("/sign-in", search)}>
              {t.signIn}
            </ButtonLink>
          </div>
        </Page>
      );
    case "expired":
      return (
        <Page title={t.expiredTitle} lead={t.expiredLead}>
          <ButtonLink wide to={linkKeepingReturn("/sign-in", search)}>
            {t.signIn}
          </ButtonLink>
        </Page>
      );
  }
}
