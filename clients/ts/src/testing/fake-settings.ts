import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { Flat } from "../flat.js";
import {
  AccountDiscovery,
  ContactRule,
  type PasswordPolicySchema,
  type Settings,
  SettingsSchema,
} from "../gen/latchkey/v1/settings_pb.js";

/** Changes to the default settings. */
export type SettingsChanges = Omit<Flat<typeof SettingsSchema>, "passwordPolicy"> & {
  /** The password policy in place of `classic`. */
  readonly passwordPolicy?: MessageInitShape<typeof PasswordPolicySchema>;
};

/** Returns the server's default settings, with changes. */
export function fakeSettings(changes: SettingsChanges = {}): Settings {
  return create(SettingsSchema, {
    passwordPolicy: {
      name: "classic",
      minLength: 8,
      maxLength: 15,
      maxBytes: 512,
      requireLetter: true,
      requireUpper: true,
      requireDigit: true,
      requireSpecial: true,
    },
    email: ContactRule.VERIFIED,
    phone: ContactRule.OPTIONAL,
    roles: ["trainee", "trainer"],
    phoneRegion: "KR",
    codes: { length: 6, ttl: durationFromMs(600_000), resendWait: durationFromMs(60_000), maxAttempts: 5 },
    accountDiscovery: AccountDiscovery.OPEN,
    ...changes,
  });
}
