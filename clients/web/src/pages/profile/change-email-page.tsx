import { ChangeContact } from "./change-contact";

/** The page that adds, changes or verifies the e-mail address. */
export default function ChangeEmailPage() {
  return <ChangeContact kind="email" />;
}
