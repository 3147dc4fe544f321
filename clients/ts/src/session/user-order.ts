import { toJsonString } from "@bufbuild/protobuf";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { type User, UserSchema } from "../gen/latchkey/v1/user_pb.js";

/** Orders what answers say about one account. The newest wins, whichever call brought it. */
export class UserOrder {
  /** When the call began that brought what is known. It decides between states of the same age. */
  #callOrder = 0;

  /**
   * Returns the newer one of what is known and what an answer says; what is known when both say the same.
   *
   * @param callOrder - orders calls by their beginning
   */
  newest(callOrder: number, known: User | undefined, user: User): User {
    if (known?.id === user.id) {
      const age = compareTimestamps(user.updatedAt, known.updatedAt);
      if (age < 0 || (age === 0 && (callOrder < this.#callOrder || isSame(user, known)))) {
        return known;
      }
    }
    this.#callOrder = callOrder;
    return user;
  }
}

/** Compares the timestamps themselves, since the server counts microseconds, and a Date only milliseconds. */
function compareTimestamps(one: Timestamp | undefined, other: Timestamp | undefined): number {
  const seconds = (one?.seconds ?? 0n) - (other?.seconds ?? 0n);
  if (seconds !== 0n) {
    return seconds < 0n ? -1 : 1;
  }
  return (one?.nanos ?? 0) - (other?.nanos ?? 0);
}

function isSame(one: User, other: User): boolean {
  return toJsonString(UserSchema, one) === toJsonString(UserSchema, other);
}
