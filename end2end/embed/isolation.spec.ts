import { test, expect, department, snippet } from '../support/test';
import fs from 'node:fs';
import path from 'node:path';
import { SUMMARY } from '../support/world';
import type { Locator } from '@playwright/test';

const demo = (name: string) => fs.readFileSync(path.join(__dirname, '../../public/demo', name), 'utf8');

/** What every element inside looks like, in numbers. */
const looks = (inside: Locator) =>
  inside.evaluate((root) => {
    const names = [
      'display', 'color', 'background-color', 'font-family', 'font-size', 'font-weight', 'line-height',
      'letter-spacing', 'text-transform', 'text-align', 'opacity', 'float', 'box-sizing', 'border-radius',
      'width', 'height', 'margin-top', 'margin-left', 'padding-top', 'padding-left', 'visibility',
    ];
    return [root, ...root.querySelectorAll('*')].map((element) => {
      const style = getComputedStyle(element);
      return `${element.tagName}: ${names.map((name) => style.getPropertyValue(name)).join('; ')}`;
    });
  });

for (const mode of ['inline', 'frame']) {
  test(`a host page's forced style and old scripts change nothing in the ${mode} mode`, async ({ page, world, open, host }) => {
    const widget = snippet(world, `/c/${open.number}`, `mode="${mode}" style="display:block;width:900px!important;float:none"`);
    const hostile = `<style>${demo('hostile.css')}</style><script>${demo('jquery-1.11.3.min.js')}</script><script>${demo('legacy.js')}</script>`;
    const plain = host.put(`plain-${mode}`, department(widget));
    const old = host.put(`hostile-${mode}`, department(widget, hostile));
    const seen: string[][] = [];
    for (const address of [plain, old]) {
      await page.goto(address);
      const element = page.locator('yanlu-consultation');
      const inside = mode === 'frame' ? element.frameLocator('iframe').locator('body') : element.locator('.yanlu').first();
      await expect(inside).toContainText(open.title);
      await page.evaluate(() => document.fonts.ready);
      seen.push(await looks(inside));
    }
    expect(seen[0].length).toBeGreaterThan(50);
    expect(seen[1]).toEqual(seen[0]);
  });
}

test('nothing of ours reaches the host page', async ({ page, world, open, host }) => {
  const look = () =>
    page.evaluate(() => [...document.querySelectorAll('h1,p.own')].map((element) => {
      const style = getComputedStyle(element);
      return [style.font, style.color, style.margin].join('; ');
    }));
  const own = '<p class="own">部门自己的文字</p>';
  await page.goto(host.put('without', department(own)));
  const before = await look();
  await page.goto(host.put('with', department(own + snippet(world, `/c/${open.number}`, 'mode="inline"'))));
  await expect(page.locator('yanlu-consultation .yanlu').first()).toContainText(open.title);
  expect(await look()).toEqual(before);
  const globals = await page.evaluate(() => Object.keys(window).filter((name) => /yanlu|leptos|wasm/i.test(name)));
  expect(globals).toEqual([]);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, '']);
});

test('the department sets colours by custom properties, in both modes', async ({ page, world, open, host }) => {
  const style = '<style>yanlu-consultation { --yanlu-accent: rgb(1, 2, 3); }</style>';
  for (const mode of ['inline', 'frame']) {
    await page.goto(host.put(`theme-${mode}`, department(snippet(world, `/c/${open.number}`, `mode="${mode}"`), style)));
    const element = page.locator('yanlu-consultation');
    const inside = mode === 'frame' ? element.frameLocator('iframe').locator('body') : element.locator('.yanlu').first();
    await expect(inside).toContainText(open.title);
    await expect
      .poll(() => inside.evaluate((root) => getComputedStyle(root).getPropertyValue('--yanlu-accent').trim()))
      .toBe('rgb(1, 2, 3)');
  }
});

test('on an origin that the unit has not listed there is an explanation and the link, and no content', async ({ page, world, open, stranger }) => {
  for (const mode of ['frame', 'inline']) {
    await page.goto(stranger.put(mode, department(snippet(world, `/c/${open.number}`, `mode="${mode}"`))));
    const widget = page.locator('yanlu-consultation');
    await expect(widget.locator('iframe')).toHaveCount(1);
    const link = widget.frameLocator('iframe').getByRole('link').or(widget.locator('p a'));
    await expect(link.first()).toBeVisible();
    await expect(link.first()).toHaveAttribute('href', new RegExp(`/c/${open.number}`));
    // What a listed page would show, neither in the frame nor in the shadow root.
    for (const text of [open.title, SUMMARY]) {
      await expect(widget.locator('.yanlu')).toHaveCount(0);
      await expect(widget.frameLocator('iframe').locator('body')).not.toContainText(text);
    }
  }
});

test('a stranger who claims a listed origin sees nothing either', async ({ page, world, open, host, stranger }) => {
  const address = `${world.yanlu.url}/embed/c/${open.number}?host=${encodeURIComponent(host.url)}`;
  const answered = page.waitForResponse((response) => response.url() === address);
  await page.goto(stranger.put('claim', department(`<iframe src="${address}" width="600" height="600"></iframe>`)));
  // The browser refuses the answer: it has come, and the frame shows none of it.
  expect((await answered).headers()['content-security-policy']).toContain(`frame-ancestors 'self' ${host.url}`);
  await expect.poll(() => page.frames()[1]?.url()).toContain('chrome-error:');
  const inside = page.frameLocator('iframe').locator('html');
  for (const text of [open.title, SUMMARY]) await expect(inside).not.toContainText(text);

  // The same address, on the page that is listed: there both texts are.
  await page.goto(host.put('claim', department(`<iframe src="${address}" width="600" height="600"></iframe>`)));
  const shown = page.frameLocator('iframe').locator('body');
  for (const text of [open.title, SUMMARY]) await expect(shown).toContainText(text);
});
