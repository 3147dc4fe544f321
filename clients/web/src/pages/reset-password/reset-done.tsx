import { useEffect, useEffectEvent } from "react";
import { useLocation, useNavigate } from "react-router";
import { localized } from "../../i18n/localized-text";
import { defineTranslations } from "../../i18n/translations";
import { notify } from "../../notices/notices";
import { LoadingPage } from "../../pages/loading-page";
import type { GivenIdentifier } from "../../session/given-identifier";
import { home, keepReturn } from "../../session/return-to";
import { useSessionStore } from "../../session/use-session-store";

const translations = defineTranslations({
  en: {
    done: "Your new password is set. Please sign in with it.",
    other: "The new password is set.",
  },
  ko: {
    done: "새 비밀번호로 바꾸었어요. 새 비밀번호로 로그인해 주세요.",
    other: "새 비밀번호로 바꾸었어요.",
  },
});

/** Tells that the password is set, and leads on: to signing in, or home for somebody who has reset another account's. */
export function ResetDone({ identifier }: { readonly identifier: string }) {
  const { search } = useLocation();
  const navigate = useNavigate();
  const signedIn = useSessionStore(({ status }) => status === "signedIn");

  const leadOn = useEffectEvent(() => {
    notify(
      "success",
      localized(translations, (t) => (signedIn ? t.other : t.done)),
    );
    const state: GivenIdentifier = { identifier };
    void (signedIn
      ? navigate(home, { replace: true })
      : navigate(keepReturn("/sign-in", search), { replace: true, state }));
  });
  useEffect(() => leadOn(), []);

  return <LoadingPage />;
}
