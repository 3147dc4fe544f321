import { toJsonString } from "@bufbuild/protobuf";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { type User, UserSchema } from "../gen/latchkey/v1/user_pb.js";

/** Orders the versions of a user in responses. The newest wins, whichever call returned it. */
export class UserVersions {
  /** The start of the call that returned the current version. It decides between versions of the same age. */
  #callOrder = 0;

  /**
   * Returns the newer of the known version and that of a response; the known object when both are equal.
   *
   * @param callOrder - orders calls by their start
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

/** Compares timestamps, not Dates: the server has microseconds, and a Date only milliseconds. */
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
