// Where a proof is used at once, as for a new address, the server may still refuse it.
import { Purpose } from "@latchkey-auth/client";
import { LatchkeyCoreProvider, useLatchkey } from "@latchkey-auth/client/react";
import { createFakeLatchkey } from "@latchkey-auth/client/testing";
import { en } from "@latchkey-auth/client/texts/en";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useForm } from "react-hook-form";
import { expect, test } from "vitest";
import { below, label } from "../testing/sign-up-steps";
import { ContactField } from "./contact-field";

function ChangeEmail() {
  const { account } = useLatchkey();
  const form = useForm({ defaultValues: { email: "" } });
  return (
    <form>
      <ContactField
        form={form}
        kind="email"
        name="email"
        purpose={Purpose.CHANGE_CONTACT}
        onProven={(verificationId) => verificationId && account.changeContact({ verificationId })}
      />
      <button type="submit">Save</button>
    </form>
  );
}

test("shows below the contact why its proof was rejected, and accepts another one", async () => {
  const fake = createFakeLatchkey();
  fake.signIn(fake.addUser());
  render(
    <LatchkeyCoreProvider client={fake.client} texts={en}>
      <ChangeEmail />
    </LatchkeyCoreProvider>,
  );
  const user = userEvent.setup();
  const email = screen.getByLabelText(label.email) as HTMLInputElement;
  await user.type(email, "grace@example.com{Enter}");
  const code = await screen.findByLabelText(label.code);
  // Another user is quicker.
  fake.addUser({ email: "grace@example.com" });
  await user.type(code, fake.codeFor("grace@example.com"));
  await waitFor(() => expect(below(email)).toBe("This e-mail address is already in use."));
  expect(email.readOnly).toBe(false);
  expect(screen.queryByText("Verified")).toBeNull();
});
