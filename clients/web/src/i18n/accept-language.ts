import type { LatchkeyOptions } from "@latchkey-auth/client";
import { useLocale } from "./locale";

type Interceptor = NonNullable<LatchkeyOptions["interceptors"]>[number];

/** Asks the server for the language of the page: messages to people without an account are written in it. */
export const acceptLanguage: Interceptor = (next) => (request) => {
  request.header.set("Accept-Language", useLocale.getState().locale);
  return next(request);
};
