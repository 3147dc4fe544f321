import { afterEach, beforeEach } from "vitest";
import { translatePages } from "./translator";

let stop = () => {};

beforeEach(() => {
  stop = translatePages(document.body);
});

afterEach(() => stop());
