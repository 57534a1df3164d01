import { test, expect } from '../support/test';
import { CommentForm } from '../support/comment';
import { word } from '../support/words';
import type { Page } from '@playwright/test';

const open = async (page: Page, url: string, code: string) => {
  await page.goto(`${url}/r`);
  await page.getByLabel(word('receipt_code'), { exact: true }).fill(code);
  await page.getByRole('main').locator('button[name=action][value=open]').click();
};

test('the code opens the comment in any case and with look-alikes, and never stands in an address', async ({ page, world, open: consultation }) => {
  const { number, receipt } = await world.comment(consultation, [{ text: '凭回执找回。' }]);
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  await open(page, world.yanlu.url, receipt.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l'));
  await expect(page.getByRole('main')).toContainText(number);
  await expect(page.getByRole('main')).toContainText('凭回执找回。');
  expect(addresses.filter((address) => address.includes(receipt.slice(0, 9)))).toEqual([]);
});

test('a mistyped code is told from an unknown one', async ({ page, world, open: consultation }) => {
  const { receipt } = await world.comment(consultation, [{ text: '输错回执。' }]);
  const mistyped = (receipt[0] === '2' ? '3' : '2') + receipt.slice(1);
  // No letter wrong, and no comment behind it: its last character fits the others.
  const unknown = '0000-0000-0000-0000-0';
  const said: string[] = [];
  for (const [code, key] of [[mistyped, 'receipt_mistyped'], [unknown, 'receipt_not_found']]) {
    await open(page, world.yanlu.url, code);
    const alert = page.getByRole('main').getByRole('alert');
    await expect(alert).toContainText(word(key));
    said.push(await alert.innerText());
    await expect(page.getByLabel(word('receipt_code'), { exact: true })).toHaveValue(code);
  }
  expect(said[0]).not.toBe(said[1]);
});

test('the sender edits until closing, and the earlier text is kept', async ({ page, world, open: consultation }) => {
  const { receipt } = await world.comment(consultation, [{ text: '原来的意见。' }]);
  await open(page, world.yanlu.url, receipt);
  await page.locator('button[name=action][value=edit]').click();
  const form = new CommentForm(page);
  await form.text(1).fill('改过的意见。');
  await page.locator('button[name=action][value=review]:visible').last().click();
  await page.locator('button[name=action][value=save]').click();
  await expect(page.getByRole('main')).toContainText('改过的意见。');
  const stored = await world.yanlu.call('GET', `/receipts/${encodeURIComponent(receipt)}`);
  expect(stored.points[0].text).toBe('改过的意见。');
  expect(stored.revisions).toHaveLength(1);
});

test('the sender withdraws, after a second question', async ({ page, world, open: consultation }) => {
  const { receipt } = await world.comment(consultation, [{ text: '想撤回的意见。' }]);
  await open(page, world.yanlu.url, receipt);
  await page.locator('button[name=action][value=withdraw]').click();
  await page.locator('button[name=action][value=confirm-withdraw]').click();
  await expect(page.getByRole('main')).toContainText(word('code_comment_withdrawn'));
  const stored = await world.yanlu.call('GET', `/receipts/${encodeURIComponent(receipt)}`);
  expect(stored.state).toBe('withdrawn');
});

test('after the feedback the sender reads the answer to each point', async ({ page, world, answered }) => {
  await open(page, world.yanlu.url, answered.adopted.receipt);
  const main = page.getByRole('main');
  await expect(main).toContainText('延长夜间停车时间，方便居民。');
  await expect(main).toContainText(word('code_adopted'));
  await expect(main).toContainText(word('code_support_noted'));
  await expect(main).not.toContainText('不宜降低');
});
