import { join } from "node:path";
import axe from "axe-core";
import { expect, test } from "vitest";
import { runLatchkey } from "./latchkey";
import { views, visitView } from "./views";

const latchkey = runLatchkey();

/** Pictures of every page go here, to be looked at; git ignores them. */
const shots = join(import.meta.dirname, "../shots");

const looks = [
  { look: "phone", colorScheme: "light", viewport: { width: 390, height: 844 }, locale: "ko-KR" },
  { look: "desktop", colorScheme: "dark", viewport: { width: 1280, height: 900 }, locale: "en-US" },
] as const;

for (const view of views) {
  for (const { look, ...options } of looks) {
    test(`axe objects to nothing at ${view.name} on a ${look}`, async () => {
      const { page } = await visitView(latchkey, view, options);
      await page.screenshot({ path: join(shots, `${view.name}-${look}.png`), fullPage: true });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() =>
        (window as unknown as { axe: typeof axe }).axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        }),
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
      // Nothing has to be scrolled to at the side.
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    });
  }
}
