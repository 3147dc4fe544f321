import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";
import { useLocale } from "../i18n/locale";
import { useNotices } from "../notices/notices";

configure({ asyncUtilTimeout: 20_000 });

beforeEach(() => {
  localStorage.clear();
  useNotices.setState({ current: undefined });
  useLocale.setState({ locale: "en", chosen: true });
});

afterEach(cleanup);
