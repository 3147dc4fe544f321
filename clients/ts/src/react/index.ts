/** React bindings. */

export { LatchkeyCoreProvider, type LatchkeyCoreProviderProps, useLatchkey, useTexts } from "./core-provider.js";
export { type GuardProps, HasRole, type HasRoleProps, Protected, PublicOnly } from "./guards.js";
export {
  LatchkeyProvider,
  type LatchkeyProviderProps,
  LatchkeyQueryProvider,
  type LatchkeyQueryProviderProps,
} from "./query-provider.js";
export type { SettingsResult } from "./settings-store.js";
export { useErrorText } from "./use-error-text.js";
export { useFormRules } from "./use-form-rules.js";
export { type SessionResult, useSession } from "./use-session.js";
export { useSettings } from "./use-settings.js";
