import { useEffect, useEffectEvent } from "react";
import { useLocation, useNavigate } from "react-router";
import { localized } from "../../i18n/localized-text";
import { defineTranslations } from "../../i18n/translations";
import { notify } from "../../notices/notices";
import { LoadingPage } from "../../pages/loading-page";
import type { IdentifierState } from "../../session/identifier-state";
import { defaultHomePath, linkKeepingReturn } from "../../session/return-to";
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

/** Notifies the user, and redirects to the sign-in page, or home for a user who has reset the password of another account. */
export function ResetDone({ identifier }: { readonly identifier: string }) {
  const { search } = useLocation();
  const navigate = useNavigate();
  const signedIn = useSessionStore(({ status }) => status === "signedIn");

  const redirect = useEffectEvent(() => {
    notify(
      "success",
      localized(translations, (t) => (signedIn ? t.other : t.done)),
    );
    const state: IdentifierState = { identifier };
    void (signedIn
      ? navigate(defaultHomePath, { replace: true })
      : navigate(linkKeepingReturn("/sign-in", search), { replace: true, state }));
  });
  useEffect(() => redirect(), []);

  return <LoadingPage />;
}
