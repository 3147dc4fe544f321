import { ChangeContact } from "./change-contact";

/** Another phone number for the account, or a proof of the one that it has. */
export default function ChangePhonePage() {
  return <ChangeContact kind="phone" />;
}
