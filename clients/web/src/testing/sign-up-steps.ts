import { fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor } from "@testing-library/react";
import { expect } from "vitest";
import type { Visit } from "./visit";

/** The labels of the sign-up form. The functions below are the steps of a sign-up. */
export const label = {
  email: "E-mail address",
  phone: "Mobile number",
  code: "Code",
  name: "Name",
  nickname: "Nickname",
  password: "Password",
  again: "Repeat the password",
} as const;

/** Requests a code. There is only one such button while one contact needs a proof. */
export async function askForCode({ user }: Visit, field: string, contact: string): Promise<void> {
  await user.type(await screen.findByLabelText(field), contact);
  await user.click(screen.getByRole("button", { name: "Send code" }));
  await screen.findByLabelText(label.code);
}

/** Proves a contact with its code. */
export async function prove(visit: Visit, field: string, contact: string): Promise<void> {
  await askForCode(visit, field, contact);
  await visit.user.type(screen.getByLabelText(label.code), visit.fake.codeFor(contact));
  await waitFor(() => expect(screen.queryByLabelText(label.code)).toBeNull());
}

/** Fills in all fields except the contacts. */
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

/** Waits for the home page of trainers, or the redirect to it. */
export async function arriveAsTrainer({ address, fake }: Visit): Promise<void> {
  await waitFor(() => expect(address()).toMatch(/^\/(home|trainer)$/));
  expect(fake.client.session.getSnapshot().role).toBe("trainer");
}

/** Returns the hint and the error of a field. */
export function below(field: HTMLElement): string {
  const ids = field.getAttribute("aria-describedby")?.split(" ") ?? [];
  const own = ids.filter((id) => /-(hint|error|about)$/.test(id));
  return own.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
}

/** Returns the text of the alert. */
export const alert = (): string => screen.getByRole("alert").textContent ?? "";
