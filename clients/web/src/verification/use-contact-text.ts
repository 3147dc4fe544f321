import { formatPhone } from "@latchkey-auth/client";
import { useSettings } from "@latchkey-auth/client/react";
import type { Contact } from "./sent-code";

/** Returns a function that writes a contact as people of the region do. */
export function useContactText(): (contact: Contact) => string {
  const region = useSettings().data?.phoneRegion ?? "";
  return ({ email, phone }) => email ?? formatPhone(phone ?? "", region);
}
