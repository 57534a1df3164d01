import { test, expect } from '../support/test';
import { word } from '../support/words';

test('the page says what is decided, by whom, until when, and shows every clause', async ({ page, world, open }) => {
  await page.goto(`${world.yanlu.url}/c/${open.number}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(open.title);
  const main = page.getByRole('main');
  await expect(main).toContainText('示范市交通委员会');
  await expect(main).toContainText(word('time_zone_china'));
  await expect(main).toContainText('010-12345678');
  await expect(main).toContainText('信函请寄');
  for (const label of ['第一条', '第五条', '第八条']) {
    const clause = page.locator(`#clause-${world.clause(open, label).id}`);
    await expect(clause).toContainText(label);
    await expect(clause).toContainText(world.clause(open, label).text.split('\n')[0]);
  }
});

test('a contents list and deep links lead to a clause', async ({ page, world, open }) => {
  const clause = world.clause(open, '第七条');
  await page.goto(`${world.yanlu.url}/c/${open.number}#clause-${clause.id}`);
  await expect(page.locator(`#clause-${clause.id}`)).toBeInViewport();
  await page.goto(`${world.yanlu.url}/c/${open.number}`);
  const contents = page.getByRole('navigation', { name: word('draft_contents') });
  await contents.getByRole('link', { name: '法律责任' }).click();
  await expect(page.getByRole('heading', { name: '法律责任' })).toBeInViewport();
  // On a narrow screen the list is folded away.
  await page.setViewportSize({ width: 360, height: 640 });
  await page.goto(`${world.yanlu.url}/c/${open.number}`);
  await expect(contents).toBeHidden();
  await page.getByText(word('draft_contents'), { exact: true }).click();
  await contents.getByRole('link', { name: '法律责任' }).click();
  await expect(page.getByRole('heading', { name: '法律责任' })).toBeInViewport();
});

test('published comments are listed with their points, held ones are only counted', async ({ page, world, open }) => {
  await page.goto(`${world.yanlu.url}/c/${open.number}/comments`);
  const main = page.getByRole('main');
  await expect(main).toContainText('第1件意见');
  await expect(main).toContainText('第1件意见的补充');
  await expect(main).toContainText('朱**');
  await expect(main).not.toContainText('朱小明');
  await expect(main).not.toContainText('代办停车证');
});

test('comments on one clause can be read by themselves', async ({ page, world, open }) => {
  const clause = world.clause(open, '第二条');
  const { items } = await world.yanlu.call('GET', `/consultations/${open.number}/comments?clause=${clause.id}`);
  expect(items.length).toBeGreaterThan(0);
  await page.goto(`${world.yanlu.url}/c/${open.number}/comments?clause=${clause.id}`);
  await expect(page.getByRole('heading', { name: word('comments_on', { label: '第二条' }) })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(items[0].points[0].text);
});

test('the redline between two versions shows words inserted and deleted', async ({ page, world, answered }) => {
  await page.goto(`${world.yanlu.url}/c/${answered.consultation.number}/changes/1/2`);
  await expect(page.locator('ins').filter({ hasText: '十九时' }).first()).toBeVisible();
  await expect(page.locator('del').filter({ hasText: '二十时' }).first()).toBeVisible();
  await expect(page.getByRole('main')).toContainText('停车收费标准应当向社会公布');
});

test('a unit lists its own consultations, newest first', async ({ page, world, open }) => {
  const newer = [await world.open('列表次序之一'), await world.open('列表次序之二')];
  await page.goto(`${world.yanlu.url}/u/transport`);
  await expect(page.getByRole('link', { name: open.title })).toBeVisible();
  const titles = await page.locator('.list h2').allInnerTexts();
  const places = [newer[1], newer[0], open].map(({ title }) => titles.findIndex((shown) => shown.includes(title)));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  await page.goto(`${world.yanlu.url}/u/water`);
  await expect(page.getByRole('link', { name: open.title })).toHaveCount(0);
});

test('the three languages have an address each and say the same', async ({ page, world, open }) => {
  for (const [language, label] of [
    ['zh-Hans', '征求意见稿'],
    ['zh-Hant', '徵求意見稿'],
    ['en', 'draft'],
  ]) {
    await page.goto(`${world.yanlu.url}/c/${open.number}?lang=${language}`);
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await expect(page.getByRole('main')).toContainText(new RegExp(label, 'i'));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(open.title);
  }
});

test('an unknown number is not found, in words that help', async ({ page, world }) => {
  const answer = await page.goto(`${world.yanlu.url}/c/2026-9999`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('main')).toContainText(word('problem_not_found_title'));
});
