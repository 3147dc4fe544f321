// Typing in a field renders only that field. React's Profiler wraps each of them.
import { screen, waitFor } from "@testing-library/react";
import { Profiler, type ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { label } from "../../testing/sign-up-steps";
import { visit } from "../../testing/visit";

const drawn = vi.hoisted(() => new Map<string, number>());

vi.mock("../../forms/text-field", async (original) => {
  const { TextField } = await original<typeof import("../../forms/text-field")>();
  const Field = TextField as unknown as (props: { readonly name: string }) => ReactNode;
  return {
    TextField: (props: { readonly name: string }) => (
      <Profiler id={props.name} onRender={(id) => drawn.set(id, (drawn.get(id) ?? 0) + 1)}>
        <Field {...props} />
      </Profiler>
    ),
  };
});

/** What is wrong in each field, and what mends it. */
const fields = [
  [label.email, "email", "a", "da@example.com"],
  ["Mobile number (optional)", "phone", "a", "{Backspace}010-1234-5678"],
  [label.name, "name", " ", "Ada Lovelace"],
  [label.nickname, "nickname", "a", "da"],
  [label.password, "password", "C", "orrect-horse1"],
  [label.again, "again", "C", "{Backspace}"],
] as const;

beforeEach(() => drawn.clear());

test.each(fields)("typing in %s renders no other field", async (labelled, name, wrong, mended) => {
  const page = visit("/sign-up");
  const field = await screen.findByLabelText(labelled);
  expect([...drawn.keys()].sort()).toEqual(fields.map(([, each]) => each).sort());
  await page.user.click(field);
  drawn.clear();
  await page.user.keyboard(wrong);
  await waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
  await page.user.keyboard(mended);
  await waitFor(() => expect(field.getAttribute("aria-invalid")).toBeNull());
  expect([...drawn.keys()]).toEqual([name]);
});

test("typing in a password renders only its repetition, once there is one", async () => {
  const page = visit("/sign-up");
  await page.user.type(await screen.findByLabelText(label.again), "Correct");
  await page.user.click(screen.getByLabelText(label.password));
  drawn.clear();
  await page.user.keyboard("Correct-horse1");
  await waitFor(() => expect([...drawn.keys()].sort()).toEqual(["again", "password"]));
});
