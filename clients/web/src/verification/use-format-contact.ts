import { formatPhone } from "@latchkey-auth/client";
import { useSettings } from "@latchkey-auth/client/react";
import type { Contact } from "./sent-code";

/** Returns a function that formats a contact as is usual in the region. */
export function useFormatContact(): (contact: Contact) => string {
  const region = useSettings().data?.phoneRegion ?? "";
  return ({ email, phone }) => email ?? formatPhone(phone ?? "", region);
}
