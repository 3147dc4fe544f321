import type { ConnectRouter } from "@connectrpc/connect";
import { AuthService } from "@latchkey-auth/client";
import { type RefusalDetails, refusal, type ServerReason } from "@latchkey-auth/client/testing";
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { askForCode, below, label, prove, submit } from "../../testing/sign-up-steps";
import { type Visit, visit } from "../../testing/visit";

const ticket = "tkt_1";
const path = `/sign-up/finish?ticket=${ticket}`;

/** Everything that the page asks the server when it finishes a sign-up. */
interface Asked {
  readonly ticket: string;
  readonly email: string;
  readonly nickname: string;
  readonly role: string;
  readonly verificationIds: readonly string[];
}

type Answer = { readonly reason: ServerReason; readonly details?: RefusalDetails } | "signed in";

/** Comes back from a provider to a server that answers in this order. */
function comeBack(
  address: string,
  answers: readonly Answer[],
  before?: (fake: Visit["fake"]) => void,
): Visit & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const left = [...answers];
  const page: Visit = visit(address, {
    ...(before && { before }),
    routes: (router: ConnectRouter) =>
      router.rpc(AuthService.method.finishSocialSignUp, (request) => {
        asked.push(request);
        const answer = left.shift() ?? "signed in";
        if (answer !== "signed in") {
          throw refusal(answer.reason, answer.details);
        }
        const user = page.fake.addUser({ email: "ada@example.com", nickname: "ada" });
        page.fake.signIn(user);
        return { user, tokens: {} };
      }),
  });
  return { ...page, asked };
}

test("signs in at once when the provider has told everything", async () => {
  const { address, asked } = comeBack(`${path}&to=/devices`, ["signed in"]);
  await waitFor(() => expect(address()).toBe("/devices"));
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ ticket, email: "", nickname: "", role: "", verificationIds: [] });
});

test("asks for what is missing and for nothing else", async () => {
  const page = comeBack(path, [
    { reason: "INVALID_FIELDS", details: { violations: { nickname: "required", role: "required" } } },
    "signed in",
  ]);
  const nickname = await screen.findByLabelText(label.nickname);
  expect(below(nickname)).toBe("Others see this name.");
  for (const field of [label.email, /Mobile number/, label.name, label.password]) {
    expect(screen.queryByLabelText(field)).toBeNull();
  }
  await submit(page);
  await waitFor(() => expect(below(nickname)).toContain("This field is required."));
  await page.user.type(nickname, "ada");
  await page.user.click(screen.getByRole("radio", { name: "Trainee" }));
  await submit(page);
  await waitFor(() => expect(page.address()).toMatch(/^\/(home|trainee)$/));
  expect(page.asked.at(-1)).toMatchObject({ ticket, nickname: "ada", role: "trainee", email: "" });
  expect(page.asked).toHaveLength(2);
});

test("has a contact proven that the provider has not proven", async () => {
  const page = comeBack(path, [
    { reason: "VERIFICATION_REQUIRED", details: { violations: { email: "contact.unproven" } } },
    "signed in",
  ]);
  await page.user.type(await screen.findByLabelText(label.email), "ada@example.com");
  await submit(page);
  await waitFor(() => expect(below(screen.getByLabelText(label.email))).toContain("request a code"));
  await page.user.clear(screen.getByLabelText(label.email));
  await prove(page, label.email, "ada@example.com");
  await submit(page);
  await waitFor(() => expect(page.asked).toHaveLength(2));
  expect(page.asked[1]?.email).toBe("ada@example.com");
  expect(page.asked[1]?.verificationIds).toHaveLength(1);
});

test("asks for another nickname when the provider's is taken, and for what comes up later", async () => {
  const page = comeBack(path, [
    { reason: "NICKNAME_TAKEN", details: { violations: { nickname: "nickname.taken" } } },
    { reason: "VERIFICATION_REQUIRED", details: { violations: { email: "contact.unproven" } } },
    "signed in",
  ]);
  const nickname = await screen.findByLabelText(label.nickname);
  await waitFor(() => expect(below(nickname)).toContain("This nickname is taken."));
  await page.user.type(nickname, "lovelace");
  await submit(page);
  await askForCode(page, label.email, "ada@example.com");
  expect((screen.getByLabelText(label.nickname) as HTMLInputElement).value).toBe("lovelace");
  await page.user.type(screen.getByLabelText(label.code), page.fake.codeFor("ada@example.com"));
  await screen.findByText("Verified");
  await submit(page);
  await waitFor(() => expect(page.address()).not.toContain("/sign-up"));
});

test.each([
  ["is missing", "/sign-up/finish?to=/devices", []],
  ["was used already", `${path}&to=/devices`, [{ reason: "NOT_FOUND" }]],
  [
    "cannot be one",
    `${path}&to=/devices`,
    [{ reason: "INVALID_FIELDS", details: { violations: { ticket: "text.opaque" } } }],
  ],
] as const)("leads back to signing in when the ticket %s", async (_, address, answers) => {
  comeBack(address, answers);
  await screen.findByRole("heading", { name: "This sign-in has expired" });
  expect(screen.getByRole("link", { name: "Sign in" }).getAttribute("href")).toBe("/sign-in?to=%2Fdevices");
});

test("leads back to signing in when the ticket has become too old meanwhile", async () => {
  const page = comeBack(path, [
    { reason: "INVALID_FIELDS", details: { violations: { name: "required" } } },
    { reason: "NOT_FOUND" },
  ]);
  await page.user.type(await screen.findByLabelText(label.name), "Ada Lovelace");
  await submit(page);
  await screen.findByRole("heading", { name: "This sign-in has expired" });
});

test("can be tried again when the server could not be asked", async () => {
  const page = comeBack(path, [{ reason: "BUSY", details: { retryAfter: 1_000 } }, "signed in"]);
  await screen.findByText("The service is busy. Please try again in 1 second.");
  await page.user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(page.address()).toMatch(/^\/(home|trainee)$/));
});

test("says why when the settings cannot be had, and goes on once they can", async () => {
  const page = comeBack(
    path,
    [{ reason: "INVALID_FIELDS", details: { violations: { nickname: "required" } } }],
    (fake) => {
      for (let times = 0; times < 50; times++) {
        fake.refuseNext("getSettings", "INTERNAL");
      }
    },
  );
  await screen.findByText("This could not be loaded");
  page.fake.clearRefusals();
  await page.user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByLabelText(label.nickname);
});
