import { test, expect } from '../support/test';
import { CommentForm } from '../support/comment';
import { word } from '../support/words';

test.use({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });

test('the whole way works by plain forms: an error with every value kept, then a receipt', async ({ page, world, open }) => {
  await page.goto(`${world.yanlu.url}/c/${open.number}`);
  await page.getByRole('link', { name: word('comment_start') }).first().click();
  const form = new CommentForm(page);
  await form.clause(1).selectOption({ label: '第四条' });
  await form.text(1).fill('第一点');
  await form.button('comment_add_point').click();
  await expect(form.text(1)).toHaveValue('第一点');
  await form.text(2).fill('第二点');
  await form.button('comment_add_point').click();
  await form.text(3).fill('多余的一点');
  await form.button('comment_remove_point', { number: 3 }).click();
  await expect(form.text(2)).toHaveValue('第二点');
  await expect(page.getByText('多余的一点')).toHaveCount(0);

  // The name is shown but not given.
  await page.getByLabel(word('code_display_shown'), { exact: true }).check();
  await form.button('comment_review').click();
  const summary = page.getByRole('alert');
  await expect(summary).toBeFocused();
  expect(await page.title()).toContain(word('form_wrong_page', { title: '' }).trim());
  await expect(summary.getByRole('link', { name: word('fault_name_required') })).toHaveAttribute('href', '#name');
  await expect(form.text(1)).toHaveValue('第一点');
  await expect(form.clause(1)).toHaveValue(world.clause(open, '第四条').id);
  await expect(page.getByLabel(word('code_display_shown'), { exact: true })).toBeChecked();

  await form.name.fill('诸葛明');
  await form.review();
  await form.button('comment_change').click();
  await expect(form.text(2)).toHaveValue('第二点');
  await form.text(2).fill('改过的第二点');
  await form.review();
  await expect(page.getByRole('main')).toContainText('改过的第二点');
  const { code } = await form.send();

  await page.goto(`${world.yanlu.url}/r`);
  await page.getByLabel(word('receipt_code'), { exact: true }).fill(code);
  await page.locator('button[name=action][value=open]').click();
  await expect(page.getByRole('main')).toContainText('改过的第二点');
});
