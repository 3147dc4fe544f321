import { LatchkeyError } from "@latchkey-auth/client";
import { useErrorText, useSettings } from "@latchkey-auth/client/react";
import { useEffect, useRef, useState } from "react";
import { defineWords, useWords } from "../i18n/words";
import { notify } from "../notices/notices";
import { Button } from "../ui/button";
import { CodeField } from "./code-field";
import { asClock, useCountdown } from "./use-countdown";
import type { SentCode, Verification } from "./use-verification";

const words = defineWords({
  en: {
    sentToEmail: (to: string) => `We have sent a code to ${to}.`,
    sentToPhone: (to: string) => `We have sent a code to ${to}.`,
    sentAgain: "A new code is on its way. The one before does not work any more.",
    left: "Time left",
    ended: "The code has expired. Please ask for a new one.",
    again: "Send again",
    againIn: (seconds: number) => `Send again in ${seconds} s`,
    enter: "Confirm",
  },
  ko: {
    sentToEmail: (to: string) => `${to} 주소로 인증번호를 보냈어요.`,
    sentToPhone: (to: string) => `${to} 번호로 인증번호를 보냈어요.`,
    sentAgain: "새 인증번호를 보냈어요. 이전 번호는 더 이상 사용할 수 없어요.",
    left: "남은 시간",
    ended: "인증번호가 만료되었습니다. 인증번호를 다시 요청해 주세요.",
    again: "다시 보내기",
    againIn: (seconds: number) => `${seconds}초 후 다시 보내기`,
    enter: "확인",
  },
});

interface CodeEntryProps {
  readonly verification: Verification;
  readonly sent: SentCode;
  /** Says where the code has gone, in place of the plain words for it. */
  readonly hint?: string;
  /** Is called with the verification once the code was right. What it rejects with, is told like a wrong code. */
  readonly onProven: (verificationId: string) => unknown;
}

/** Takes the code that was sent: with the time that is left, and a way to have it sent again. Six digits are entered at once. */
export function CodeEntry({ verification, sent, hint, onProven }: CodeEntryProps) {
  const say = useWords(words);
  const errorText = useErrorText();
  const length = useSettings().data?.codes?.length ?? 6;
  const [code, setCode] = useState("");
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState<"entering" | "sending">();
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => input.current?.focus(), []);

  async function run(doing: "entering" | "sending", work: () => Promise<unknown>) {
    setBusy(doing);
    setError(undefined);
    try {
      await work();
    } catch (caught) {
      setError(errorText(LatchkeyError.from(caught)));
      setCode("");
      input.current?.focus();
    } finally {
      setBusy(undefined);
    }
  }

  const enter = (entered: string) => run("entering", async () => onProven(await verification.enter(entered)));

  const sendAgain = () =>
    run("sending", async () => {
      await verification.send(sent.contact);
      setCode("");
      notify("info", say.sentAgain);
      input.current?.focus();
    });

  return (
    <fieldset
      className="min-w-0 animate-arrive space-y-3 rounded-2xl bg-tint p-4"
      onKeyDown={(event) => stopEnter(event, () => code.length === length && !busy && void enter(code))}
    >
      <CodeField
        ref={input}
        length={length}
        value={code}
        hint={
          hint ?? (sent.contact.email ? say.sentToEmail(sent.contact.email) : say.sentToPhone(sent.contact.phone ?? ""))
        }
        error={error}
        aside={<TimeLeft until={sent.endsAt} />}
        onChange={(typed) => {
          setCode(typed);
          if (typed.length === length && typed !== code && !busy) {
            void enter(typed);
          }
        }}
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button
          look="secondary"
          className="min-w-max flex-1"
          disabled={code.length < length}
          busy={busy === "entering"}
          onClick={() => void enter(code)}
        >
          {say.enter}
        </Button>
        <SendAgain at={sent.resendAt} busy={busy === "sending"} onClick={() => void sendAgain()} />
      </div>
    </fieldset>
  );
}

/** Enter in the code's field enters the code, and does not send the form around it. */
function stopEnter(event: React.KeyboardEvent, enter: () => unknown) {
  if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
    event.preventDefault();
    enter();
  }
}

/** Draws itself each second, and nothing else. */
function TimeLeft({ until }: { readonly until: number }) {
  const say = useWords(words);
  const left = useCountdown(until);
  if (left === 0) {
    return (
      <span role="status" className="text-sm font-medium text-bad">
        {say.ended}
      </span>
    );
  }
  return (
    <span role="timer" className="text-sm text-soft tabular-nums">
      <span className="sr-only">{say.left} </span>
      {asClock(left)}
    </span>
  );
}

function SendAgain({
  at,
  busy,
  onClick,
}: {
  readonly at: number;
  readonly busy: boolean;
  readonly onClick: () => void;
}) {
  const say = useWords(words);
  const left = useCountdown(at);
  return (
    <Button look="quiet" className="min-w-max flex-1 tabular-nums" disabled={left > 0} busy={busy} onClick={onClick}>
      {left > 0 ? say.againIn(left) : say.again}
    </Button>
  );
}
