import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { createObservations } from '../../lib/alarms/observations.ts';
import { acceptRenewal } from '../../lib/instances/accept-renewal.ts';
import { acceptStatus } from '../../lib/instances/accept-status.ts';
import { closeTable, openTable } from '../../lib/instances/closing.ts';
import { rememberCustomer } from '../../lib/instances/customer.ts';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { createDeployedApi, DEPLOYED_STREAMED } from '../../scripts/console/deployed/api.ts';
import { type ConsoleServer, serveApi } from '../../scripts/console/server.ts';
import { type Habits, openBrowser, type Visitor } from './browser.ts';
import { FAILED_EVERY, type FilledTable, fillTable, orderOf } from './filled-table.ts';
import { keep } from './keep.ts';

/*
 * The page of a deployed installation over tables with many instances; KOOGATE_CONSOLE_INSTANCES sets how many. The
 * embedded DynamoDB engine reads 100 000 in a minute, so that without it there are 10 000.
 */

const COUNT = Number(process.env.KOOGATE_CONSOLE_INSTANCES || 10_000);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let filled: FilledTable;
let served: ConsoleServer;
let visitor: Visitor;

afterEach(async () => {
  await visitor.leave();
  await served.stop();
  await filled.stop();
});

async function serve(writes: boolean): Promise<ConsoleServer> {
  const { table, w, hmac } = filled;
  const api = createDeployedApi({
    table,
    place: 'koogate-prod',
    products: w.deps.products,
    writes,
    clock: () => w.time.now,
    keys: async () => hmac,
    recorder: async () => (action, subject) => ({
      ...{ action, by: 'li', at: w.time.now, key: hmac.audit },
      ...(subject !== undefined && { subject }),
    }),
    secrets: () => Promise.reject(new Error('The test has no secrets.')),
    examine: async ({ onStep, onFinding }) => {
      onStep?.('table', 0, 1);
      onFinding?.({ check: 'table', state: 'todo', name: 'failed', values: { cause: 'out of reach' } });
    },
  });
  return serveApi({ port: 0, api, streamed: DEPLOYED_STREAMED });
}

async function visit(habits: Habits = {}): Promise<Page> {
  visitor = await openBrowser(habits);
  await visitor.page.goto(served.url);
  await visitor.page.locator('.tiles').waitFor();
  return visitor.page;
}

/** An instance whose renewal fails and will be tried again. */
async function stuck(): Promise<InstanceItem> {
  const { table, w, hmac, buy, fulfil } = filled;
  const item = await buy('CS9900000001');
  await fulfil(item);
  await rememberCustomer(table, hmac.customer, item, 'customer-7');
  w.behaviour.current = () => {
    throw new Error('the backend is down');
  };
  const order = { orderId: 'CS9900000002', orderLineId: 'CS9900000002-000001', scene: 'RENEWAL' } as const;
  const { product, instanceId } = item;
  await acceptRenewal(table, { product, instanceId, ...order, expiresAt: 1_900_000_000_000, sentAt: 2 }, w.time.now);
  await fulfil(item);
  return item;
}

