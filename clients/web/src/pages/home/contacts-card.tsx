import { ContactRule, type User } from "@latchkey-auth/client";
import { useErrorText, useSettings } from "@latchkey-auth/client/react";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { PersonIcon } from "../../ui/account-icons";
import { ButtonLink } from "../../ui/button";
import { CheckIcon } from "../../ui/icons";
import { InlineLoadError } from "../../ui/inline-load-error";
import { SummaryCard } from "./summary-card";
import { TextSkeleton } from "./text-skeleton";

const translations = defineTranslations({
  en: {
    contacts: "Contacts",
    open: "Finish your profile",
    complete: "Your profile is complete",
    email: "E-mail address",
    phone: "Mobile number",
    verified: "Verified",
    unverified: "Not verified yet",
    missing: "Not added yet",
    emailWhy: "Verify your e-mail address to sign in with it and to reset your password.",
    phoneWhy: "Verify your mobile number to sign in with it when you cannot read your e-mail.",
    addEmail: "Add an e-mail address",
    verifyEmail: "Verify the e-mail address",
    addPhone: "Add a mobile number",
    verifyPhone: "Verify the mobile number",
    more: "View profile",
  },
  ko: {
    contacts: "연락처",
    open: "프로필을 완성해 주세요",
    complete: "프로필이 모두 채워졌어요",
    email: "이메일",
    phone: "휴대폰 번호",
    verified: "인증 완료",
    unverified: "아직 인증되지 않았어요",
    missing: "아직 등록되지 않았어요",
    emailWhy: "이메일을 인증하면 이메일로 로그인하고 비밀번호도 재설정할 수 있어요.",
    phoneWhy: "휴대폰 번호를 인증하면 이메일을 확인하기 어려울 때도 로그인할 수 있어요.",
    addEmail: "이메일 등록하기",
    verifyEmail: "이메일 인증하기",
    addPhone: "휴대폰 번호 등록하기",
    verifyPhone: "휴대폰 번호 인증하기",
    more: "프로필 보기",
  },
});

interface ContactsCardProps {
  readonly user: User;
  readonly open?: string | undefined;
  readonly complete?: string | undefined;
}

/** Shows the contacts of the user, with links to verify those that are not verified yet. */
export function ContactsCard({ user, open, complete }: ContactsCardProps) {
  const t = useTranslations(translations);
  const { data: settings, error, refetch } = useSettings();
  const errorText = useErrorText();
  const contacts = [
    {
      kind: "email",
      asked: settings?.email !== ContactRule.OFF,
      value: user.email,
      proven: user.emailVerified,
      why: t.emailWhy,
      prove: user.email ? t.verifyEmail : t.addEmail,
    },
    {
      kind: "phone",
      asked: settings?.phone !== ContactRule.OFF,
      value: user.phone,
      proven: user.phoneVerified,
      why: t.phoneWhy,
      prove: user.phone ? t.verifyPhone : t.addPhone,
    },
  ] as const;
  const asked = settings ? contacts.filter((contact) => contact.asked) : [];
  const unproven = asked.filter(({ proven }) => !proven);
  return (
    <SummaryCard
      wide
      icon={<PersonIcon className="size-5" />}
      title={!settings ? t.contacts : unproven.length > 0 ? (open ?? t.open) : (complete ?? t.complete)}
      {...(settings && unproven.length === 0 && { to: "/profile", more: t.more })}
    >
      {!settings &&
        (error ? (
          <InlineLoadError text={errorText(error)} retry={refetch} />
        ) : (
          <TextSkeleton retry={() => void refetch()} />
        ))}
      <ul className="divide-y divide-line">
        {asked.map(({ kind, value, proven, why, prove }) => (
          <li key={kind} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
            <div className="min-w-0 flex-1 basis-60">
              <p className="text-sm text-soft">{t[kind]}</p>
              {value && <p className="font-medium">{value}</p>}
              <p className={`flex items-center gap-1 text-sm ${proven ? "font-medium text-good" : "text-soft"}`}>
                {proven && <CheckIcon className="size-4" strokeWidth="3" />}
                <span>{proven ? t.verified : `${value ? t.unverified : t.missing}. ${why}`}</span>
              </p>
            </div>
            {!proven && (
              <ButtonLink to={`/profile/${kind}`} variant="secondary">
                {prove}
              </ButtonLink>
            )}
          </li>
        ))}
      </ul>
    </SummaryCard>
  );
}
