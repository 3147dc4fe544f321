// What an application's tests import.
import { createFakeLatchkey, refusal } from "@latchkey-auth/client/testing";

const fake = createFakeLatchkey({ settings: { roles: ["reader"] } });
fake.signIn(fake.addUser({ role: "reader" }));
fake.refuseNext("getProfile", "BUSY", { retryAfter: 1000 });
export const refused: Error = refusal("EMAIL_TAKEN");
