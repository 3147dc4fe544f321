import { ChangePasswordRequestSchema } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { Link, useNavigate } from "react-router";
import { setFieldError } from "../../forms/field-error";
import { NewPasswordField } from "../../forms/new-password-field";
import { PasswordField } from "../../forms/password-field";
import { SubmitButton } from "../../forms/submit-button";
import { useRulesForm } from "../../forms/use-rules-form";
import { UsernameField } from "../../forms/username-field";
import { localized, localizedClientText } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { notify } from "../../notices/notices";
import { useSessionStore } from "../../session/use-session-store";
import { ButtonLink } from "../../ui/button";
import { Card } from "../../ui/card";
import { Page } from "../../ui/page";

const translations = defineTranslations({
  en: {
    title: "Change password",
    lead: "You stay signed in here. Your other devices are signed out, and unused codes stop working. We notify you of the change.",
    current: "Current password",
    chosen: "New password",
    again: "Repeat the new password",
    wrong: "This is not your current password.",
    differs: "The passwords do not match.",
    same: "This is your current password. Please choose another one.",
    submit: "Change password",
    cancel: "Cancel",
    done: "Your password was changed. Your other devices were signed out.",
    unknown: "Forgot your password, or have none yet?",
    reset: "Set a password with a code",
  },
  ko: {
    title: "비밀번호 변경",
    lead: "지금 이 기기는 로그인 상태로 유지돼요. 다른 기기에서는 모두 로그아웃되고, 아직 쓰지 않은 인증번호는 사용할 수 없게 돼요. 변경되면 메시지로 알려 드려요.",
    current: "현재 비밀번호",
    chosen: "새 비밀번호",
    again: "새 비밀번호 확인",
    wrong: "현재 비밀번호가 올바르지 않아요.",
    differs: "비밀번호가 서로 달라요.",
    same: "현재 비밀번호와 같아요. 다른 비밀번호를 입력해 주세요.",
    submit: "비밀번호 변경",
    cancel: "취소",
    done: "비밀번호를 변경했어요. 다른 기기에서는 모두 로그아웃되었어요.",
    unknown: "비밀번호를 잊으셨거나 아직 없나요?",
    reset: "인증번호로 비밀번호 설정",
  },
});

/** The page that changes the password, given the current one. */
export default function ChangePasswordPage() {
  const t = useTranslations(translations);
  const navigate = useNavigate();
  const { account } = useLatchkey();
  const user = useSessionStore((session) => session.user);
  const form = useRulesForm(ChangePasswordRequestSchema, {
    defaultValues: { currentPassword: "", newPassword: "", again: "" },
    check: ({ currentPassword, newPassword, again }) => [
      ...(newPassword !== "" && newPassword === currentPassword
        ? [{ field: "newPassword", text: localized(translations, (t) => t.same) }]
        : []),
      ...(again !== "" && newPassword !== again
        ? [{ field: "again", text: localized(translations, (t) => t.differs) }]
        : []),
    ],
    checkOnSubmit: ({ again }) =>
      again === "" ? [{ field: "again", text: localizedClientText(({ rules }) => rules.required as string) }] : [],
  });

  const submit = form.submitHandler(
    async (request) => {
      await account.changePassword(request);
      notify(
        "success",
        localized(translations, (t) => t.done),
      );
      navigate("/profile", { replace: true });
    },
    ({ reason }) => {
      if (reason !== "CREDENTIALS_INVALID") {
        return false;
      }
      const wrong = localized(translations, (t) => t.wrong);
      setFieldError(form, "currentPassword", "server", wrong, { shouldFocus: true });
      return true;
    },
  );

  return (
    <Page title={t.title} lead={t.lead}>
      <Card className="max-w-lg">
        <form noValidate onSubmit={submit} className="space-y-5">
          <UsernameField value={user?.email || user?.phone || ""} />
          <PasswordField
            control={form.control}
            name="currentPassword"
            label={t.current}
            autoComplete="current-password"
            enterKeyHint="next"
          />
          <NewPasswordField control={form.control} name="newPassword" label={t.chosen} deps={["again"]} />
          <PasswordField control={form.control} name="again" label={t.again} autoComplete="new-password" />
          <SubmitButton control={form.control}>{t.submit}</SubmitButton>
        </form>
        <ButtonLink to="/profile" variant="quiet" wide className="mt-3">
          {t.cancel}
        </ButtonLink>
      </Card>
      <p className="mt-5 text-soft">
        <span>{t.unknown}</span>{" "}
        <Link to="/reset-password" className="text-accent underline underline-offset-4">
          {t.reset}
        </Link>
      </p>
    </Page>
  );
}
