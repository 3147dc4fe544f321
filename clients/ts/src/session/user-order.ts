import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { User } from "../gen/latchkey/v1/user_pb.js";

/**
 * Compares when two states of an account were made: negative when `one` is older. The timestamps themselves are compared,
 * since the server counts microseconds and a Date only milliseconds.
 */
export function compareAge(one: User, other: User): number {
  return compareTimestamps(one.updatedAt, other.updatedAt);
}

function compareTimestamps(one: Timestamp | undefined, other: Timestamp | undefined): number {
  const seconds = (one?.seconds ?? 0n) - (other?.seconds ?? 0n);
  if (seconds !== 0n) {
    return seconds < 0n ? -1 : 1;
  }
  return (one?.nanos ?? 0) - (other?.nanos ?? 0);
}
