import { useSettings } from "@latchkey-auth/client/react";
import { Suspense } from "react";
import { ChunkErrorInline } from "../loading/chunk-error-inline";
import { lazyWithRetry } from "../loading/lazy-with-retry";

const SocialButtons = lazyWithRetry(
  () => import("./social-buttons"),
  (retry) => <ChunkErrorInline retry={retry} />,
);

/** The social sign-in buttons, if the server has providers. Their code is loaded only then. */
export function SocialSignIn({ before = false }: { readonly before?: boolean }) {
  const providers = useSettings().data?.socialProviders ?? [];
  return providers.length > 0 ? (
    <Suspense fallback={<div style={{ minHeight: `${3.75 * providers.length + 3.5}rem` }} />}>
      <SocialButtons providers={providers} before={before} />
    </Suspense>
  ) : null;
}
