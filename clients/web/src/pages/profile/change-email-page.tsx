import { ChangeContact } from "./change-contact";

/** Another e-mail address for the account, or a proof of the one that it has. */
export default function ChangeEmailPage() {
  return <ChangeContact kind="email" />;
}
