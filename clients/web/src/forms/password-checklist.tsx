import { checkPassword } from "@latchkey-auth/client";
import { useSettings, useTexts } from "@latchkey-auth/client/react";
import { type Control, type FieldPath, type FieldValues, useWatch } from "react-hook-form";
import { defineWords, useWords } from "../i18n/words";
import { CheckIcon } from "../ui/icons";

const words = defineWords({
  en: {
    title: "What the password needs",
    met: "done",
    open: "still missing",
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
}

/** What the server asks of a password, ticked off while it is typed. */
export function PasswordChecklist<Values extends FieldValues, Output>({
  control,
  name,
}: PasswordChecklistProps<Values, Output>) {
  const say = useWords(words);
  const texts = useTexts();
  const policy = useSettings().data?.passwordPolicy;
  const password = String(useWatch({ control, name }) ?? "");
  if (!policy) {
    return null;
  }
  const labelOf = (rule: string, min?: number, max?: number): string => {
    if (rule === "password.min_length" && min !== undefined) {
      return say.min(min);
    }
    if (rule === "password.max_length" && max !== undefined) {
      return say.max(max);
    }
    const label = (say as unknown as Record<string, string | undefined>)[rule];
    const text = texts.rules[rule as keyof typeof texts.rules];
    return label ?? (typeof text === "string" ? text : text({}));
  };
  return (
    <ul aria-label={say.title} className="grid grid-cols-1 gap-x-4 gap-y-1 text-sm sm:grid-cols-2">
      {checkPassword(policy, password).map(({ rule, met, limits }) => {
        // Nothing typed is not too long, and yet nothing to be ticked off.
        const done = met && password !== "";
        return (
          <li
            key={rule}
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
              {labelOf(rule, limits?.min, limits?.max)}
              <span className="sr-only">, {done ? say.met : say.open}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
