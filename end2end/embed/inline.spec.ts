import { test, expect, department, requests, snippet } from '../support/test';
import { CommentForm } from '../support/comment';
import { word } from '../support/words';

test('a person comments inside the host page itself, which stays where it is', async ({ page, world, open, host }) => {
  const address = host.put('comment', department(snippet(world, `/c/${open.number}`, 'view="comment" mode="inline"')));
  await page.goto(address);
  const widget = page.locator('yanlu-consultation');
  const form = new CommentForm(widget);
  await form.text(1).fill('在部门网页里直接写的意见。');
  await form.anonymous.check();
  await form.review();
  const { code } = await form.send();
  expect(page.url()).toBe(address);
  const stored = await world.yanlu.call('GET', `/receipts/${encodeURIComponent(code)}`);
  expect(stored.points[0].text).toBe('在部门网页里直接写的意见。');
});

test('several widgets share one style sheet and one module, fetched when a form is touched', async ({ page, world, open, host }) => {
  const seen = requests(page);
  const others = [await world.open('同页的第二个事项'), await world.open('同页的第三个事项')];
  const one = (number: string) => snippet(world, `/c/${number}`, 'view="comment" mode="inline"');
  await page.goto(host.put('several', department([open, ...others].map(({ number }) => one(number)).join(''))));
  const widgets = page.locator('yanlu-consultation');
  for (let index = 0; index < 3; index++) {
    await widgets.nth(index).scrollIntoViewIfNeeded();
    await expect(new CommentForm(widgets.nth(index)).text(1)).toBeVisible();
  }
  const ours = (ending: string) => seen.filter((url) => url.origin === world.yanlu.url && url.pathname.endsWith(ending)).length;
  expect([ours('.css'), ours('.wasm')]).toEqual([1, 0]);
  for (let index = 0; index < 3; index++) {
    const form = new CommentForm(widgets.nth(index));
    await form.text(1).fill(`第${index}个组件里写的`);
    await form.button('comment_add_point').click();
    await expect(form.text(2)).toBeVisible();
    await expect(form.text(1)).toHaveValue(`第${index}个组件里写的`);
  }
  expect([ours('/embed/v1.js'), ours('.css'), ours('.wasm')]).toEqual([1, 1, 1]);
});

test('if the module cannot be had the form still leads somewhere', async ({ page, context, world, open, host }) => {
  await context.route(/\.wasm$/, (route) => route.abort());
  await page.goto(host.put('no-module', department(snippet(world, `/c/${open.number}`, 'view="comment" mode="inline"'))));
  const form = new CommentForm(page.locator('yanlu-consultation'));
  await form.text(1).fill('没有模块也能提交。');
  await form.anonymous.check();
  const opened = context.waitForEvent('page');
  await form.button('comment_review').click();
  const next = await opened;
  await expect(next.getByRole('main')).toContainText('没有模块也能提交。');
  const { number } = await new CommentForm(next).send();
  expect(number).toContain(open.number);
});

test('a press that comes before the module is not lost', async ({ page, world, open }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  const address = `${world.yanlu.url}/c/${open.number}/comment`;
  await page.goto(address);
  const form = new CommentForm(page);
  await form.text(1).fill('先写的字。');
  await form.button('comment_add_point').click();
  release();
  await expect(form.text(2)).toBeVisible();
  await expect(form.text(1)).toHaveValue('先写的字。');
  expect(page.url()).toBe(address);
});

test('a plain form in a GBK page keeps every sign', async ({ page, context, world, open, host }) => {
  await context.route(/\.wasm$/, (route) => route.abort());
  const old = `<html><head><title>old</title></head><body>${snippet(world, `/c/${open.number}`, 'view="comment" mode="inline" lang="zh-CN"').replace('公开征求意见', 'x')}</body></html>`;
  await page.goto(host.put('gbk', { html: old, headers: { 'content-type': 'text/html; charset=gbk' } }));
  expect(await page.evaluate(() => document.characterSet)).toBe('GBK');
  const form = new CommentForm(page.locator('yanlu-consultation'));
  await form.text(1).fill('意见：䶮、😀、€。');
  await form.anonymous.check();
  const opened = context.waitForEvent('page');
  await form.button('comment_review').click();
  const next = await opened;
  await expect(next.getByRole('main')).toContainText('意见：䶮、😀、€。');
  const { code } = await new CommentForm(next).send();
  const stored = await world.yanlu.call('GET', `/receipts/${encodeURIComponent(code)}`);
  expect(stored.points[0].text).toBe('意见：䶮、😀、€。');
});

test('contact data is not kept where the host page could read it', async ({ page, world, open, host }) => {
  await page.goto(host.put('contact', department(snippet(world, `/c/${open.number}`, 'view="comment" mode="inline"'))));
  const widget = page.locator('yanlu-consultation');
  await widget.getByLabel(word('comment_contact')).fill('13800001111');
  await new CommentForm(widget).text(1).fill('留下的话');
  const kept = () => page.evaluate(() => decodeURIComponent(JSON.stringify(localStorage)));
  await expect.poll(kept).toContain('留下的话');
  expect(await kept()).not.toContain('13800001111');
});

test('two forms of one consultation on a page keep their words apart', async ({ page, world, open, host }) => {
  const one = snippet(world, `/c/${open.number}`, 'view="comment" mode="inline"');
  await page.goto(host.put('twins', department(one + one)));
  const [first, second] = [0, 1].map((index) => new CommentForm(page.locator('yanlu-consultation').nth(index)));
  await first.text(1).fill('上面写的');
  await second.text(1).fill('下面写的');
  const kept = () => page.evaluate(() => decodeURIComponent(JSON.stringify(localStorage)));
  await expect.poll(kept).toContain('上面写的');
  await expect.poll(kept).toContain('下面写的');
});
