import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from '../../scripts/dev/local/settings.ts';

/** Kept in docs when KOOGATE_SCREENSHOTS names the folder; otherwise only looked at by failing tests. */
const SHOTS = process.env.KOOGATE_SCREENSHOTS && join(ROOT, process.env.KOOGATE_SCREENSHOTS);

/** Keeps a picture of what is shown, in both languages: NAME-en.png and NAME-zh.png. */
export async function keep(page: Page, name: string, shown = 'h1'): Promise<void> {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  for (let time = 0; time < 2; time += 1) {
    await page.locator(shown).first().scrollIntoViewIfNeeded();
    const language = String(await page.locator('html').getAttribute('lang')).slice(0, 2);
    await page.screenshot({ path: join(SHOTS, `${name}-${language}.png`) });
    await page.locator('#language').click();
  }
}
