import { LatchkeyError } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { useState } from "react";
import { flushSync } from "react-dom";
import { useNavigate } from "react-router";
import { localized, localizedError } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { notify } from "../../notices/notices";
import { useRecentSession } from "../../session/use-recent-session";
import { useSessionStore } from "../../session/use-session-store";
import { Button, ButtonLink } from "../../ui/button";
import { Card } from "../../ui/card";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { Page } from "../../ui/page";

const translations = defineTranslations({
  en: {
    title: "Delete account",
    lead: "This cannot be undone. Please read first what it means.",
    gone: "Your profile, password, devices and activity are deleted immediately.",
    out: "You are signed out on all devices.",
    free: "Others can use your e-mail address, mobile number and nickname again.",
    submit: "Continue",
    cancel: "Keep my account",
    sure: (name: string) => `Delete the account of ${name} permanently?`,
    last: "This cannot be undone.",
    confirm: "Delete permanently",
    done: "Your account was deleted. Thank you for being with us.",
  },
  ko: {
    title: "회원 탈퇴",
    lead: "탈퇴하면 되돌릴 수 없어요. 먼저 아래 내용을 확인해 주세요.",
    gone: "프로필, 비밀번호, 기기, 활동 기록이 바로 삭제돼요.",
    out: "모든 기기에서 로그아웃돼요.",
    free: "이메일, 휴대폰 번호, 닉네임은 다른 사람도 다시 사용할 수 있게 돼요.",
    submit: "계속",
    cancel: "탈퇴하지 않기",
    sure: (name: string) => `${name}님의 계정을 정말 삭제할까요?`,
    last: "삭제한 뒤에는 되돌릴 수 없어요.",
    confirm: "영구 삭제",
    done: "탈퇴가 완료되었어요. 그동안 이용해 주셔서 고마워요.",
  },
});

/** The page that deletes the account, after a confirmation and, if the session is not recent, a reauthentication. */
export default function DeleteAccountPage() {
  const t = useTranslations(translations);
  const navigate = useNavigate();
  const { account } = useLatchkey();
  const user = useSessionStore((session) => session.user);
  const [asking, setAsking] = useState(false);
  const { run, dialog } = useRecentSession();

  async function remove() {
    try {
      await run(() => account.deleteAccount({}));
    } catch (caught) {
      // Closed first, because the page below an open dialog is inert.
      flushSync(() => setAsking(false));
      // RECENT_SIGN_IN_REQUIRED means that the user has cancelled the reauthentication.
      if (LatchkeyError.from(caught).reason !== "RECENT_SIGN_IN_REQUIRED") {
        notify("error", localizedError(caught));
      }
      return;
    }
    notify(
      "success",
      localized(translations, (t) => t.done),
    );
    navigate("/", { replace: true });
  }

  return (
    <Page title={t.title} lead={t.lead}>
      <Card className="max-w-lg">
        <ul className="mb-6 list-disc space-y-1 pl-5">
          <li>{t.gone}</li>
          <li>{t.out}</li>
          <li>{t.free}</li>
        </ul>
        <Button variant="danger" wide onClick={() => setAsking(true)}>
          {t.submit}
        </Button>
        <ButtonLink to="/profile" variant="quiet" wide className="mt-3">
          {t.cancel}
        </ButtonLink>
      </Card>
      {asking && (
        <ConfirmDialog
          title={t.sure(user?.nickname ?? "")}
          confirm={t.confirm}
          onClose={() => setAsking(false)}
          onConfirm={remove}
        >
          {t.last}
        </ConfirmDialog>
      )}
      {dialog}
    </Page>
  );
}
