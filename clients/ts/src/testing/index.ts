/** A Latchkey server in memory, for tests of applications. */
export type { FakeVisit } from "./fake-activity.js";
export {
  createFakeLatchkey,
  type FakeLatchkey,
  type FakeLatchkeyOptions,
  type FakeUser,
  fakePassword,
} from "./fake-latchkey.js";
export { fakeSettings, type SettingsChanges } from "./fake-settings.js";
export { type RefusalDetails, refusal, type ServerReason } from "./refusal.js";
