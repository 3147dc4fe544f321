// What a React developer writes, in an empty Vite project with the packed tarball.
import {
  createLatchkey,
  formRules,
  isContactRequired,
  LatchkeyError,
  type Reason,
  type Session,
  SignUpRequestSchema,
} from "@latchkey-auth/client";
import {
  HasRole,
  LatchkeyProvider,
  Protected,
  PublicOnly,
  useErrorText,
  useFormRules,
  useSession,
} from "@latchkey-auth/client/react";
import { errorText, ko, withTexts } from "@latchkey-auth/client/texts";
import { createRoot } from "react-dom/client";

const latchkey = createLatchkey({ baseUrl: "https://auth.example.com" });

// The compiler complains about a reason that is missing.
function isForTheForm(reason: Reason): boolean {
  switch (reason) {
    case "INVALID_FIELDS":
    case "PASSWORD_POLICY":
    case "EMAIL_TAKEN":
    case "PHONE_TAKEN":
    case "NICKNAME_TAKEN":
    case "CODE_MISMATCH":
    case "CODE_EXPIRED":
    case "CODE_SPENT":
    case "VERIFICATION_REQUIRED":
    case "PROOF_INVALID":
    case "CREDENTIALS_INVALID":
      return true;
    case "RECENT_SIGN_IN_REQUIRED":
    case "LAST_SIGN_IN_METHOD":
    case "TOKEN_MISSING":
    case "TOKEN_INVALID":
    case "TOKEN_EXPIRED":
    case "SESSION_REVOKED":
    case "REFRESH_REUSED":
    case "ROLE_REQUIRED":
    case "ACCOUNT_DISABLED":
    case "ORIGIN_REFUSED":
    case "TOO_MANY_ATTEMPTS":
    case "TOO_MANY_SENDS":
    case "BUSY":
    case "NOT_FOUND":
    case "DEPENDENCY_DOWN":
    case "TIMED_OUT":
    case "CANCELED":
    case "INTERNAL":
    case "UNIMPLEMENTED":
    case "NETWORK_FAILED":
    case "COOKIES_BLOCKED":
    case "UNKNOWN":
      return false;
  }
}

async function signIn(email: string, password: string): Promise<string> {
  try {
    const { user } = await latchkey.auth.signIn({ email, password });
    return `hello ${user?.nickname}`;
  } catch (caught) {
    const error = LatchkeyError.from(caught);
    return isForTheForm(error.reason) ? errorText(error, ko) : error.message;
  }
}

function Page() {
  const session: Session = useSession();
  const t = useErrorText();
  const rules = useFormRules(SignUpRequestSchema, { only: ["email", "password"] });
  const checked = rules["~standard"].validate({ email: "ada" });
  return (
    <>
      <PublicOnly>
        <button type="button" onClick={() => signIn("ada@example.com", "x").catch(t)}>
          {checked.issues?.[0]?.message}
        </button>
      </PublicOnly>
      <Protected fallback="please sign in">
        {session.user?.name} <HasRole roles="trainer">trainer</HasRole>
      </Protected>
    </>
  );
}

const settings = await latchkey.auth.getSettings();
document.title = String(isContactRequired(settings.email) && formRules(SignUpRequestSchema, { settings, texts: ko }));
createRoot(document.body).render(
  <LatchkeyProvider client={latchkey} texts={withTexts(ko, { reasons: { BUSY: "잠시만요." } })}>
    <Page />
  </LatchkeyProvider>,
);
