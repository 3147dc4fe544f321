import { use } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button, type ButtonLook } from "./button";
import { DialogContext } from "./dialog-context";

const translations = defineTranslations({ en: { cancel: "Cancel" }, ko: { cancel: "취소" } });

interface DialogCancelProps {
  readonly look: ButtonLook;
  readonly wide?: boolean;
  readonly className?: string;
  /** Takes the focus when the dialog opens. */
  readonly "data-first"?: boolean;
}

/** Leaves the dialog around. While something is under way in there it does nothing, and says so. */
export function DialogCancel(props: DialogCancelProps) {
  const t = useTranslations(translations);
  const dialog = use(DialogContext);
  return (
    <Button {...props} aria-disabled={dialog?.busy || undefined} onClick={dialog?.close}>
      {t.cancel}
    </Button>
  );
}
