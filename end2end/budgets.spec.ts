/** What a page weighs and costs, in a real browser, against `budgets.json`. */
import { test, expect, department, requests, snippet } from './support/test';
import budgets from './budgets.json';
import type { Page } from '@playwright/test';
import { demo, type Consultation, type World } from './support/world';

/** Bytes over the wire by address, as the browser counts them (bodies, compressed). */
const weigh = async (page: Page) => {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  const addresses = new Map<string, string>();
  const bytes = new Map<string, number>();
  client.on('Network.responseReceived', ({ requestId, response }) => addresses.set(requestId, response.url));
  client.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    const address = new URL(addresses.get(requestId) ?? 'about:unknown').pathname;
    bytes.set(address, (bytes.get(address) ?? 0) + encodedDataLength);
  });
  return bytes;
};

/** Goes there and lets every script that the page names begin: modules run before `load`. */
const settled = async (page: Page, address: string) => {
  await page.goto(address, { waitUntil: 'load' });
  await page.evaluate(() => new Promise((next) => requestIdleCallback(next)));
};

/** A consultation with a full page of published comments on a draft of a real length. */
const fifty = async (world: World): Promise<Consultation> => {
  const consultation = await world.open('五十件意见的事项', undefined, demo('parking-v1.md'));
  await world.real(consultation, 50);
  return consultation;
};

test('reading fifty comments and sending one fits the budget, without WASM', async ({ page, world, host }) => {
  test.slow();
  const full = await fifty(world);
  // Each part as served with brotli, fetched once.
  const sizes: Record<string, number> = {};
  const weight = async (address: string) => {
    const answer = await fetch(world.yanlu.url + address, { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers.get('content-encoding'), address).toBe('br');
    return answer;
  };
  const bytes = await weigh(page);
  await page.goto(host.put('fifty', department(snippet(world, `/c/${full.number}`, 'view="comments"'))));
  await expect(page.frameLocator('iframe').locator('.comments > li')).toHaveCount(50);
  await weight(`/embed/c/${full.number}?view=comments`);

  // Frames are other processes to the browser's network log; what they load is weighed by itself.
  const frame = page.frames()[1];
  const loaded: string[] = await frame.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
  const raw = async (address: string) => {
    const { request } = await import('node:http');
    return new Promise<number>((resolve, reject) => {
      const asked = request(address, { headers: { 'accept-encoding': 'br' } }, (answer) => {
        let total = 0;
        answer.on('data', (chunk) => (total += chunk.length)).on('end', () => resolve(total)).on('error', reject);
      });
      asked.on('error', reject).end();
    });
  };
  for (const address of [frame.url(), `${world.yanlu.url}/embed/v1.js`, ...loaded, `${world.yanlu.url}/embed/c/${full.number}?view=comment&lang=zh-Hans`]) {
    sizes[new URL(address).pathname + new URL(address).search.slice(0, 20)] = await raw(address);
  }
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  console.log('reading and sending:', total, 'bytes', sizes, [...bytes.keys()].length);
  expect(loaded.filter((address) => address.endsWith('.wasm'))).toEqual([]);
  expect(total).toBeLessThanOrEqual(budgets.reading_and_sending);
});

test('a page without an island loads no script module at all', async ({ page, world, open, answered }) => {
  for (const path of ['/', '/u/transport', `/c/${open.number}/comments`, `/c/${answered.consultation.number}/feedback`]) {
    const seen = requests(page);
    await settled(page, world.yanlu.url + path);
    expect(await page.locator('leptos-island').count(), path).toBe(0);
    expect(seen.filter((url) => url.pathname.endsWith('.css')).length, path).toBe(1);
    expect(seen.filter((url) => /\.(wasm|js)$/.test(url.pathname)).map(String), path).toEqual([]);
  }
});

test('the module comes when the person touches the form, and not before', async ({ page, world, open }) => {
  const seen = requests(page);
  await settled(page, `${world.yanlu.url}/c/${open.number}/comment`);
  const modules = () => seen.filter((url) => url.pathname.endsWith('.wasm')).length;
  expect(modules()).toBe(0);
  await page.locator('[name="points.0.text"]').focus();
  await expect.poll(modules).toBe(1);
  // The staff bundle is another.
  expect(seen.filter((url) => url.pathname.includes('console')).map(String)).toEqual([]);
});

test('mere reading leaves nothing in the browser and contacts nobody else', async ({ page, context, world, open, answered, host }) => {
  const seen = requests(page);
  const n = answered.consultation.number;
  for (const path of ['/', '/u/transport', `/c/${open.number}`, `/c/${open.number}/comments`, `/c/${n}`, `/c/${n}/changes/1/2`, '/r']) {
    await settled(page, world.yanlu.url + path);
    const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length]);
    expect(kept, path).toEqual([0, 0, 0, 0]);
  }
  await page.goto(host.put('reading', department(snippet(world, `/c/${open.number}`))));
  await expect(page.frameLocator('iframe').locator('body')).toContainText(open.title);
  expect(await context.cookies()).toEqual([]);
  const origins = new Set(seen.map((url) => url.origin));
  origins.delete('null');
  expect([...origins].sort()).toEqual([host.url, world.yanlu.url].sort());
});
