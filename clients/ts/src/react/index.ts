/** React bindings. */
export { type GuardProps, HasRole, type HasRoleProps, Protected, PublicOnly } from "./guards.js";
export { LatchkeyProvider, type LatchkeyProviderProps, useLatchkey, useTexts } from "./provider.js";
export { useErrorText } from "./use-error-text.js";
export { useFormRules, useSettings } from "./use-form-rules.js";
export { useSession } from "./use-session.js";
