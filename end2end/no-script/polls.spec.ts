import { test, expect } from '../support/test';
import { BallotForm, openPoll } from '../support/poll';
import { word } from '../support/words';

test.use({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });

test('a poll of every kind of question is answered by plain forms: an error with every value kept, a check, a receipt', async ({ page, world, open }) => {
  const id = await openPoll(world, open, '停车调查（无脚本）');
  await page.goto(`${world.yanlu.url}/c/${open.number}`);
  await page.locator(`a.button[href^="/polls/${id}"]`).click();
  const form = new BallotForm(page);
  // What depends on an answer is there, and says when it is meant.
  await expect(form.question('为什么反对')).toContainText(word('poll_only_if', { n: 1, options: word('poll_quoted', { text: '反对' }) }));
  await form.answerAll();
  await form.rank('加大处罚').selectOption('1');
  await form.text('几辆车').fill('两辆');
  await form.button('poll_send').click();

  const summary = page.getByRole('alert');
  await expect(summary).toBeFocused();
  await expect(summary.getByRole('link')).toHaveCount(2);
  await expect(summary).toContainText(word('poll_fault_number'));
  await expect(form.choice('是否赞成', '反对')).toBeChecked();
  await expect(form.text('为什么反对')).toHaveValue('夜里要出诊。');
  await expect(form.choice('哪些时段', '夜里')).toBeChecked();
  await expect(form.choice('现在停车方便吗', /^1/)).toBeChecked();
  await expect(form.rank('新建停车场')).toHaveValue('2');
  await expect(form.row('收费标准').getByLabel('不满意', { exact: true })).toBeChecked();
  await expect(form.text('几辆车')).toHaveValue('两辆');
  await summary.getByRole('link').last().click();
  await expect(form.text('几辆车')).toBeInViewport();

  await form.text('几辆车').fill('2');
  await form.rank('加大处罚').selectOption('3');
  await form.button('poll_send').click();
  // After an error as before it: the answers once more, and nothing counted.
  await expect(page.getByRole('heading', { name: word('poll_check_title') })).toBeVisible();
  await form.button('poll_send').click();
  const code = await form.receipt();

  await page.goto(`${world.yanlu.url}/r`);
  await page.getByLabel(word('receipt_code'), { exact: true }).fill(code);
  await page.locator('button[name=action][value=open]').click();
  const main = page.getByRole('main');
  await expect(main).toContainText(word('poll_receipt_secret'));
  await expect(main).not.toContainText('反对');
});

test('a press of the form shows the answers once more, and they can be changed', async ({ page, world, open }) => {
  const id = await openPoll(world, open, '停车调查（核对）');
  await page.goto(`${world.yanlu.url}/polls/${id}`);
  const form = new BallotForm(page);
  await form.answerAll();
  await form.button('poll_send').click();
  await expect(page.getByRole('heading', { name: word('poll_check_title') })).toBeVisible();
  const main = page.getByRole('main');
  for (const answer of ['反对', '夜里要出诊', '早上', '单位车位共享', '不满意', '东门街']) await expect(main).toContainText(answer);
  await form.button('poll_change').click();
  await expect(form.text('哪条街')).toHaveValue('东门街');
  await form.choice('是否赞成', '赞成').check();
  await form.button('poll_send').click();
  await expect(page.getByRole('heading', { name: word('poll_check_title') })).toBeVisible();
  await form.button('poll_send').click();
  await form.receipt();
  const { questions } = await world.yanlu.call('GET', `/polls/${id}/results`);
  const counts = Object.fromEntries(questions.map(({ code, n }: { code: string; n: number }) => [code, n]));
  // The reason was asked of opponents only, and is not kept.
  expect(counts).toMatchObject({ view: 1, why: 0, when: 1, ease: 1, rank: 1, grid: 1, cars: 1 });
});
