import { checkPassword, type PasswordCheck } from "@latchkey-auth/client";
import { useSettings, useTexts } from "@latchkey-auth/client/react";
import { type Control, type FieldPath, type FieldValues, useWatch } from "react-hook-form";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { CheckIcon } from "../ui/icons";
import { useDebounced } from "./use-debounced";

const translations = defineTranslations({
  en: {
    title: "Password requirements",
    met: "done",
    open: "still missing",
    missing: (list: string) => `Still missing: ${list}.`,
    complete: "The password meets all requirements.",
    min: (count: number) => `${count} characters or more`,
    max: (count: number) => `no more than ${count} characters`,
    "password.letter": "a letter",
    "password.upper": "an upper-case letter",
    "password.digit": "a digit",
    "password.special": "a special character such as ! or #",
  },
  ko: {
    title: "비밀번호 조건",
    met: "충족",
    open: "아직 부족해요",
    missing: (list: string) => `아직 부족한 조건: ${list}`,
    complete: "비밀번호 조건을 모두 충족했어요.",
    min: (count: number) => `${count}자 이상`,
    max: (count: number) => `${count}자 이하`,
    "password.letter": "글자 포함",
    "password.upper": "영문 대문자 포함",
    "password.digit": "숫자 포함",
    "password.special": "!나 # 같은 특수문자 포함",
  },
});

interface PasswordChecklistProps<Values extends FieldValues, Output> {
  readonly control: Control<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
  /** The id of the list, for `aria-describedby` of the input. */
  readonly id: string;
}

/** The rules of the server's password policy, ticked off while the user types. Screen readers announce what is missing once the user pauses. */
export function PasswordChecklist<Values extends FieldValues, Output>({
  control,
  name,
  id,
}: PasswordChecklistProps<Values, Output>) {
  const t = useTranslations(translations);
  const labelOf = useLabelOf();
  const policy = useSettings().data?.passwordPolicy;
  const password = String(useWatch({ control, name }) ?? "");
  const checks = policy ? checkPassword(policy, password) : [];
  const open = checks.filter(({ met }) => !met).map(labelOf);
  const summary = useDebounced(password === "" ? "" : open.length > 0 ? t.missing(open.join(", ")) : t.complete);
  if (!policy) {
    return null;
  }
  return (
    <div>
      {/* No aria-label on this element: a description by aria-describedby would then consist of the label alone. */}
      <div id={id}>
        <span id={`${id}-title`} className="sr-only">
          {t.title}
        </span>
        <ul aria-labelledby={`${id}-title`} className="grid grid-cols-1 gap-x-4 gap-y-1 text-sm sm:grid-cols-2">
          {checks.map((check) => (
            // An empty password meets the maximum length, but is not ticked off.
            <Check key={check.rule} rule={check.rule} done={check.met && password !== ""} label={labelOf(check)} />
          ))}
        </ul>
      </div>
      <p role="status" className="sr-only">
        {summary}
      </p>
    </div>
  );
}

interface CheckProps {
  readonly rule: string;
  readonly done: boolean;
  readonly label: string;
}

function Check({ rule, done, label }: CheckProps) {
  const t = useTranslations(translations);
  return (
    <li
      data-rule={rule}
      data-met={done}
      className={`flex items-center gap-2 transition-colors ${done ? "text-good" : "text-soft"}`}
    >
      <span
        className={`flex size-4.5 shrink-0 items-center justify-center rounded-full border ${done ? "border-good bg-good text-ground" : "border-edge"}`}
      >
        {done && <CheckIcon className="size-3" strokeWidth="3.5" />}
      </span>
      <span>
        <span>{label}</span>
        <span className="sr-only">{`, ${done ? t.met : t.open}`}</span>
      </span>
    </li>
  );
}

/** Returns a function that returns the short label of a rule. */
function useLabelOf(): (check: PasswordCheck) => string {
  const t = useTranslations(translations);
  const texts = useTexts();
  return ({ rule, limits }) => {
    if (rule === "password.min_length" && limits?.min !== undefined) {
      return t.min(limits.min);
    }
    if (rule === "password.max_length" && limits?.max !== undefined) {
      return t.max(limits.max);
    }
    const label = (t as unknown as Record<string, string | undefined>)[rule];
    const text = texts.rules[rule];
    return label ?? (typeof text === "string" ? text : text({}));
  };
}
