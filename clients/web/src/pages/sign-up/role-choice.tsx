import { useId } from "react";
import { type Control, type FieldPath, type FieldValues, useController } from "react-hook-form";
import { useFieldErrorText } from "../../forms/field-error";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { CheckIcon } from "../../ui/icons";

const translations = defineTranslations({
  en: {
    legend: "I am here as a …",
    trainee: { name: "Trainee", about: "I train and want to see my plans and progress." },
    trainer: { name: "Trainer", about: "I coach people and plan their training." },
  },
  ko: {
    legend: "어떤 회원이신가요?",
    trainee: { name: "회원", about: "운동을 배우고 내 계획과 기록을 확인해요." },
    trainer: { name: "트레이너", about: "회원의 운동을 계획하고 지도해요." },
  },
});

interface RoleChoiceProps<Values extends FieldValues, Output> {
  readonly control: Control<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
  readonly roles: readonly string[];
}

/** A radio group with a card for each role. No role is selected at first. */
export function RoleChoice<Values extends FieldValues, Output>({
  control,
  name,
  roles,
}: RoleChoiceProps<Values, Output>) {
  const t = useTranslations(translations);
  const { field, fieldState } = useController({ control, name });
  const id = useId();
  const error = useFieldErrorText(fieldState.error);
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA in HTML allows the role on a fieldset, and aria-required needs it.
    <fieldset role="radiogroup" aria-required aria-describedby={`${id}-error`} className="min-w-0">
      <legend className="mb-1.5 font-medium">{t.legend}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {roles.map((role, i) => {
          const known = role === "trainee" || role === "trainer" ? t[role] : undefined;
          return (
            <label
              key={role}
              className="group relative flex min-h-14 cursor-pointer items-start gap-3 rounded-xl border border-edge bg-card p-4 transition-colors hover:bg-well has-checked:border-accent has-checked:bg-tint has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name={field.name}
                ref={i === 0 ? field.ref : undefined}
                value={role}
                checked={field.value === role}
                onChange={() => field.onChange(role)}
                onBlur={field.onBlur}
                aria-invalid={error ? true : undefined}
                aria-labelledby={`${id}-${role}`}
                aria-describedby={known && `${id}-${role}-about`}
                className="sr-only"
              />
              <span
                aria-hidden="true"
                className="mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full border border-edge text-transparent group-has-checked:border-accent group-has-checked:bg-accent group-has-checked:text-on-accent"
              >
                <CheckIcon className="size-3.5" strokeWidth="3.5" />
              </span>
              <span className="min-w-0">
                <span id={`${id}-${role}`} className="block font-semibold">
                  {known?.name ?? role}
                </span>
                {known && (
                  <span id={`${id}-${role}-about`} className="block text-sm text-soft">
                    {known.about}
                  </span>
                )}
              </span>
            </label>
          );
        })}
      </div>
      <p id={`${id}-error`} aria-live="polite" className="text-sm font-medium text-bad">
        {error && <span className="mt-1.5 block animate-arrive">{error}</span>}
      </p>
    </fieldset>
  );
}
