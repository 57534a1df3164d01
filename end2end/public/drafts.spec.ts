/** What was typed and not sent: kept by the browser, for one form each, and gone when it is sent. */
import type { Page } from '@playwright/test';
import { test, expect } from '../support/test';
import { CommentForm } from '../support/comment';
import { word } from '../support/words';
import type { Consultation, World } from '../support/world';

const kept = (page: Page) => page.evaluate(() => decodeURIComponent(JSON.stringify(localStorage)));

/** The id of an item, which the list names only beside its article. */
const itemOf = async (world: World, { number }: Consultation) => {
  const { clauses } = await world.yanlu.call('GET', `/consultations/${number}/drafts/1`);
  const all = (list: any[]): any[] => list.flatMap((clause) => [clause, ...all(clause.children ?? [])]);
  const item = all(clauses).find(({ kind }) => kind === 'item');
  if (!item) throw new Error('the draft has no item');
  return item as { id: string; label: string };
};

test('a draft about an item comes back about the item, and is sent so', async ({ page, world, open }) => {
  const item = await itemOf(world, open);
  const address = `${world.yanlu.url}/c/${open.number}/comment`;
  await page.goto(`${address}?clause=${item.id}`);
  const form = new CommentForm(page);
  await form.text(1).fill('这一项写得不清楚。');
  await expect.poll(() => kept(page)).toContain('这一项写得不清楚。');
  // Here the list has articles only.
  await page.goto(address);
  await expect(form.text(1)).toHaveValue('这一项写得不清楚。');
  await expect(form.clause(1)).toHaveValue(item.id);
  await expect(form.clause(1).locator('option:checked')).toHaveText(item.label);
  await form.anonymous.check();
  await form.review();
  const { code } = await form.send();
  const stored = await world.yanlu.call('GET', `/receipts/${encodeURIComponent(code)}`);
  expect(stored.points[0].clause).toBe(item.id);
});

test('a draft about a clause that is gone is not sent as one about the whole', async ({ page, world }) => {
  const own = await world.open('条款变动测试事项');
  const address = `${world.yanlu.url}/c/${own.number}/comment`;
  await page.goto(address);
  const gone = '01890000-0000-7000-8000-000000000001';
  await page.evaluate(
    ([number, clause]) => {
      const draft = { display: 'anonymous', 'points.0.clause': clause, 'points.0.text': '针对旧条款。', 'points.0.label': '第九十九条' };
      localStorage.setItem(`yanlu:${number}`, String(new URLSearchParams({ ...draft, at: String(Date.now()) })));
    },
    [own.number, gone],
  );
  await page.reload();
  const form = new CommentForm(page);
  await expect(form.clause(1).locator('option:checked')).toHaveText('第九十九条');
  await form.review();
  await form.button('comment_send').click();
  await expect(page.getByRole('alert').getByText(word('problem_fault_unknown_clause'))).toBeVisible();
  await expect(form.clause(1)).toHaveValue(gone);
  await expect(form.clause(1)).toHaveAttribute('aria-invalid', 'true');
});

test('two windows with different words do not take them from each other', async ({ context, world }) => {
  const own = await world.open('两个窗口测试事项');
  const address = `${world.yanlu.url}/c/${own.number}/comment`;
  const [first, second, blank] = [await context.newPage(), await context.newPage(), await context.newPage()];
  for (const page of [first, second, blank]) await page.goto(address);
  await new CommentForm(first).text(1).fill('第一个窗口的话。');
  await new CommentForm(second).text(1).fill('第二个窗口的话。');
  // A form that never held anything forgets nothing.
  await new CommentForm(blank).text(1).focus();
  await new CommentForm(blank).button('comment_add_point').click();
  await expect(new CommentForm(blank).text(2)).toBeVisible();
  for (const said of ['第一个窗口的话。', '第二个窗口的话。']) await expect.poll(() => kept(blank)).toContain(said);
  // Each window gets its own back.
  await first.reload();
  await second.reload();
  await expect(new CommentForm(first).text(1)).toHaveValue('第一个窗口的话。');
  await expect(new CommentForm(second).text(1)).toHaveValue('第二个窗口的话。');
});

