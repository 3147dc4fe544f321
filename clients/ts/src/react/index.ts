/** React bindings. */
export { type GuardProps, HasRole, type HasRoleProps, Protected, PublicOnly } from "./guards.js";
export { LatchkeyBase, type LatchkeyBaseProps, useLatchkey, useTexts } from "./provider.js";
export { LatchkeyProvider, type LatchkeyProviderProps, LatchkeyQueries, type LatchkeyQueriesProps } from "./queries.js";
export type { SettingsResult } from "./settings-store.js";
export { useErrorText } from "./use-error-text.js";
export { useFormRules } from "./use-form-rules.js";
export { useSession } from "./use-session.js";
export { useSettings } from "./use-settings.js";
