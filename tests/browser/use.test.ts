import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { signCall } from '../../scripts/marketplace/signed-calls.ts';
import { type Habits, openBrowser, type Visitor } from './browser.ts';
import { type ConsoleStage, setUpConsole } from './stage.ts';

let world: ConsoleStage;
let visitor: Visitor;

beforeAll(async () => {
  world = await setUpConsole();
});
afterAll(() => world.stop());
afterEach(() => visitor.leave());

async function visit(habits: Habits = {}): Promise<Page> {
  visitor = await openBrowser(habits);
  const { page } = visitor;
  await page.goto(world.console.url);
  await page.locator('#value-orderId').waitFor();
  return page;
}

const view = (page: Page, name: string) => page.locator(`#view-${name}`).click();

/** Sends a real purchase under an order id. */
async function buy(page: Page, orderId: string): Promise<void> {
  await page.locator('#value-orderId').fill(orderId);
  await page.locator('#send').click();
  await page.locator('.verdict.ok').waitFor();
}

/** True once the element lies in the window; a view that is being drawn anew is looked at again. */
async function inSight(page: Page, selector: string): Promise<boolean> {
  const height = page.viewportSize()?.height ?? 0;
  for (let look = 0; look < 20; look += 1) {
    const top = (await page.locator(selector).boundingBox())?.y ?? -1;
    if (top >= 0 && top < height) return true;
    await page.waitForTimeout(100);
  }
  return false;
}

describe('the console in use', () => {
  test('what was typed outlives the tick for debugging, and a wrong address does not outlive the presets', async () => {
    const page = await visit();
    await page.locator('#value-orderId').fill('CS-TYPED');
    await page.locator('#new-parameter').fill('colour');
    await page.locator('#add-parameter').click();
    await page.locator('#value-colour').fill('red');
    await page.locator('#test').uncheck();
    await page.locator('#value-testFlag').waitFor({ state: 'detached' });
    expect(await page.locator('#value-orderId').inputValue()).toBe('CS-TYPED');
    expect(await page.locator('#value-colour').inputValue()).toBe('red');
    await page.locator('#test').check();
    await page.locator('#value-testFlag').waitFor();
    expect(await page.locator('#value-orderId').inputValue()).toBe('CS-TYPED');

    await page.locator('#new-parameter').fill('colour');
    await page.locator('#add-parameter').click();
    await page.getByRole('alert').getByText('colour').waitFor();
    expect(await page.locator(':focus').getAttribute('id')).toBe('value-colour');

    await page.locator('#at').fill('localhost:8000/produce/demo');
    await page.locator('#send').click();
    await page.getByRole('alert').getByText('localhost:8000').waitFor();
    expect(await page.getByRole('alert').innerText()).not.toContain('--');
    await page.locator('#reset').click();
    await page.locator('#value-colour').waitFor({ state: 'detached' });
    expect(await page.locator('#at').inputValue()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/produce\/demo$/);
    expect(visitor.complaints).toEqual([expect.stringContaining('400')]);
  });

  test('a refusal shows the verdict first, with the server’s own words, and can be taken along', async () => {
    const page = await visit();
    await page.locator('#activity').selectOption('updateInstanceStatus');
    await page.locator('#value-status').waitFor();
    await page.locator('#value-status').fill('MELT');
    await page.locator('#send').click();
    const verdict = page.locator('.verdict.fail');
    await verdict.getByText('own words: 0000').waitFor();
    expect(await inSight(page, '.verdict.fail')).toBe(true);
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('#report').click()]);
    expect(file.suggestedFilename()).toBe('koogate-demo-updateInstanceStatus.json');
    const [told] = JSON.parse(readFileSync(await file.path(), 'utf8'));
    expect(told).toMatchObject({ debugging: true, passed: false, response: { status: 200 } });
    expect(visitor.complaints).toEqual([]);
  });

  test('real calls are marked before they are saved, in the list and beside the dial test', async () => {
    const page = await visit();
    await page.locator('#test').uncheck();
    await page.locator('#value-testFlag').waitFor({ state: 'detached' });
    await buy(page, 'CS2611300900REAL');
    expect(await page.locator('.verdict').innerText()).not.toContain('can be saved');
    await page.getByRole('button', { name: 'Save as a case of real calls' }).click();
    await view(page, 'cases');
    expect(await page.locator('tbody .tag.warn').allInnerTexts()).toEqual(['real call']);
    await page.locator('.dial').getByText('Real calls among the cases: 1').waitFor();
    await page.getByRole('button', { name: /^Remove/ }).click();
    await page.locator('tbody').waitFor({ state: 'detached' });
    expect(visitor.complaints).toEqual([]);
  });

  test('the timeline opens in sight however long the list, and rehearsals can be hidden and cleared', async () => {
    const page = await visit({ locale: 'zh-CN', width: 390 });
    await page.locator('#test').uncheck();
    await page.locator('#value-testFlag').waitFor({ state: 'detached' });
    expect((await page.locator('#value-orderId').boundingBox())?.width).toBeGreaterThan(250);
    for (let number = 10; number < 19; number += 1) await buy(page, `CHAOS26113009${number}`);
    await buy(page, 'CS2611300920OWN');
    await view(page, 'instances');
    await page.locator('.subject').nth(9).waitFor();
    expect(await page.locator('.tag.state-ACTIVE, .tag.state-PENDING').first().innerText()).toMatch(/使用中|开通中/);
    await page.locator('.subject').nth(5).click();
    await page.locator('.event').first().waitFor();
    const opened = await page.locator('#timeline-title').boundingBox();
    expect(opened?.y).toBeGreaterThanOrEqual(0);
    expect(opened?.y).toBeLessThan(700);
    // The list above grows while the timeline is read, which stays where it is.
    const listed = await page.locator('.subject').count();
    const { secrets, server } = world.stage;
    const key = secrets.products.demo?.accessKeys.base?.[0] ?? '';
    const message = { activity: 'newInstance', orderId: 'CS2611300921MORE', orderLineId: 'CS2611300921MORE-000001' };
    const { url, body } = signCall(`${server.run.route}/demo`, key, { businessId: 'more', ...message });
    expect(await (await fetch(url, { method: 'POST', body })).text()).toMatch(/00000[04]/);
    await page.locator('.subject').nth(listed).waitFor();
    await page.locator('.subject .tag.warn').first().waitFor({ state: 'detached' });
    const grown = await page.locator('#timeline-title').boundingBox();
    expect(Math.abs((grown?.y ?? -1_000) - (opened?.y ?? 0))).toBeLessThan(2);
    await page.locator('#back-to-list').click();
    expect(await page.locator(':focus').getAttribute('class')).toBe('subject');

    await page.setViewportSize({ width: 1366, height: 768 });
    await page.locator('.subject').nth(9).click();
    expect(await inSight(page, '#timeline-title')).toBe(true);

    const all = await page.locator('.subject').count();
    await page.setViewportSize({ width: 390, height: 768 });
    await page.locator('.subject .tag.warn').first().waitFor({ state: 'detached' });
    await page.locator('#hide-rehearsals').check();
    await page
      .locator('.subject')
      .nth(all - 9)
      .waitFor({ state: 'detached' });
    page.on('dialog', (dialog) => void dialog.accept());
    await page.locator('#clear-rehearsals').click();
    await page.locator('#clear-rehearsals').waitFor({ state: 'detached' });
    expect(await page.locator('.subject').count()).toBe(all - 9);
    const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
    expect(wide).toBe(false);
    expect(visitor.complaints).toEqual([]);
  });
});
