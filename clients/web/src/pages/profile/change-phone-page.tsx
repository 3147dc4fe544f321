import { ChangeContact } from "./change-contact";

/** The page that adds, changes or verifies the phone number. */
export default function ChangePhonePage() {
  return <ChangeContact kind="phone" />;
}
