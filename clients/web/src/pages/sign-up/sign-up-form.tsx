import { type Settings, SignUpRequestSchema } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { type Control, useWatch } from "react-hook-form";
import { SubmitButton } from "../../forms/submit-button";
import { trim } from "../../forms/trim";
import { useRulesForm } from "../../forms/use-rules-form";
import { UsernameField } from "../../forms/username-field";
import { localized } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { useLocale } from "../../i18n/use-locale";
import { notify } from "../../notices/notices";
import { ContactFields } from "../../verification/contact-fields";
import { contactRequirements } from "../../verification/contact-requirements";
import { requestNewProofs, useProofs } from "../../verification/use-proofs";
import { FormSection } from "./form-section";
import { NameField } from "./name-field";
import { checkRepetition, NewPasswordFields, requireRepetition } from "./new-password-fields";
import { NicknameField } from "./nickname-field";
import { RoleChoice } from "./role-choice";
import { useDraft, useKeepDraft } from "./use-draft";

const translations = defineTranslations({
  en: {
    contact: "Contacts",
    about: "About you",
    password: "Your password",
    submit: "Create account",
    welcome: (name: string) => `Welcome, ${name}! Your account is ready.`,
  },
  ko: {
    contact: "연락처",
    about: "내 정보",
    password: "비밀번호 설정",
    submit: "가입하기",
    welcome: (name: string) => `${name}님, 환영해요! 가입이 완료됐어요.`,
  },
});

/** The fields that are kept when the user leaves the page and comes back. */
const draftFields = ["email", "phone", "name", "nickname", "role"];

type SignUpValues = {
  email: string;
  phone: string;
  name: string;
  nickname: string;
  role: string;
  password: string;
  again: string;
};

/** The sign-up form. */
export function SignUpForm({ settings }: { readonly settings: Settings }) {
  const t = useTranslations(translations);
  const locale = useLocale((state) => state.locale);
  const { auth } = useLatchkey();
  const asked = contactRequirements(settings);
  const proofs = useProofs("sign-up");
  const { roles } = settings;
  const draft = useDraft("sign-up", { email: "", phone: "", name: "", nickname: "", role: onlyOne(roles) });
  const form = useRulesForm(SignUpRequestSchema, {
    defaultValues: { ...draft, ...proofs.contacts, password: "", again: "" } as SignUpValues,
    check: ({ password, again }) => checkRepetition(password, again),
    checkOnSubmit: ({ again }) => [...proofs.missing(asked), ...requireRepetition(again)],
    toRequest: ({ again: _, ...values }) => ({
      ...values,
      email: trim(values.email),
      phone: trim(values.phone),
      name: trim(values.name),
      nickname: trim(values.nickname),
      locale,
      verificationIds: proofs.ids,
    }),
  });
  useKeepDraft("sign-up", form, draftFields);

  const submit = form.submitHandler(
    async (request) => {
      await auth.signUp(request);
      notify(
        "success",
        localized(translations, (t) => t.welcome(request.nickname)),
      );
    },
    (error) => requestNewProofs(form, proofs, asked, error),
  );

  return (
    <form noValidate onSubmit={submit} className="space-y-8">
      <FormSection title={t.contact}>
        <ContactFields form={form} asked={asked} proofs={proofs} />
      </FormSection>
      <FormSection title={t.about}>
        <NameField control={form.control} name="name" />
        <NicknameField form={form} name="nickname" />
      </FormSection>
      <FormSection title={t.password}>
        <SignUpUsername control={form.control} />
        <NewPasswordFields form={form} password="password" again="again" />
      </FormSection>
      {roles.length > 1 && <RoleChoice control={form.control} name="role" roles={roles} />}
      <SubmitButton control={form.control}>{t.submit}</SubmitButton>
    </form>
  );
}

/** Hands the contact of the new account to password managers. */
function SignUpUsername<Output>({ control }: { readonly control: Control<SignUpValues, unknown, Output> }) {
  const [email, phone] = useWatch({ control, name: ["email", "phone"] });
  return <UsernameField value={email || phone} />;
}

/** Returns the role if there is only one. Then the form does not ask. */
function onlyOne(roles: readonly string[]): string {
  return roles.length === 1 ? (roles[0] ?? "") : "";
}
