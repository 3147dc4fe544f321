import { use } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button, type ButtonVariant } from "./button";
import { DialogContext } from "./dialog-context";

const translations = defineTranslations({ en: { cancel: "Cancel" }, ko: { cancel: "취소" } });

interface DialogCancelProps {
  readonly variant: ButtonVariant;
  readonly wide?: boolean;
  readonly className?: string;
  /** Whether the button takes the focus when the dialog opens. */
  readonly "data-autofocus"?: boolean;
}

/** Closes the surrounding dialog. It is disabled while an action is running in the dialog. */
export function DialogCancel(props: DialogCancelProps) {
  const t = useTranslations(translations);
  const dialog = use(DialogContext);
  return (
    <Button {...props} aria-disabled={dialog?.busy || undefined} onClick={dialog?.close}>
      {t.cancel}
    </Button>
  );
}
