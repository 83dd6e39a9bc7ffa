import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { listen } from '../support/listen.ts';
import { type Habits, openBrowser, type Visitor } from './browser.ts';
import { keep } from './keep.ts';
import { type ConsoleStage, setUpConsole } from './stage.ts';

let world: ConsoleStage;
let visitor: Visitor;

beforeAll(async () => {
  world = await setUpConsole();
});
afterAll(() => world.stop());
afterEach(() => visitor.leave());

/** Opens the address that npm start prints, and waits for the presets. */
async function visit(habits: Habits = {}): Promise<Page> {
  visitor = await openBrowser(habits);
  const { page } = visitor;
  await page.goto(world.console.url);
  await page.getByLabel(/^(Value of orderId|orderId 的值)$/).waitFor();
  return page;
}

/** What those who see look at; what is said to screen readers stands beside it. */
const content = (page: Page) => page.locator('main');

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Sends what stands in the form and saves it as a case. */
async function sendAndSave(page: Page): Promise<void> {
  await button(page, 'Send').click();
  await content(page).getByText('The call succeeded').waitFor();
  await button(page, 'Save as a case').click();
  await content(page).getByText('Saved. It is part of the dial test now.').waitFor();
}

describe('the console in a browser', () => {
  test('a person comes from opening the page to a green dial test', async () => {
    const page = await visit();
    expect(page.url()).not.toContain('token');
    await button(page, 'Sign the request').click();
    await content(page)
      .getByText(/^Holds until/)
      .waitFor();
    const shown = await page.getByRole('region', { name: 'Signed request' }).innerText();
    expect(shown).toMatch(
      /POST http:\/\/127\.0\.0\.1:\d+\/produce\/demo\s+\?signature=[0-9A-F]{64}\s+&timestamp=\d{13}/,
    );
    expect(shown).toContain('"testFlag":"1"');
    await sendAndSave(page);
    expect(await page.getByRole('region', { name: 'Signed request' }).innerText()).toBe(shown);
    await keep(page, 'console-debug-light');

    await page.getByLabel('Interface', { exact: true }).selectOption('queryInstance');
    await page.getByLabel('Value of instanceId').waitFor();
    await sendAndSave(page);
    expect(await page.locator('.credentials').innerText()).toContain('debugging');
    expect(await page.locator('.marked .mark.fail').count()).toBe(0);

    await page.getByRole('link', { name: /Cases and dial test/ }).click();
    await button(page, 'Run all').click();
    await content(page).getByText('Dial test passed: 2 of 2 cases').waitFor();
    expect(await page.getByRole('status').innerText()).toBe('Dial test passed: 2 of 2 cases');
    await keep(page, 'console-cases-light');
    expect(visitor.complaints).toEqual([]);
  });

  test('a case that fails is made visible, with what is wrong, and is green again once it is right', async () => {
    const page = await visit();
    await page.getByLabel('Address').fill(world.other.at);
    await sendAndSave(page);
    await page.getByRole('link', { name: /Cases and dial test/ }).click();
    world.other.unsigned = true;
    await button(page, 'Run all').click();
    await content(page).getByText('Dial test failed: 1 of 3 cases').waitFor();
    const trouble = page.locator('.trouble');
    await trouble.getByText('Body-Sign is missing').waitFor();
    await keep(page, 'console-failing-light', '.trouble');
    world.other.unsigned = false;
    await button(page, 'Run in a loop').click();
    await content(page).getByText('Dial test passed: 3 of 3 cases').waitFor();
    await button(page, 'Stop').click();
    await button(page, 'Run in a loop').waitFor();
    expect(await trouble.count()).toBe(0);

    await page.getByRole('button', { name: 'Remove newInstance (demo)' }).last().click();
    await page.locator('tbody').nth(2).waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('tbody').nth(1).waitFor();
    expect(await page.locator('tbody').count()).toBe(2);
    expect(visitor.complaints).toEqual([]);
  });

  test('a parameter that is changed, left out or added is sent so', async () => {
    const page = await visit();
    await page.getByLabel('Value of orderId').fill('CS-BY-HAND');
    await page.getByLabel('Send businessId').uncheck();
    await page.getByLabel('New parameter').fill('colour');
    await page.getByLabel('New parameter').press('Enter');
    await page.getByLabel('Form of colour').selectOption('json');
    await page.getByLabel('Value of colour').fill('{"red":');
    await button(page, 'Sign the request').click();
    await page.getByRole('alert').getByText('colour is not JSON.').waitFor();
    await page.getByLabel('Value of colour').fill('{"red":[1]}');
    await button(page, 'Sign the request').click();
    await content(page)
      .getByText(/^Holds until/)
      .waitFor();
    const body = (await page.locator('.wire').innerText()).split('\n').at(-1) ?? '';
    expect(JSON.parse(body)).toEqual({
      activity: 'newInstance',
      colour: { red: [1] },
      orderId: 'CS-BY-HAND',
      orderLineId: 'MOCKPERIODYEARNEW-000001',
      testFlag: '1',
    });
    expect(visitor.complaints).toEqual([]);
  });

  test('the keyboard is enough', async () => {
    const page = await visit();
    const press = (key: string) => page.keyboard.press(key);
    await press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the content');
    await press('Enter');
    expect(await page.locator(':focus').getAttribute('id')).toBe('main');
    await press('Tab');
    expect(await page.locator(':focus').getAttribute('id')).toBe('product');
    await page.keyboard.type('plain');
    await press('Tab');
    await press('Tab');
    await press('Tab');
    expect(await page.locator(':focus').getAttribute('id')).toBe('activity');
    await page.keyboard.type('query');
    await page.getByLabel('Value of instanceId').waitFor();
    expect(await page.locator(':focus').getAttribute('id')).toBe('activity');
    await press('Control+Enter');
    await content(page).getByText('The call succeeded').waitFor();
    await page.locator('#save').focus();
    await press('Enter');
    await content(page).getByText('Saved. It is part of the dial test now.').waitFor();
    await press('Alt+Shift+Digit2');
    await button(page, 'Run all').waitFor();
    expect(await page.locator(':focus').innerText()).toContain('Cases and dial test');
    await press('Control+Enter');
    await content(page)
      .getByText(/Dial test passed: (\d) of \1 cases/)
      .waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  test('a real purchase appears with its timeline, and nothing of it that is sealed', async () => {
    const page = await visit();
    await page.getByLabel('Debugging call (testFlag 1)').uncheck();
    await page.getByLabel('Value of testFlag').waitFor({ state: 'detached' });
    await button(page, 'Send').click();
    await content(page).getByText('The call succeeded').waitFor();
    await page.getByRole('link', { name: 'Instances' }).click();
    await page.locator('.subject').first().click();
    await content(page).getByText('purchase carried out').waitFor();
    await content(page).getByText('newInstance called, answered 000004').waitFor();
    await content(page).getByText('paid until here').waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/eyJ|@example\.com|138\d{8}/);

    await page.getByRole('link', { name: 'Debugging' }).click();
    await page.getByLabel('Interface', { exact: true }).selectOption('updateInstanceStatus');
    await page.getByLabel('Value of status').waitFor();
    await button(page, 'Send').click();
    await content(page).getByText('The call succeeded').waitFor();
    await page.getByRole('link', { name: 'Instances' }).click();
    await content(page).getByText('freeze carried out').waitFor();
    await keep(page, 'console-instances-light');
    expect(visitor.complaints).toEqual([]);
  });

  test('a purchase that cannot be carried out yet shows its retries and why, and goes on by itself', async () => {
    const page = await visit({ locale: 'zh-CN' });
    const { faults } = world.stage.standIn;
    faults.choose('order query', () => ({ cut: true }));
    await page.getByLabel('商品', { exact: true }).selectOption('plain');
    await page.getByLabel('调试调用（testFlag 为 1）').uncheck();
    await page.getByLabel('testFlag 的值').waitFor({ state: 'detached' });
    await button(page, '发送').click();
    await content(page).getByText('调用成功').waitFor();
    await page.getByRole('link', { name: '实例' }).click();
    await page.getByLabel('商品', { exact: true }).selectOption('plain');
    await page.locator('.subject').first().click();
    await content(page)
      .getByText(/已尝试 [2-9] 次/)
      .waitFor();
    await page.locator('.event.next .reason').waitFor();
    await keep(page, 'console-retries-light');
    faults.clear();
    await content(page).getByText('已完成：开通').waitFor();
    expect(await page.locator('.event.next').count()).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });

  test('one click certifies', async () => {
    const page = await visit();
    await page.getByRole('link', { name: 'Certification' }).click();
    await button(page, 'Certify').click();
    await content(page)
      .getByText(/^READY/)
      .waitFor({ timeout: 90_000 });
    await keep(page, 'console-certify-light');
    const [file] = await Promise.all([page.waitForEvent('download'), button(page, 'HTML').click()]);
    await page.setViewportSize({ width: 390, height: 860 });
    await page.goto('about:blank');
    await page.setContent(readFileSync(await file.path(), 'utf8'));
    await page.getByText(/^READY/).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(visitor.complaints).toEqual([]);
  });

  test('calls an open API, shows its answer and ticks it off', async () => {
    const page = await visit();
    await page.getByRole('link', { name: 'Open APIs' }).click();
    await content(page).getByText('query a mock order: still to be called').waitFor();
    await button(page, 'Call').click();
    await content(page).getByText('The call succeeded').waitFor();
    await content(page).getByText('query a mock order: rehearsed at').waitFor();
    await page.getByLabel('Open API', { exact: true }).selectOption('license-activate');
    await page.getByLabel('Authorisation codes').fill('TEST-1');
    await button(page, 'Call').click();
    await content(page).getByText('ALIVE').waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  test('speaks Chinese to a Chinese browser, dark if it is dark, and changes its language in place', async () => {
    const page = await visit({ locale: 'zh-CN', colours: 'dark' });
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.getByLabel('接口', { exact: true }).selectOption('queryInstance');
    await page.getByLabel('instanceId 的值').waitFor();
    await button(page, '发送').click();
    await content(page).getByText('调用成功').waitFor();
    await keep(page, 'console-debug-dark');
    await page.getByRole('button', { name: 'Switch to English' }).click();
    await content(page).getByText('The call succeeded').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.reload();
    await button(page, 'Send').waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  test('fits a narrow window without scrolling sideways', async () => {
    const page = await visit({ width: 390 });
    await button(page, 'Send').click();
    await content(page).getByText('The call succeeded').waitFor();
    for (const view of ['Debugging', 'Cases and dial test', 'Instances', 'Certification', 'Open APIs']) {
      await page.getByRole('link', { name: view }).click();
      const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
      expect([view, wide]).toEqual([view, false]);
    }
    expect(visitor.complaints).toEqual([]);
  });

  test('without the token it shows nothing, and says which address to open', async () => {
    visitor = await openBrowser();
    const { page } = visitor;
    await page.goto(`http://127.0.0.1:${world.console.port}/`);
    await content(page).getByText('Open the address that the terminal shows').waitFor();
    await page.goto(`http://127.0.0.1:${world.console.port}/#token=guessed`);
    await page.reload();
    await content(page).getByText('The token does not hold').waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
  });

  test("another site's page gets nothing out of it, under no name", async () => {
    const { port, token } = world.console;
    const foreign = await listen((_, __, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>evil</title>'),
    );
    visitor = await openBrowser();
    const { page } = visitor;
    await page.goto(foreign.url);
    const attack = (options: string) =>
      page.evaluate(
        `fetch('http://127.0.0.1:${port}/api/setup', ${options}).then((answer) => answer.type + answer.status, () => 'nothing')`,
      );
    const headers = JSON.stringify({ 'content-type': 'application/json', 'x-console-token': token });
    expect(await attack(`{ method: 'POST', body: '{}', headers: ${headers} }`)).toBe('nothing');
    expect(await attack("{ method: 'POST', body: '{}' }")).toBe('nothing');
    expect(await attack("{ method: 'POST', body: '{}', mode: 'no-cors' }")).toBe('nothing');
    const framed = await page.evaluate(
      `new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.src = 'http://127.0.0.1:${port}/';
        frame.onload = () => { try { resolve(String(frame.contentDocument?.title)); } catch { resolve('closed'); } };
        document.body.append(frame);
      })`,
    );
    expect(framed).not.toContain('KooGate');
    await foreign.close();
  });
});
