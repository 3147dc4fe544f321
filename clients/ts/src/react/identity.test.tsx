// What hooks return stays the same until it changes: otherwise effects that depend on it run for ever.
import { cleanup, render, screen } from "@testing-library/react";
import { useEffect, useState } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SignUpRequestSchema } from "../gen/latchkey/v1/auth_service_pb.js";
import { createFakeLatchkey, type FakeLatchkey } from "../testing/fake-latchkey.js";
import { en } from "../texts/en.js";
import { ko } from "../texts/ko.js";
import type { Texts } from "../texts/texts.js";
import {
  LatchkeyCoreProvider,
  useErrorText,
  useFormRules,
  useLatchkey,
  useSession,
  useSettings,
  useTexts,
} from "./index.js";

let fake: FakeLatchkey;

beforeEach(async () => {
  fake = createFakeLatchkey();
  fake.signIn(fake.addUser());
  await fake.client.session.ready();
});

afterEach(cleanup);

const hooks: Record<string, () => unknown> = {
  useLatchkey,
  useTexts,
  useErrorText,
  useSession,
  "useSession().refetch": () => useSession().refetch,
  useSettings,
  "useSettings().refetch": () => useSettings().refetch,
  useFormRules: () =>
    useFormRules(SignUpRequestSchema, { only: ["email", "password"], check: () => [{ message: "no" }] }),
};

/** Counts how often an effect runs that depends on what a hook returns, and renders again each time, up to a limit. */
function Effect({ hook, onRun }: { readonly hook: () => unknown; readonly onRun: (value: unknown) => void }) {
  const value = hook();
  const [runs, setRuns] = useState(0);
  const { data } = useSettings();
  useEffect(() => {
    if (data) {
      onRun(value);
      setRuns((count) => Math.min(count + 1, 10));
    }
  }, [value, data, onRun]);
  return <p>{data ? `runs ${runs}` : "waiting"}</p>;
}

test.each(Object.keys(hooks))("an effect that depends on %s runs once", async (name) => {
  let runs = 0;
  const onRun = () => {
    runs++;
  };
  render(
    <LatchkeyCoreProvider client={fake.client} texts={ko}>
      <Effect hook={hooks[name] as () => unknown} onRun={onRun} />
    </LatchkeyCoreProvider>,
  );
  await screen.findByText("runs 1");
  expect(runs).toBe(1);
});

describe("the rules of a form", () => {
  function show(texts: Texts, check: () => { message: string }[]) {
    return (
      <LatchkeyCoreProvider client={fake.client} texts={texts}>
        <Rules check={check} />
      </LatchkeyCoreProvider>
    );
  }
  let messages: () => string[];
  function Rules({ check }: { readonly check: () => { message: string }[] }) {
    const rules = useFormRules(SignUpRequestSchema, { only: ["password"], check });
    messages = () =>
      (rules["~standard"].validate({ password: "Correct-horse" }).issues ?? []).map(({ message }) => message);
    return null;
  }

  test("call the newest check, and speak the language of the moment", async () => {
    const { rerender } = render(show(en, () => [{ message: "first" }]));
    await vi.waitFor(() => expect(messages()).toHaveLength(2));
    expect(messages()).toEqual([en.rules["password.digit"], "first"]);
    rerender(show(ko, () => [{ message: "second" }]));
    expect(messages()).toEqual([ko.rules["password.digit"], "second"]);
  });
});
