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
import { codeIn } from "./code-text";
import { SendAgain } from "./send-again";
import type { SentCode } from "./sent-code";
import { TimeLeft } from "./time-left";
import { useContactText } from "./use-contact-text";
import type { Verification } from "./use-verification";

const translations = defineTranslations({
  en: {
    email: (to: string) => `We have sent a code to ${to}.`,
    phone: (to: string) => `We have sent a code to ${to}.`,
    sentAgain: "A new code is on its way. The one before does not work any more.",
    enter: "Confirm",
  },
  ko: {
    email: (to: string) => `${to} 주소로 인증번호를 보냈어요.`,
    phone: (to: string) => `${to} 번호로 인증번호를 보냈어요.`,
    sentAgain: "새 인증번호를 보냈어요. 이전 번호는 더 이상 사용할 수 없어요.",
    enter: "확인",
  },
});

/** Errors after which the same code may well be right: it is left in its field, to be sent again. */
const passing: ReadonlySet<string> = new Set(["NETWORK_FAILED", "TIMED_OUT", "DEPENDENCY_DOWN", "BUSY", "INTERNAL"]);

interface CodeFormProps {
  readonly verification: Verification;
  readonly sent: SentCode;
  readonly hint: string | undefined;
  /** Is called once the code was right. */
  readonly onRight: (code: SentCode) => Promise<void>;
}

/** Takes the code that was sent: with the time that is left, and a way to have it sent again. Six digits are entered at once. */
export function CodeForm({ verification, sent, hint, onRight }: CodeFormProps) {
  const t = useTranslations(translations);
  const localize = useLocalize();
  const contactText = useContactText();
  const length = useSettings().data?.codes?.length ?? 6;
  const [text, setText] = useState("");
  const [error, setError] = useState<LocalizedText>();
  const [busy, setBusy] = useState<"entering" | "sending">();
  const input = useRef<HTMLInputElement>(null);
  // What was entered last: a keyboard that composes characters tells of the same text twice.
  const entered = useRef<string>(undefined);

  useEffect(() => input.current?.focus(), []);

  async function run(doing: "entering" | "sending", work: () => Promise<unknown>) {
    setBusy(doing);
    setError(undefined);
    try {
      await work();
    } catch (caught) {
      setError(() => localizedError(caught));
      if (!passing.has(LatchkeyError.from(caught).reason)) {
        setText("");
      }
      input.current?.focus();
    } finally {
      setBusy(undefined);
    }
  }

  function enter(typed: string) {
    const code = codeIn(typed, length);
    if (code === undefined) {
      setError(() => localizedClientText(({ rules }) => rules["code.format"] as string));
      input.current?.focus();
      return;
    }
    entered.current = code;
    void run("entering", async () => onRight(await verification.enter(code)));
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
        // Enter in the code's field enters the code, and does not send the form around it.
        if (isEnter(event) && event.target === input.current) {
          event.preventDefault();
          busy || enter(text);
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
          const code = codeIn(typed, length);
          if (code === undefined) {
            entered.current = undefined;
          } else if (done && code !== entered.current && !busy) {
            enter(typed);
          }
        }}
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant="secondary"
          className="min-w-max flex-1"
          disabled={text === ""}
          busy={busy === "entering"}
          onClick={() => enter(text)}
        >
          {t.enter}
        </Button>
        <SendAgain at={sent.resendAt} busy={busy === "sending"} onClick={sendAgain} />
      </div>
    </fieldset>
  );
}
