import { useLocation } from "react-router";
import { useLocalize } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { keepReturn } from "../../session/return-to";
import { Button, ButtonLink } from "../../ui/button";
import { Page } from "../../ui/page";
import { LoadingPage } from "../loading-page";
import { FinishSocialForm } from "./finish-social-form";
import { useTicket } from "./use-ticket";

const translations = defineTranslations({
  en: {
    title: "Almost there",
    lead: "Only this is missing for your account.",
    deadTitle: "This sign-in is over",
    deadLead: "It took too long, or was finished already. Please begin again; nothing was lost.",
    signIn: "Sign in",
    failedTitle: "That did not work yet",
    again: "Try again",
  },
  ko: {
    title: "거의 다 됐어요",
    lead: "가입을 마치려면 아래 내용만 입력해 주세요.",
    deadTitle: "로그인 시간이 지났어요",
    deadLead: "시간이 너무 오래 지났거나 이미 완료된 로그인이에요. 처음부터 다시 시도해 주세요.",
    signIn: "로그인하기",
    failedTitle: "아직 완료하지 못했어요",
    again: "다시 시도",
  },
});

/** After the first sign-in with an account from elsewhere: asks for what its provider has not told. */
export default function FinishSocialPage() {
  const t = useTranslations(translations);
  const localize = useLocalize();
  const { search } = useLocation();
  const ticket = new URLSearchParams(search).get("ticket") ?? "";
  const { state, ask } = useTicket(ticket);
  switch (state.status) {
    case "asking":
      return <LoadingPage />;
    case "missing":
      return (
        <Page title={t.title} lead={t.lead}>
          <FinishSocialForm ticket={ticket} refused={state.error} onDead={state.onDead} />
        </Page>
      );
    case "failed":
      return (
        <Page title={t.failedTitle} lead={localize(state.text)}>
          <div className="flex flex-col gap-3">
            <Button wide onClick={ask}>
              {t.again}
            </Button>
            <ButtonLink wide variant="secondary" to={keepReturn("/sign-in", search)}>
              {t.signIn}
            </ButtonLink>
          </div>
        </Page>
      );
    case "dead":
      return (
        <Page title={t.deadTitle} lead={t.deadLead}>
          <ButtonLink wide to={keepReturn("/sign-in", search)}>
            {t.signIn}
          </ButtonLink>
        </Page>
      );
  }
}