/** A day of calls: one dial test was refused, two calls were not ours. */
async function countCalls(): Promise<void> {
  const { table, w } = filled;
  for (let hour = 1; hour < 24; hour += 2) {
    const counts = createObservations(table, () => w.time.now - hour * 3_600_000);
    const resultCode = hour === 5 ? '000005' : '000000';
    for (let call = 0; call < hour % 7; call += 1) {
      counts.count({
        product: 'demo',
        proven: { isTest: call === 0, resultCode, key: 'base_0_aaaa11112222', milliseconds: 150 * hour },
      });
    }
    await counts.flush();
  }
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`);
}

const isTooWide = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

describe.each(['postgres', 'dynoxide'] as const)('the page over %s', (engine) => {
  test('leads from an order to its history, acts on it and shows what comes of it', async () => {
    filled = await fillTable(engine, COUNT);
    const item = await stuck();
    await countCalls();
    served = await serve(true);
    const page = await visit();
    const { table, w, fulfil } = filled;
    await page.locator('.big-figure').getByText('at least 0 of 5').waitFor();
    await page.getByRole('link', { name: item.instanceId }).waitFor();
    expect(await violations(page)).toEqual([]);
    await keep(page, 'console-overview-light');

    await page.getByRole('link', { name: 'Orders and instances' }).click();
    await page.getByLabel('State').selectOption('FAILED');
    await page.getByRole('button', { name: 'Look through the table' }).click();
    const done = `items, ${Math.floor(COUNT / FAILED_EVERY)} instances found`;
    await page
      .locator('.hint')
      .getByText(done)
      .waitFor({ timeout: 20_000 + COUNT });
    expect(await page.locator('tbody tr').count()).toBe(Math.min(200, Math.floor(COUNT / FAILED_EVERY)));
    expect(await violations(page)).toEqual([]);
    for (const [id, kind] of [
      [orderOf(COUNT - 7), 'order'],
      ['customer-7', 'customer'],
    ] as const) {
      await page.getByRole('link', { name: 'Orders and instances' }).click();
      await page.getByLabel('It is').selectOption(kind);
      await page.getByLabel('Order, order line, instance or customer').fill(id);
      await page.keyboard.press('Enter');
      await page
        .locator('.facts')
        .getByText(kind === 'order' ? id : item.orderId)
        .waitFor();
    }

    await page.getByText('History whole: its chain is valid').waitFor();
    await page.locator('.event.next').getByText('the backend is down').waitFor();
    expect(await violations(page)).toEqual([]);
    w.behaviour.current = () => undefined;
    await page.getByRole('button', { name: 'Retry now' }).press('Enter');
    await page.getByText('Queue again what was set aside, and carry out').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.locator(':focus').innerText()).toBe('Retry now');
    await page.keyboard.press('Enter');
    await page.getByLabel('Why').fill('the backend is up again');
    await page.keyboard.press('Enter');
    await page.locator('.event.acted').getByText('Retry by li').waitFor();
    await page.locator('.hint').getByText('Due at once.').waitFor();

    await fulfil(item); // as the installation does; the page hears of it by itself
    await page.getByText('renewal carried out').waitFor();
    const { product, instanceId } = item;
    await acceptStatus(table, { product, instanceId, status: 'FREEZE', sentAt: 3 }, w.time.now);
    await fulfil(item);
    await page.locator('.tags').getByText('frozen', { exact: true }).waitFor();
    await page.getByText('History whole: its chain is valid').waitFor();
    expect(visitor.complaints).toEqual([]);
  });
});

test('what stands against an action stays said, however often the page looks again', async () => {
  filled = await fillTable('postgres', 1);
  const item = await stuck();
  served = await serve(true);
  const page = await visit();
  await page.getByRole('link', { name: item.instanceId }).click();
  await closeTable(filled.table, filled.w.time.now);
  await page.getByRole('button', { name: 'Retry now' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  for (let look = 0; look < 2; look += 1) await page.waitForResponse(/\/api\/history$/);
  expect(await page.getByRole('alert').innerText()).toContain('The table is closed');
  await openTable(filled.table, filled.w.time.now);
  await page.getByRole('button', { name: 'Retry now' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await page.locator('.event.acted').waitFor();
  expect(await page.getByRole('alert').innerText()).toBe('');
});

test('in Chinese, dark, on a phone, read-only: it fits, offers no action, and its server does none', async () => {
  filled = await fillTable('postgres', 50);
  const item = await stuck();
  await countCalls();
  served = await serve(false);
  const page = await visit({ locale: 'zh-CN', colours: 'dark', width: 390 });
  await page.locator('.big-figure').getByText('至少 0 / 5').waitFor();
  for (const view of ['概览', '订单与实例', '待办', '诊断']) {
    await page.getByRole('link', { name: view }).click();
    expect([view, await isTooWide(page)]).toEqual([view, false]);
    expect(await violations(page)).toEqual([]);
  }
  await page.getByRole('button', { name: '开始诊断' }).click();
  await page.getByText('1 项需要处理').first().waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: '待办' }).click();
  await page.getByRole('link', { name: item.instanceId }).click();
  await page.getByText('历史完整：链校验通过').waitFor();
  await page.getByText('本页仅可查看').first().waitFor();
  expect(await isTooWide(page)).toBe(false);
  expect(await violations(page)).toEqual([]);
  await keep(page, 'console-history-phone-dark');
  expect(await page.locator('#act-retry').count()).toBe(0);
  const body = JSON.stringify({ product: 'demo', instanceId: item.instanceId, action: 'retry', isNotice: false });
  const status = page.evaluate(`fetch('/api/act', { method: 'POST', body: ${JSON.stringify(body)}, headers: {
    'content-type': 'application/json', 'x-console-token': sessionStorage.getItem('koogate-token') } }).then((answer) => answer.status)`);
  expect(await status).toBe(403);
  await page.reload();
  await page.getByText('历史完整：链校验通过').waitFor();
  await page.keyboard.press('Alt+Shift+Digit1');
  await page.locator('.big-figure').getByText('至少 0 / 5').waitFor();
  expect(visitor.complaints).toEqual([
    'Failed to load resource: the server responded with a status of 403 (Forbidden)',
  ]);
});
