import { test, expect } from '../support/test';
import { word } from '../support/words';

test('once answered, the old address leads with the feedback', async ({ page, world, answered }) => {
  await page.goto(`${world.yanlu.url}/c/${answered.consultation.number}`);
  const main = page.getByRole('main');
  await expect(main).toContainText('收到两件意见、三个意见点。');
  await expect(main).toContainText('延长夜间停车时间，方便居民。');
});

test('every page from before leads to the feedback', async ({ page, world, answered }) => {
  const { number } = answered.consultation;
  for (const old of ['draft/1', 'comments', 'changes/1/2', 'comment']) {
    await page.goto(`${world.yanlu.url}/c/${number}/${old}`);
    await page.getByRole('main').getByRole('link', { name: word('feedback_read_all') }).click();
    await expect(page.getByRole('main')).toContainText('收到两件意见、三个意见点。');
  }
});

test('not adopted stands beside adopted, each with its reason', async ({ page, world, answered }) => {
  await page.goto(`${world.yanlu.url}/c/${answered.consultation.number}/feedback`);
  const table = page.getByRole('table').filter({ hasText: '罚款太高' });
  await expect(table).toContainText(word('code_not_adopted'));
  await expect(table).toContainText('罚款数额依据上位法确定，不宜降低。');
  await expect(page.getByRole('table').filter({ hasText: '夜间停车时间太短' })).toContainText(word('code_adopted'));
});

test('the numbers add up', async ({ page, world, answered }) => {
  const feedback = await world.yanlu.call('GET', `/consultations/${answered.consultation.number}/feedback`);
  const { comments, points } = feedback.counts ?? (await world.yanlu.call('GET', `/consultations/${answered.consultation.number}`)).counts;
  for (const count of [comments, points]) {
    expect(count.received).toBe(count.waiting + count.published + count.held + count.withdrawn);
  }
  expect([comments.received, points.received]).toEqual([2, 3]);
  await page.goto(`${world.yanlu.url}/c/${answered.consultation.number}/feedback`);
  // Each total stands with its own name.
  for (const [n, key] of [[2, 'count_comments'], [3, 'count_points']] as const) {
    await expect(page.locator('figcaption').filter({ hasText: word(key) }).locator('b').first()).toHaveText(String(n));
  }
});

test('what changed because of comments is shown word by word', async ({ page, world, answered }) => {
  await page.goto(`${world.yanlu.url}/c/${answered.consultation.number}/feedback`);
  await expect(page.locator('ins').filter({ hasText: '十九时' }).first()).toBeVisible();
});
