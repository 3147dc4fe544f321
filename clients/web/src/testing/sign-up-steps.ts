import { fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor } from "@testing-library/react";
import { expect } from "vitest";
import type { Visit } from "./visit";

/** The parts of a sign-up as somebody does them, for tests that are about one of them. */
export const label = {
  email: "E-mail address",
  phone: "Mobile number",
  code: "Code",
  name: "Name",
  nickname: "Nickname",
  password: "Password",
  again: "Repeat the password",
} as const;

/** Asks for a code. There is one button for it as long as one contact is to be proven. */
export async function askForCode({ user }: Visit, field: string, contact: string): Promise<void> {
  await user.type(await screen.findByLabelText(field), contact);
  await user.click(screen.getByRole("button", { name: "Send code" }));
  await screen.findByLabelText(label.code);
}

/** Proves a contact with the code that was sent to it. */
export async function prove(visit: Visit, field: string, contact: string): Promise<void> {
  await askForCode(visit, field, contact);
  await visit.user.type(screen.getByLabelText(label.code), visit.fake.codeFor(contact));
  await waitFor(() => expect(screen.queryByLabelText(label.code)).toBeNull());
}

/** Fills in everything but the contacts. */
export async function fillIn({ user }: Visit, changes: { password?: string; again?: string } = {}): Promise<void> {
  const { password = fakePassword, again = password } = changes;
  await user.type(screen.getByLabelText(label.name), "Ada Lovelace");
  await user.type(screen.getByLabelText(label.nickname), "ada");
  await user.type(screen.getByLabelText(label.password), password);
  await user.type(screen.getByLabelText(label.again), again);
  const trainer = screen.queryByRole("radio", { name: "Trainer" });
  if (trainer) {
    await user.click(trainer);
  }
}

export const submit = ({ user }: Visit): Promise<void> =>
  user.click(screen.getByRole("button", { name: "Create account" }));

/** Waits until somebody is where their role is at home, or on the way there. */
export async function arriveAsTrainer({ address, fake }: Visit): Promise<void> {
  await waitFor(() => expect(address()).toMatch(/^\/(home|trainer)$/));
  expect(fake.client.session.getSnapshot().role).toBe("trainer");
}

/** What stands below a field: its hint and its error. */
export function below(field: HTMLElement): string {
  const ids = field.getAttribute("aria-describedby")?.split(" ") ?? [];
  const own = ids.filter((id) => /-(hint|error|about)$/.test(id));
  return own.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
}

/** What a screen reader is told at once. */
export const alert = (): string => screen.getByRole("alert").textContent ?? "";
