/** What `cargo xtask run` serves: the site with its example data, and a department's own site. */
import fs from 'node:fs';
import path from 'node:path';
import { test as base, expect } from '@playwright/test';
import { Yanlu } from './support/server';
import { word } from './support/words';

const test = base.extend<{}, { site: { yanlu: Yanlu; department: string } }>({
  site: [
    async ({}, use) => {
      const yanlu = await Yanlu.prepare('sqlite');
      await yanlu.serve(['--demo', '--demo-listen', '127.0.0.1:0']);
      await use({ yanlu, department: yanlu.department });
      await yanlu.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

test('every page of the department shows its widgets', async ({ page, site }) => {
  await page.goto(site.department);
  const links = await page.getByRole('main').getByRole('listitem').getByRole('link').all();
  const addresses = await Promise.all(links.map(async (link) => (await link.getAttribute('href')) ?? ''));
  expect(addresses.length).toBeGreaterThan(6);
  for (const address of addresses) {
    await page.goto(site.department + address);
    const widgets = page.locator('yanlu-consultation, yanlu-list');
    const count = await widgets.count();
    expect(count, address).toBeGreaterThan(0);
    for (let index = 0; index < count; index++) {
      const widget = widgets.nth(index);
      await widget.scrollIntoViewIfNeeded();
      const [inline, frame] = [widget.locator('.yanlu').first(), widget.locator('iframe')];
      await expect(inline.or(frame).first(), `${address}, widget ${index}`).toBeVisible();
      const inside = (await frame.count()) > 0 ? frame.contentFrame().locator('.yanlu') : inline;
      await expect(inside, `${address}, widget ${index}`).toContainText('意见');
      await expect(inside, `${address}, widget ${index}`).not.toContainText(word('embed_refused_title'));
    }
  }
});

test('the demonstration accounts open the desk', async ({ page, site }) => {
  const [, email, password] = /(moderator@\S+)\s+(\S+)/.exec(site.yanlu.said) ?? [];
  await page.goto(`${site.yanlu.url}/desk`);
  await page.getByLabel(word('desk_email'), { exact: true }).fill(email);
  await page.getByLabel(word('desk_password'), { exact: true }).fill(password);
  await page.getByRole('main').getByRole('button', { name: word('desk_login_button') }).click();
  await expect(page.getByRole('main').getByRole('link', { name: /机动车停车条例/ })).toBeVisible();
});

test('the page as the README shows it', async ({ page, site }, info) => {
  await page.setViewportSize({ width: 1120, height: 1500 });
  await page.goto(`${site.department}/plain.html`);
  const inside = page.locator('yanlu-consultation').frameLocator('iframe').locator('body');
  await expect(inside).toContainText(word('comments_heading'));
  await expect.poll(() => page.locator('iframe').evaluate((frame) => frame.getBoundingClientRect().height)).toBeGreaterThan(1000);
  const picture = process.env.YANLU_SCREENSHOTS ? path.join(__dirname, '../docs/screenshot.png') : info.outputPath('screenshot.png');
  await page.screenshot({ path: picture });
  expect(fs.statSync(picture).size).toBeGreaterThan(50_000);
});
