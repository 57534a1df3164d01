/** What takes time, against `budgets.json`. It runs by itself: other work on the machine only slows. */
import { test, expect, department, snippet } from './support/test';
import budgets from './budgets.json';
import type { Browser } from '@playwright/test';

/** Noise makes a load slower and never faster: the best of so many counts. */
const LOADS = 5;

/** A slow line and a slow phone: 1.6 Mbit/s with 150 ms, a quarter of this machine's speed. */
const slowly = async (browser: Browser, address: string): Promise<number> => {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send('Network.enable');
  const speed = (1.6 * 1024 * 1024) / 8;
  await client.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: speed, uploadThroughput: speed });
  await client.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.addInitScript(() => {
    const look = () => {
      const root = document.querySelector('yanlu-consultation')?.shadowRoot ?? document;
      const first = root.querySelector('.comments > li');
      if (first?.checkVisibility() && first.getBoundingClientRect().height > 20) (window as any).firstComment = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(address);
  await page.waitForFunction(() => (window as any).firstComment > 0);
  const at = await page.evaluate(() => (window as any).firstComment);
  await context.close();
  return at;
};

const best = async (browser: Browser, address: string): Promise<number> => {
  let least = Infinity;
  for (let load = 0; load < LOADS && least > budgets.first_comment_ms; load++) {
    least = Math.min(least, await slowly(browser, address));
  }
  return least;
};

test('on a slow line and a slow phone the first comment can be seen in time', async ({ page, browser, world, open, host }) => {
  test.slow();
  const embedded = host.put('slow', department(snippet(world, `/c/${open.number}`, 'view="comments" mode="inline"')));
  const direct = `${world.yanlu.url}/c/${open.number}/comments`;
  for (const [where, address] of [['embedded', embedded], ['on its own page', direct]]) {
    // The page is rendered once before; a first reader is not what is measured.
    await page.goto(address);
    await expect(page.locator('.comments > li').first()).toBeVisible();
    const took = await best(browser, address);
    console.log(`first comment ${where}: ${Math.round(took)} ms`);
    expect(took, where).toBeLessThanOrEqual(budgets.first_comment_ms);
  }
});
