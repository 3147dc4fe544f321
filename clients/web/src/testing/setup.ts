import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach } from "vitest";
import { loadClientTexts } from "../i18n/client-texts";
import { useLocale } from "../i18n/use-locale";
import { useNotices } from "../notices/notices";

configure({ asyncUtilTimeout: 20_000 });

beforeAll(() => Promise.all([loadClientTexts("en"), loadClientTexts("ko")]));

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  useNotices.setState({ current: undefined });
  useLocale.setState({ locale: "en", chosen: true });
});

afterEach(cleanup);
