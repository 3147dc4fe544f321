import { LatchkeyError } from "@latchkey-auth/client";
import { useSettings } from "@latchkey-auth/client/react";
import { useEffect, useRef, useState } from "react";
import { isEnter } from "../forms/enter-key";
import {
  type LocalizedText,
  localized,
  localizedClientText,
  localizedError,
  useLocalize,
} from "../i18n/localized-text";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { notify } from "../notices/notices";
import { Button } from "../ui/button";
import { CodeField } from "./code-field";
import { extractCode } from "./extract-code";
import { ResendButton } from "./resend-button";
import type { SentCode } from "./sent-code";
import { TimeLeft } from "./time-left";
import { useFormatContact } from "./use-format-contact";
import type { Verification } from "./use-verification";

const translations = defineTranslations({
  en: {
    email: (to: string) => `We sent a code to ${to}.`,
    phone: (to: string) => `We sent a code to ${to}.`,
    sentAgain: "We sent a new code. The previous one no longer works.",
    confirm: "Confirm",
  },
  ko: {
    email: (to: string) => `${to} 주소로 인증번호를 보냈어요.`,
    phone: (to: string) => `${to} 번호로 인증번호를 보냈어요.`,
    sentAgain: "새 인증번호를 보냈어요. 이전 번호는 더 이상 사용할 수 없어요.",
    confirm: "확인",
  },
});

/** Errors that say nothing about the code. It stays in the field, so that the user can retry. */
const retryable: ReadonlySet<string> = new Set(["NETWORK_FAILED", "TIMED_OUT", "DEPENDENCY_DOWN", "BUSY", "INTERNAL"]);

interface CodeFormProps {
  readonly verification: Verification;
  readonly sent: SentCode;
  readonly hint: string | undefined;
  /** Called once the code was right. */
  readonly onVerified: (code: SentCode) => Promise<void>;
}

/** A form for the code, with the time left and a resend button. It submits itself once all digits are entered. */
export function CodeForm({ verification, sent, hint, onVerified }: CodeFormProps) {
  const t = useTranslations(translations);
  const localize = useLocalize();
  const contactText = useFormatContact();
  const length = useSettings().data?.codes?.length ?? 6;
  const [text, setText] = useState("");
  const [error, setError] = useState<LocalizedText>();
  const [busy, setBusy] = useState<"verifying" | "sending">();
  const input = useRef<HTMLInputElement>(null);
  // The code that was submitted last. Input methods report the same text twice.
  const submitted = useRef<string>(undefined);

  useEffect(() => input.current?.focus(), []);

  async function run(doing: "verifying" | "sending", work: () => Promise<unknown>) {
    setBusy(doing);
    setError(undefined);
    try {
      await work();
    } catch (caught) {
      setError(() => localizedError(caught));
      if (!retryable.has(LatchkeyError.from(caught).reason)) {
        setText("");
      }
      input.current?.focus();
    } finally {
      setBusy(undefined);
    }
  }

  function submit(typed: string) {
    const code = extractCode(typed, length);
    if (code === undefined) {
      setError(() => localizedClientText(({ rules }) => rules["code.format"] as string));
      input.current?.focus();
      return;
    }
    submitted.current = code;
    void run("verifying", async () => onVerified(await verification.verify(code)));
  }

  function sendAgain() {
    void run("sending", async () => {
      await verification.send(sent.contact);
      setText("");
      notify(
        "info",
        localized(translations, (t) => t.sentAgain),
      );
      input.current?.focus();
    });
  }

  return (
    <fieldset
      className="min-w-0 animate-arrive space-y-3 rounded-2xl bg-tint p-4"
      onKeyDown={(event) => {
        // Enter submits the code, not the surrounding form.
        if (isEnter(event) && event.target === input.current) {
          event.preventDefault();
          busy || submit(text);
        }
      }}
    >
      <CodeField
        ref={input}
        length={length}
        value={text}
        hint={hint ?? t[sent.contact.email ? "email" : "phone"](contactText(sent.contact))}
        error={error && localize(error)}
        aside={<TimeLeft until={sent.endsAt} />}
        onChange={(typed, done) => {
          setText(typed);
          const code = extractCode(typed, length);
          if (code === undefined) {
            submitted.current = undefined;
          } else if (done && code !== submitted.current && !busy) {
            submit(typed);
          }
        }}
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant="secondary"
          className="min-w-max flex-1"
          disabled={text === ""}
          busy={busy === "verifying"}
          onClick={() => submit(text)}
        >
          {t.confirm}
        </Button>
        <ResendButton at={sent.resendAt} busy={busy === "sending"} onClick={sendAgain} />
      </div>
    </fieldset>
  );
}
