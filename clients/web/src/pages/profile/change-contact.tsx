import {
  ContactRule,
  formatPhone,
  LatchkeyError,
  Purpose,
  SendCodeRequestSchema,
  type User,
} from "@latchkey-auth/client";
import { useLatchkey, useSettings } from "@latchkey-auth/client/react";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Navigate, useNavigate } from "react-router";
import { trim } from "../../forms/trim";
import { useRulesForm } from "../../forms/use-rules-form";
import { localized, localizedError } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { notify } from "../../notices/notices";
import { useRecentSession } from "../../session/use-recent-session";
import { useSessionStore } from "../../session/use-session-store";
import { Button, ButtonLink } from "../../ui/button";
import { Card } from "../../ui/card";
import { Page } from "../../ui/page";
import { ContactField } from "../../verification/contact-field";
import { isProven } from "../../verification/sent-code";
import { loadCode, storeCode } from "../../verification/stored-codes";

const translations = defineTranslations({
  en: {
    email: {
      change: "Change e-mail address",
      prove: "Verify e-mail address",
      add: "Add e-mail address",
      own: "This is already your e-mail address.",
      done: "Your e-mail address is verified. You can sign in with it now.",
    },
    phone: {
      change: "Change mobile number",
      prove: "Verify mobile number",
      add: "Add mobile number",
      own: "This is already your mobile number.",
      done: "Your mobile number is verified. You can sign in with it now.",
    },
    lead: "We send a code to confirm that it is yours.",
    leadChange: (former: string) =>
      `We send a code to your new contact. ${former} stays in use until you enter the code, and is notified of the change.`,
    finish: "Save",
    cancel: "Cancel",
  },
  ko: {
    email: {
      change: "이메일 변경",
      prove: "이메일 인증",
      add: "이메일 추가",
      own: "이미 사용 중인 내 이메일이에요.",
      done: "이메일이 인증되었어요. 이제 이 이메일로 로그인할 수 있어요.",
    },
    phone: {
      change: "휴대폰 번호 변경",
      prove: "휴대폰 번호 인증",
      add: "휴대폰 번호 추가",
      own: "이미 사용 중인 내 번호예요.",
      done: "휴대폰 번호가 인증되었어요. 이제 이 번호로 로그인할 수 있어요.",
    },
    lead: "본인 확인을 위해 인증번호를 보내 드려요.",
    leadChange: (former: string) =>
      `새 연락처로 인증번호를 보내 드려요. 인증이 끝날 때까지 기존 연락처(${former})가 유지되고, 변경되면 그곳으로도 알려 드려요.`,
    finish: "저장",
    cancel: "취소",
  },
});

/** A form that adds, changes or verifies a contact of the account. */
export function ChangeContact({ kind }: { readonly kind: "email" | "phone" }) {
  const user = useSessionStore((session) => session.user);
  const rule = useSettings().data?.[kind];
  if (rule === ContactRule.OFF) {
    return <Navigate to="/profile" replace />;
  }
  return user && <Form kind={kind} user={user} />;
}

function Form({ kind, user }: { readonly kind: "email" | "phone"; readonly user: User }) {
  const t = useTranslations(translations);
  const navigate = useNavigate();
  const { account } = useLatchkey();
  const region = useSettings().data?.phoneRegion ?? "";
  const { run, dialog } = useRecentSession();
  const storageKey = `change ${kind}`;
  const [stored] = useState(() => loadCode(storageKey, user.id));
  const [proof, setProof] = useState(isProven(stored) ? stored.verificationId : undefined);
  const [busy, setBusy] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const finishButton = useRef<HTMLButtonElement>(null);

  const shown = (text: string) => (kind === "phone" ? formatPhone(text, region) : trim(text).toLowerCase());
  const held = shown(user[kind]);
  const isVerified = kind === "email" ? user.emailVerified : user.phoneVerified;
  const prefilled = stored?.contact[kind] ?? (isVerified ? "" : user[kind]);
  const form = useRulesForm(SendCodeRequestSchema, {
    defaultValues: { contact: prefilled },
    fieldNames: { email: "contact", phone: "contact" },
    toRequest: ({ contact }) => ({ purpose: Purpose.CHANGE_CONTACT, [kind]: trim(contact) }),
    check: ({ contact }) =>
      isVerified && shown(contact) === held
        ? [{ field: "contact", text: localized(translations, (t) => t[kind].own) }]
        : [],
  });

  async function finish(verificationId: string) {
    setBusy(true);
    try {
      await run(() => account.changeContact({ verificationId }));
      storeCode(storageKey, user.id, undefined);
      notify(
        "success",
        localized(translations, (t) => t[kind].done),
      );
      navigate("/profile", { replace: true });
    } catch (caught) {
      const error = LatchkeyError.from(caught);
      notify("error", localizedError(error));
      if (["PROOF_INVALID", "EMAIL_TAKEN", "PHONE_TAKEN"].includes(error.reason)) {
        // These errors cannot be retried with the same code.
        storeCode(storageKey, user.id, undefined);
        flushSync(() => {
          setProof(undefined);
          setAttempt((count) => count + 1);
        });
        form.setFocus("contact");
      }
      finishButton.current?.focus();
    } finally {
      setBusy(false);
    }
  }

  const doing = held === "" ? "add" : isVerified ? "change" : "prove";
  return (
    <Page title={t[kind][doing]} lead={doing === "change" ? t.leadChange(held) : t.lead}>
      <Card className="max-w-lg">
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            proof && !busy && void finish(proof);
          }}
          className="space-y-4"
        >
          <ContactField
            key={attempt}
            form={form}
            kind={kind}
            name="contact"
            purpose={Purpose.CHANGE_CONTACT}
            storageKey={storageKey}
            onProven={(verificationId) => {
              setProof(verificationId);
              if (verificationId) {
                void finish(verificationId);
              }
            }}
          />
          {proof && (
            <Button type="submit" wide ref={finishButton} busy={busy}>
              {t.finish}
            </Button>
          )}
        </form>
        <ButtonLink to="/profile" variant="quiet" wide className="mt-3">
          {t.cancel}
        </ButtonLink>
      </Card>
      {dialog}
    </Page>
  );
}
