// The same, and the rules of a form.
import { createLatchkey, formRules, LatchkeyError, SignUpRequestSchema } from "@latchkey-auth/client";

const latchkey = createLatchkey();
latchkey.session.subscribe(({ status }) => {
  document.title = status;
});
latchkey.auth
  .getSettings()
  .then((settings) => formRules(SignUpRequestSchema, { settings })["~standard"].validate({}))
  .catch((caught) => alert(LatchkeyError.from(caught).reason));
