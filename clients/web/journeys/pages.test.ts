import { join } from "node:path";
import axe from "axe-core";
import { expect, test } from "vitest";
import { runLatchkey } from "./latchkey";
import { views, visitView } from "./views";

const latchkey = runLatchkey();

/** The folder for screenshots of all views, for manual review. It is ignored by git. */
const shots = join(import.meta.dirname, "../shots");

const devices = [
  { device: "phone", colorScheme: "light", viewport: { width: 390, height: 844 }, locale: "ko-KR" },
  { device: "desktop", colorScheme: "dark", viewport: { width: 1280, height: 900 }, locale: "en-US" },
] as const;

for (const view of views) {
  for (const { device, ...options } of devices) {
    test(`axe finds no violation at ${view.name} on a ${device}`, async () => {
      const { page } = await visitView(latchkey, view, options);
      await page.screenshot({ path: join(shots, `${view.name}-${device}.png`), fullPage: true });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() =>
        (window as unknown as { axe: typeof axe }).axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        }),
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
      // The page does not scroll horizontally.
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    });
  }
}
