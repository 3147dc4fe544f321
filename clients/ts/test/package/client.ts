// The least that is of use: a client and its errors.
import { createLatchkey, LatchkeyError } from "@latchkey-auth/client";

const latchkey = createLatchkey();
latchkey.session.subscribe(({ status }) => {
  document.title = status;
});
latchkey.account.getProfile().catch((caught) => alert(LatchkeyError.from(caught).reason));
