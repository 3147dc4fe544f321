import { type DescMethod, getOption } from "@bufbuild/protobuf";
import { ends_session } from "../gen/latchkey/v1/access_pb.js";
import { AuthService } from "../gen/latchkey/v1/auth_service_pb.js";

/** Reports whether a method needs no session. Its errors then say nothing about the session. */
export function isPublicMethod(method: DescMethod): boolean {
  return method.parent.typeName === AuthService.typeName && method !== AuthService.method.getSession;
}

/** Reports whether a method starts a session: its response has a user and tokens. */
export function startsSession(method: DescMethod): boolean {
  const returns = (name: string) => method.output.fields.some(({ localName }) => localName === name);
  return method.parent.typeName === AuthService.typeName && returns("user") && returns("tokens");
}

/** Reports whether a method ends the caller's session. */
export function endsSession(method: DescMethod): boolean {
  return getOption(method, ends_session);
}
