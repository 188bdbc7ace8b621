import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { findOnPath } from '../../../src/executable.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

const program =
  process.env['CHROMIUM'] ||
  NAMES.map((name) => findOnPath(name, process.env['PATH'])).find((path) => path !== undefined);

const ABSENT = 'needs Chromium: apt-get install chromium, or set CHROMIUM to where a Chrome is';

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1400, height: 900 } };
export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let browser: Browser | undefined;

/** Tests in a browser; where there is none, they are left out by name and with the reason. */
export const describeInBrowser = (name: string, tests: () => void): void => {
  describe.skipIf(program === undefined)(program === undefined ? `${name} (left out: ${ABSENT})` : name, () => {
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: program ?? '',
        // The room that a container gives to shared memory is too small for a browser.
        args: ['--disable-dev-shm-usage'],
      });
    });
    afterAll(async () => {
      await browser?.close();
      browser = undefined;
    });
    tests();
  });
};

/** What went wrong in a page's own eyes: errors on its console, and what its policy forbids. */
export type Complaints = readonly string[];

/**
 * A window of its own until the test ends, which fails where a page complains of anything but what is expected. To be
 * opened after what serves it: what ends first is what was begun last.
 */
export async function openWindow(
  options: BrowserContextOptions,
  { expected }: { readonly expected?: RegExp } = {},
): Promise<Page> {
  if (browser === undefined) throw new Error('This is for tests in describeInBrowser: there is no browser.');
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
  const page = await context.newPage();
  const complaints = complaintsOf(context);
  onTestFinished(async () => {
    await context.close();
    expect(complaints.filter((line) => expected?.test(line) !== true)).toEqual([]);
  });
  return page;
}

function complaintsOf(context: BrowserContext): Complaints {
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complaints.push(`thrown: ${error.error().message}`));
  return complaints;
}
