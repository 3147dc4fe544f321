import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { ListActivityResponse } from "../gen/latchkey/v1/account_service_pb.js";
import { type Activity, ActivitySchema } from "../gen/latchkey/v1/activity_pb.js";
import { refusal } from "./refusal.js";

/** The time and the device of an event. */
export interface FakeVisit {
  /** The time. Defaults to now. */
  readonly at?: Date;
  /** The name of the device, such as `Chrome on Windows`. */
  readonly device?: string;
  /** The IP address. */
  readonly ip?: string;
}

/** The activity of the accounts of the fake. */
export class FakeActivity {
  readonly #entries: { readonly userId: string; readonly activity: Activity }[] = [];

  record(userId: string, event: string, { sessionId = "", ...visit }: FakeVisit & { sessionId?: string } = {}): void {
    const { at, device, ip } = withDefaults(visit);
    const id = `act_${String(this.#entries.length + 1).padStart(26, "0")}`;
    this.#entries.push({
      userId,
      activity: create(ActivitySchema, { id, event, at: timestampFromMs(at.getTime()), device, ip, sessionId }),
    });
  }

  /** Returns a page, newest first. The page token is the id of the last entry on the previous page. */
  page(userId: string, size: number, token: string): Omit<ListActivityResponse, "$typeName"> {
    const own = this.#entries
      .filter((entry) => entry.userId === userId)
      .map(({ activity }) => activity)
      .reverse()
      .sort((a, b) => Number((b.at?.seconds ?? 0n) - (a.at?.seconds ?? 0n)));
    const last = own.findIndex(({ id }) => id === token);
    if (token && last < 0) {
      throw refusal("INVALID_FIELDS", { violations: { pageToken: "page_token.unknown" } });
    }
    const activity = own.slice(last + 1, last + 1 + (size || 20));
    const more = last + 1 + activity.length < own.length;
    return { activity, nextPageToken: more ? (activity.at(-1)?.id ?? "") : "" };
  }

  forget(userId: string): void {
    const kept = this.#entries.filter((entry) => entry.userId !== userId);
    this.#entries.splice(0, this.#entries.length, ...kept);
  }
}

/** Returns a visit with defaults for missing values. */
export function withDefaults({ at = new Date(), device = "Fake", ip = "127.0.0.1" }: FakeVisit): Required<FakeVisit> {
  return { at, device, ip };
}
