import { useSettings } from "@latchkey-auth/client/react";
import { useState } from "react";
import { LoadError } from "../ui/load-error";
import { LoadingPage } from "./loading-page";

/** Shown in place of what needs the server's settings: a loading state, or the error with a retry button. */
export function SettingsPending() {
  const { error, refetch } = useSettings();
  const [busy, setBusy] = useState(false);

  async function again() {
    setBusy(true);
    await refetch();
    setBusy(false);
  }

  return error ? <LoadError error={error} busy={busy} retry={() => void again()} /> : <LoadingPage />;
}