test('what one window sent is gone from the other, which would send it again', async ({ context, world }) => {
  const own = await world.open('重复提交测试事项');
  const address = `${world.yanlu.url}/c/${own.number}/comment`;
  const first = await context.newPage();
  await first.goto(address);
  const form = new CommentForm(first);
  await form.text(1).fill('只提一次。');
  await expect.poll(() => kept(first)).toContain('只提一次。');
  const second = await context.newPage();
  await second.goto(address);
  const copy = new CommentForm(second);
  await expect(copy.text(1)).toHaveValue('只提一次。');
  await form.text(1).fill('只提一次，改过。');
  await expect(copy.text(1)).toHaveValue('只提一次，改过。');
  await form.anonymous.check();
  await form.review();
  await form.send();
  await expect(second.getByText(word('island_elsewhere'))).toBeVisible();
  await expect(copy.text(1)).toHaveValue('');
  expect(await kept(second)).not.toContain('只提一次');
});

test('a draft is forgotten after thirty days, and the form says so', async ({ page, world, open }) => {
  const address = `${world.yanlu.url}/c/${open.number}/comment`;
  await page.goto(address);
  await new CommentForm(page).text(1).fill('放了很久。');
  await expect(page.getByText(word('comment_kept_here'))).toBeVisible();
  await expect.poll(() => kept(page)).toContain('放了很久。');
  await page.evaluate((name) => {
    const entry = new URLSearchParams(localStorage.getItem(name)!);
    entry.set('at', String(Date.now() - 31 * 24 * 60 * 60 * 1000));
    localStorage.setItem(name, String(entry));
  }, `yanlu:${open.number}`);
  await page.goto(`${world.yanlu.url}/c/${open.number}/comment`);
  await expect.poll(() => kept(page)).not.toContain('放了很久。');
  await expect(new CommentForm(page).text(1)).toHaveValue('');
});

test('what was sent by the plain form is no draft any more, and other words are', async ({ page, world }) => {
  const own = await world.open('普通表单测试事项');
  const address = `${world.yanlu.url}/c/${own.number}/comment`;
  const form = new CommentForm(page);
  const plainly = async () => {
    await page.route(/\.wasm$/, (route) => route.abort());
    await page.goto(address);
    await form.text(1).fill('第一行\n第二行');
    await form.anonymous.check();
    await form.review();
    await form.send();
  };
  await page.goto(address);
  await form.text(1).fill('还没写完的话');
  await expect.poll(() => kept(page)).toContain('还没写完的话');
  await plainly();
  expect(await kept(page)).toContain('还没写完的话');
  await page.unroute(/\.wasm$/);
  await page.goto(address);
  await expect(form.text(1)).toHaveValue('还没写完的话');
  await form.text(1).fill('第一行\n第二行');
  await expect.poll(() => kept(page)).toContain('第二行');
  await plainly();
  await expect.poll(() => kept(page)).not.toContain('第二行');
});

test('after closing the words are given back, and can be deleted', async ({ page, world }) => {
  const own = await world.open('截止测试事项', 4);
  const address = `${world.yanlu.url}/c/${own.number}/comment`;
  await page.goto(address);
  await page.evaluate((number) => {
    const draft = { 'points.0.text': '没来得及提交。', at: String(Date.now()) };
    localStorage.setItem(`yanlu:${number}`, String(new URLSearchParams(draft)));
  }, own.number);
  await world.closed(own);
  await page.goto(address);
  await expect(page.getByText('没来得及提交。')).toBeVisible();
  await page.getByRole('button', { name: word('comment_left_clear') }).click();
  await expect(page.getByText('没来得及提交。')).toBeHidden();
  expect(await kept(page)).not.toContain('没来得及提交。');
});
