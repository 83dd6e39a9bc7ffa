import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** A person at a browser of their own: fresh profile, one tab. */
export interface Visitor {
  readonly page: Page;
  /** What the browser's console was told, errors and warnings alone: a policy violation is one. */
  readonly complaints: readonly string[];
  leave(): Promise<void>;
}

export interface Habits {
  readonly locale?: 'en-GB' | 'zh-CN';
  readonly colours?: 'light' | 'dark';
  readonly width?: number;
}

const QUIET = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

export async function openBrowser({
  locale = 'en-GB',
  colours = 'light',
  width = 1280,
}: Habits = {}): Promise<Visitor> {
  const profile = mkdtempSync(join(tmpdir(), 'koogate-browser-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    headless: true,
    locale,
    colorScheme: colours,
    viewport: { width, height: 860 },
    timezoneId: 'Asia/Shanghai',
    args: QUIET,
  });
  const complaints: string[] = [];
  const page = context.pages()[0] ?? (await context.newPage());
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return {
    page,
    complaints,
    leave: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
