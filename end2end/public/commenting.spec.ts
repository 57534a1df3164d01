import type { Page } from '@playwright/test';
import { test, expect } from '../support/test';
import { CommentForm } from '../support/comment';
import { word } from '../support/words';

test('a person comments on two clauses and gets a receipt', async ({ page, world, open }) => {
  const fifth = world.clause(open, '第五条');
  await page.goto(`${world.yanlu.url}/c/${open.number}`);
  await page.locator(`#clause-${fifth.id}`).getByRole('link', { name: word('draft_comment_on', { label: '第五条' }) }).click();
  const form = new CommentForm(page);
  await expect(form.clause(1)).toHaveValue(fifth.id);
  await form.text(1).fill('夜间停车时间应当延长。');
  await form.propose(1, '十九时至次日八时。');
  await form.button('comment_add_point').click();
  await form.clause(2).selectOption({ label: '第七条' });
  await form.text(2).fill('罚款数额偏高。');
  await form.name.fill('欧阳小红');
  await form.review();
  await expect(page.getByRole('main')).toContainText('夜间停车时间应当延长。');
  await expect(page.getByRole('main')).toContainText('罚款数额偏高。');
  await expect(page.getByRole('main')).not.toContainText('已公开');
  const { number, code } = await form.send();
  const stored = await world.yanlu.call('GET', `/receipts/${encodeURIComponent(code)}`);
  expect(stored.number).toBe(number);
  expect(stored.points.map((point: any) => [point.clause, point.text, point.proposed])).toEqual([
    [fifth.id, '夜间停车时间应当延长。', '十九时至次日八时。'],
    [world.clause(open, '第七条').id, '罚款数额偏高。', null],
  ]);
});

test('the same by keyboard alone', async ({ page, world, open }) => {
  await page.goto(`${world.yanlu.url}/c/${open.number}/comment`);
  const form = new CommentForm(page);
  /** Presses Tab until the element has the focus, as a person would. */
  const tabTo = async (target: ReturnType<CommentForm['button']>) => {
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press('Tab');
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error('the keyboard does not get there');
  };
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: word('page_skip') })).toBeFocused();
  await tabTo(form.clause(1));
  // As in every list of choices: the arrow keys choose.
  const sixth = world.clause(open, '第六条').id;
  for (let step = 0; step < 20 && (await form.clause(1).inputValue()) !== sixth; step++) await page.keyboard.press('ArrowDown');
  await expect(form.clause(1)).toHaveValue(sixth);
  await tabTo(form.text(1));
  await page.keyboard.type('Opening office car parks is welcome.');
  await tabTo(page.locator('input[name=display]:checked'));
  // Radios: the arrow keys choose.
  while (!(await form.anonymous.isChecked())) await page.keyboard.press('ArrowDown');
  await tabTo(form.button('comment_review'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: word('comment_review_title') })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('第六条');
  await tabTo(form.button('comment_send'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: word('receipt_title') })).toBeVisible();
});

test('what is wrong is said beside the field and at the top, and nothing is lost', async ({ page, world, open }) => {
  await page.goto(`${world.yanlu.url}/c/${open.number}/comment`);
  const form = new CommentForm(page);
  await form.text(1).fill('字'.repeat(5001));
  await form.button('comment_review').click();
  const summary = page.getByRole('alert').filter({ hasText: word('form_wrong_title') });
  await expect(summary).toBeVisible();
  await expect(form.text(1)).toHaveValue('字'.repeat(5001));
  await expect(form.text(1)).toHaveAttribute('aria-invalid', 'true');
  await summary.getByRole('link').first().click();
  await expect(form.text(1)).toBeFocused();
});

test('a typed draft survives reload and a closed tab, and is gone after sending', async ({ context, world, open }) => {
  const address = `${world.yanlu.url}/c/${open.number}/comment`;
  const first = await context.newPage();
  await first.goto(address);
  await new CommentForm(first).text(1).fill('先写一半');
  await new CommentForm(first).text(1).press('End');
  const kept = (page: Page) => page.evaluate(() => decodeURIComponent(JSON.stringify(localStorage)));
  await expect.poll(() => kept(first)).toContain('先写一半');
  await first.reload();
  await expect(new CommentForm(first).text(1)).toHaveValue('先写一半');
  await first.close();

  const second = await context.newPage();
  await second.goto(address);
  const form = new CommentForm(second);
  await expect(form.text(1)).toHaveValue('先写一半');
  await form.anonymous.check();
  await form.review();
  await form.send();
  await expect.poll(() => kept(second)).not.toContain('先写一半');
  await second.goto(address);
  await expect(new CommentForm(second).text(1)).toHaveValue('');
});

