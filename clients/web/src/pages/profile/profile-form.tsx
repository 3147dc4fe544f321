import { UpdateProfileRequestSchema, type User } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { useEffect } from "react";
import { type Control, useFormState, useWatch } from "react-hook-form";
import { SelectField } from "../../forms/select-field";
import { TextField } from "../../forms/text-field";
import { trim } from "../../forms/trim";
import { useRulesForm } from "../../forms/use-rules-form";
import { localized } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { notify } from "../../notices/notices";
import { Button } from "../../ui/button";

const translations = defineTranslations({
  en: {
    name: "Name",
    nickname: "Nickname",
    nicknameHint: "Others see this name.",
    locale: "Language of messages",
    localeHint: "We send e-mails, text messages and notifications in this language.",
    save: "Save changes",
    nothing: "Nothing to save",
    unchanged: "You have not changed anything yet.",
    saved: "Your changes were saved.",
  },
  ko: {
    name: "이름",
    nickname: "닉네임",
    nicknameHint: "다른 사람에게 보이는 이름이에요.",
    locale: "메시지 언어",
    localeHint: "이메일, 문자, 알림을 이 언어로 보내 드려요.",
    save: "변경 사항 저장",
    nothing: "변경 사항 없음",
    unchanged: "아직 변경한 내용이 없어요.",
    saved: "변경 사항을 저장했어요.",
  },
});

interface ProfileValues {
  readonly name: string;
  readonly nickname: string;
  readonly locale: string;
}

const fieldsOf = ({ name, nickname, locale }: User): ProfileValues => ({ name, nickname, locale });

/** The form for name, nickname and language. It sends changed fields only. */
export function ProfileForm({ user }: { readonly user: User }) {
  const t = useTranslations(translations);
  const { account } = useLatchkey();
  const { name, nickname, locale } = user;
  const form = useRulesForm(UpdateProfileRequestSchema, {
    defaultValues: fieldsOf(user),
    toRequest: (values: ProfileValues) => changed(values, fieldsOf(user)),
  });
  const { reset } = form;

  // Takes over changes made elsewhere, but never replaces what the user is typing.
  useEffect(() => reset({ name, nickname, locale }, { keepDirtyValues: true }), [reset, name, nickname, locale]);

  const submit = form.submitHandler(async (request) => {
    if (Object.keys(changed(form.getValues(), fieldsOf(user))).length === 0) {
      notify(
        "info",
        localized(translations, (t) => t.unchanged),
      );
      return;
    }
    const answer = await account.updateProfile(request);
    answer.user && reset(fieldsOf(answer.user));
    notify(
      "success",
      localized(translations, (t) => t.saved),
    );
  });

  return (
    <form noValidate onSubmit={submit} className="space-y-5">
      <TextField control={form.control} name="name" label={t.name} required enterKeyHint="done" autoComplete="name" />
      <TextField
        control={form.control}
        name="nickname"
        label={t.nickname}
        hint={t.nicknameHint}
        required
        enterKeyHint="done"
        autoComplete="nickname"
        autoCapitalize="none"
      />
      <SelectField control={form.control} name="locale" label={t.locale} hint={t.localeHint}>
        <option value="ko" lang="ko">
          한국어
        </option>
        <option value="en" lang="en">
          English
        </option>
      </SelectField>
      <SaveButton control={form.control} before={fieldsOf(user)} />
    </form>
  );
}

/** Returns the values that differ, trimmed as they are sent. */
function changed(values: ProfileValues, before: ProfileValues): Partial<ProfileValues> {
  const sent = Object.entries(values).map(([field, value]) => [field, trim(value)] as const);
  return Object.fromEntries(sent.filter(([field, value]) => value !== before[field as keyof ProfileValues]));
}

interface SaveButtonProps<Output> {
  readonly control: Control<ProfileValues, unknown, Output>;
  readonly before: ProfileValues;
}

/** The submit button. Its label says whether there is anything to save. Only this component renders on every keystroke. */
function SaveButton<Output>({ control, before }: SaveButtonProps<Output>) {
  const t = useTranslations(translations);
  const { isSubmitting } = useFormState({ control });
  const values = useWatch({ control }) as ProfileValues;
  const isDirty = Object.keys(changed(values, before)).length > 0;
  return (
    // Never disabled, so that it keeps the focus after saving.
    <Button type="submit" variant={isDirty ? "primary" : "secondary"} wide busy={isSubmitting}>
      {isDirty || isSubmitting ? t.save : t.nothing}
    </Button>
  );
}
