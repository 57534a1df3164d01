/**
 * The demonstration's department site: `yanlu serve --demo`, every page that its index links to.
 */
import { test as base, expect } from '@playwright/test';
import { Yanlu } from '../support/server';
import { shifted, watchShifts } from '../support/shift';
import budgets from '../budgets.json';

const test = base.extend<{}, { demo: { site: string; department: string } }>({
  demo: [
    async ({}, use) => {
      const yanlu = await Yanlu.prepare('sqlite');
      await yanlu.serve(['--demo', '--demo-listen', '127.0.0.1:0']);
      await use({ site: yanlu.url, department: yanlu.department });
      await yanlu.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

const PAGES = ['plain', 'list', 'inline', 'several', 'hostile', 'gbk', 'strict-csp', 'answered'];

test('the index leads to every sort of page', async ({ page, demo }) => {
  await page.goto(demo.department);
  for (const name of PAGES) {
    await expect(page.locator(`a[href="/${name}.html"]`)).toBeVisible();
  }
});

for (const name of PAGES) {
  test(`every widget appears on the page "${name}", in Chinese that can be read, and nothing moves`, async ({ page, demo }) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await watchShifts(page);
    await page.goto(`${demo.department}/${name}.html`);
    const widgets = page.locator('yanlu-consultation, yanlu-list');
    const count = await widgets.count();
    expect(count).toBeGreaterThan(0);
    for (let index = 0; index < count; index++) {
      const widget = widgets.nth(index);
      await widget.scrollIntoViewIfNeeded();
      const frame = widget.locator('iframe');
      const inline = widget.locator('.yanlu');
      await expect(frame.or(inline).first()).toBeVisible();
      const inside = (await frame.count()) ? widget.frameLocator('iframe').locator('body') : inline;
      await expect(inside).toContainText(/[\u4e00-\u9fff]{4}/);
      await expect(inside).not.toContainText('\ufffd');
      // The fallback has made room.
      await expect(widget.locator(':scope > a')).not.toBeInViewport();
    }
    expect(await shifted(page)).toBeLessThanOrEqual(budgets.layout_shift);
    expect(errors).toEqual([]);
  });
}

test('the old page is GBK in quirks mode, and both modes read right in it', async ({ page, demo }) => {
  const answer = await page.goto(`${demo.department}/gbk.html`);
  expect(answer?.headers()['content-type']).toBe('text/html; charset=gbk');
  expect(await page.evaluate(() => [document.characterSet, document.compatMode])).toEqual(['GBK', 'BackCompat']);
  const framed = page.locator('yanlu-consultation').first();
  await expect(framed.locator('iframe')).toHaveAttribute('title', '公开征求意见：机动车停车条例（草案）');
  const inline = page.locator('yanlu-consultation[mode=inline]');
  await inline.scrollIntoViewIfNeeded();
  await expect(inline.locator('.yanlu')).toContainText('意见');
});

test('where WASM is forbidden the inline mode falls back to a frame, with nothing but the recipe allowed', async ({ page, demo }) => {
  const answer = await page.goto(`${demo.department}/strict-csp.html`);
  const policy = answer?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain(`script-src ${demo.site}; frame-src ${demo.site}`);
  expect(policy).not.toContain('unsafe');
  const inline = page.locator('yanlu-consultation[mode=inline]');
  await inline.scrollIntoViewIfNeeded();
  await expect(inline.frameLocator('iframe').locator('body')).toContainText('意见');
});
