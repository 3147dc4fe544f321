import { ContactRule, formatPhone, type User } from "@latchkey-auth/client";
import { useSettings } from "@latchkey-auth/client/react";
import { Link } from "react-router";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { CheckIcon, WarningIcon } from "../../ui/icons";

const translations = defineTranslations({
  en: {
    email: {
      label: "E-mail address",
      change: "Change e-mail address",
      prove: "Verify e-mail address",
      add: "Add e-mail address",
    },
    phone: {
      label: "Mobile number",
      change: "Change mobile number",
      prove: "Verify mobile number",
      add: "Add mobile number",
    },
    change: "Change",
    prove: "Verify",
    add: "Add",
    verified: "Verified",
    unverified: "Not verified",
    unverifiedHint: "Verify it to receive messages and to reset your password with it.",
    none: "Not added yet",
  },
  ko: {
    email: { label: "이메일", change: "이메일 변경", prove: "이메일 인증", add: "이메일 추가" },
    phone: { label: "휴대폰 번호", change: "휴대폰 번호 변경", prove: "휴대폰 번호 인증", add: "휴대폰 번호 추가" },
    change: "변경",
    prove: "인증",
    add: "추가",
    verified: "인증 완료",
    unverified: "미인증",
    unverifiedHint: "인증해야 알림을 받고 비밀번호를 다시 설정할 수 있어요.",
    none: "등록되지 않음",
  },
});

/** The contacts of the account with their status, and links to change or verify them. */
export function ContactList({ user }: { readonly user: User }) {
  const { data: settings } = useSettings();
  const region = settings?.phoneRegion ?? "";
  return (
    <ul className="mt-2 divide-y divide-line">
      <Contact
        kind="email"
        value={user.email}
        verified={user.emailVerified}
        off={settings?.email === ContactRule.OFF}
      />
      <Contact
        kind="phone"
        value={formatPhone(user.phone, region)}
        verified={user.phoneVerified}
        off={settings?.phone === ContactRule.OFF}
      />
    </ul>
  );
}

interface ContactProps {
  readonly kind: "email" | "phone";
  readonly value: string;
  readonly verified: boolean;
  /** Whether the server has this kind of contact turned off. */
  readonly off: boolean;
}

function Contact({ kind, value, verified, off }: ContactProps) {
  const t = useTranslations(translations);
  if (off && value === "") {
    return null;
  }
  const doing = value === "" ? "add" : verified ? "change" : "prove";
  return (
    <li className="flex items-center justify-between gap-4 py-3 last:pb-0">
      <div className="min-w-0">
        <p className="text-sm text-soft">{t[kind].label}</p>
        <p className="flex flex-wrap items-center gap-x-2">
          <span className={value ? "font-medium" : "text-soft"}>{value || t.none}</span>
          {value && <VerifiedMark verified={verified} />}
        </p>
        {value && !verified && <p className="text-sm text-soft">{t.unverifiedHint}</p>}
      </div>
      {!off && (
        <Link
          to={`/profile/${kind}`}
          aria-label={t[kind][doing]}
          className="inline-flex min-h-11 shrink-0 items-center rounded-lg px-2 font-medium text-accent underline underline-offset-4"
        >
          {t[doing]}
        </Link>
      )}
    </li>
  );
}

function VerifiedMark({ verified }: { readonly verified: boolean }) {
  const t = useTranslations(translations);
  const Icon = verified ? CheckIcon : WarningIcon;
  return (
    <span
      className={`inline-flex items-center gap-1 text-sm font-semibold whitespace-nowrap ${verified ? "text-good" : "text-brass"}`}
    >
      <Icon className="size-4" strokeWidth="2.5" />
      <span>{verified ? t.verified : t.unverified}</span>
    </span>
  );
}