test('with the network gone the comment is kept, and sending again makes one comment', async ({ page, world }) => {
  const own = await world.open('断网测试事项');
  await page.goto(`${world.yanlu.url}/c/${own.number}/comment`);
  const form = new CommentForm(page);
  await form.text(1).fill('断网时写的意见。');
  await form.anonymous.check();
  await form.review();

  // The comment arrives, its answer is lost.
  await page.route('**/api/v1/**/comments', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await form.button('comment_send').click();
  await expect(page.getByText(word('island_offline'))).toBeVisible();
  await page.unroute('**/api/v1/**/comments');
  await page.context().setOffline(true);
  await page.getByRole('button', { name: word('island_retry') }).click();
  await expect(page.getByText(word('island_offline'))).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole('button', { name: word('island_retry') }).click();
  await expect(page.getByRole('heading', { name: word('receipt_title') })).toBeVisible();
  const { counts } = await world.yanlu.call('GET', `/consultations/${own.number}`);
  expect(counts.comments.received).toBe(1);
});

test('a double click sends one comment', async ({ page, world }) => {
  const own = await world.open('双击测试事项');
  await page.goto(`${world.yanlu.url}/c/${own.number}/comment`);
  const form = new CommentForm(page);
  await form.text(1).fill('只发一次。');
  await form.anonymous.check();
  await form.review();
  await form.button('comment_send').dblclick();
  await expect(page.getByRole('heading', { name: word('receipt_title') })).toBeVisible();
  const { counts } = await world.yanlu.call('GET', `/consultations/${own.number}`);
  expect(counts.comments.received).toBe(1);
});

test('markup in a comment is shown as it was typed and does nothing', async ({ page, world }) => {
  const own = await world.open('标记测试事项');
  const nasty = '<img src=x onerror="window.hit=1"><script>window.hit=1</script> & \u202Eesrever';
  const receipt = await world.comment(own, [{ text: nasty, proposed: '</textarea><b>粗</b>' }], { name: '<b>甲</b>', display: 'shown' });
  await world.moderate(receipt, 'publish');
  await page.goto(`${world.yanlu.url}/c/${own.number}/comments`);
  await expect(page.getByRole('main')).toContainText('<img src=x onerror="window.hit=1">');
  await expect(page.getByRole('main')).toContainText('<b>甲</b>');
  expect(await page.evaluate(() => (window as any).hit)).toBeUndefined();
});

test('while a comment is on its way nothing of it can be changed, and no answer is an answer that was lost', async ({ page, world }) => {
  const own = await world.open('慢网测试事项');
  await page.clock.install();
  await page.goto(`${world.yanlu.url}/c/${own.number}/comment`);
  const form = new CommentForm(page);
  await form.text(1).fill('慢慢地提交。');
  await form.anonymous.check();
  await form.review();
  const arrived = new Promise<void>((resolve) => page.route('**/api/v1/**/comments', () => resolve()));
  await form.button('comment_send').click();
  await arrived;
  await expect(page.getByRole('status').filter({ hasText: word('island_sending') })).toBeAttached();
  await expect(form.button('comment_change')).toBeDisabled();
  await page.clock.fastForward(31_000);
  await expect(page.getByText(word('island_offline'))).toBeVisible();
  await page.unroute('**/api/v1/**/comments');
  await page.getByRole('button', { name: word('island_retry') }).click();
  await expect(page.getByRole('heading', { name: word('receipt_title') })).toBeVisible();
});

test('the receipt stays in sight over the next comment, and is selected where copying is refused', async ({ page, world, open }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.goto(`${world.yanlu.url}/c/${open.number}/comment`);
  const form = new CommentForm(page);
  await form.text(1).fill('第一件。');
  await form.name.fill('朱小明');
  await form.review();
  await expect(page.getByRole('main')).toContainText('朱小明');
  const first = await form.send();
  await page.getByRole('button', { name: word('island_copy') }).click();
  await expect(page.getByRole('button', { name: word('island_copy_by_hand') })).toBeVisible();
  expect(await page.evaluate(() => String(getSelection()))).toBe(first.code);
  await page.getByRole('button', { name: word('island_another') }).click();
  await expect(page.getByText(first.code)).toBeVisible();
  await form.text(1).fill('第二件。');
  await form.anonymous.check();
  await form.review();
  await expect(page.getByText(first.code)).toBeVisible();
});
