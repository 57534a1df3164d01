import { test, expect } from '../support/test';
import { signIn } from '../support/desk';
import { ApplyForm, drawn, held, openReceipt, session } from '../support/session';
import { word } from '../support/words';

test.use({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });

test('a seat is applied for, changed and given back by plain forms, with every value kept after an error', async ({ page, world, open }) => {
  const made = await session(world, open, '无脚本听证会');
  await page.goto(`${world.yanlu.url}/hearings/${made.id}`);
  await page.getByRole('link', { name: word('apply_start') }).click();
  const form = new ApplyForm(page);
  await expect(page.locator('[name=publish_name]')).not.toBeChecked();
  await form.field('apply_name').fill('诸葛明');
  await form.field('apply_statement').fill('夜间停车时间应当延长。');
  await form.button('apply_add_point').click();
  await expect(form.field('apply_statement')).toHaveValue('夜间停车时间应当延长。');
  await page.locator('[name="points.0.clause"]').selectOption({ label: '第五条' });
  await page.locator('[name="points.0.text"]').fill('建议延长到八时。');
  await form.field('code_need_step_free').check();
  await form.button('comment_review').click();

  // Neither category nor contact is given.
  const summary = page.getByRole('alert');
  await expect(summary.locator('a[href="#category"]')).toBeVisible();
  await expect(summary.locator('a[href="#contact"]')).toBeVisible();
  await expect(form.field('apply_name')).toHaveValue('诸葛明');
  await expect(form.field('code_need_step_free')).toBeChecked();
  await expect(page.locator('[name="points.0.clause"]')).toHaveValue(world.clause(open, '第五条').id);

  await form.category('经营者代表').check();
  await form.field('apply_contact').fill('zhuge@example.org');
  await form.review();
  await expect(page.getByRole('main')).toContainText('建议延长到八时。');
  await form.button('comment_change').click();
  await expect(form.field('apply_contact')).toHaveValue('zhuge@example.org');
  await form.review();
  const { code, number } = await form.send();
  await expect(page.getByRole('main')).toContainText(word('code_application_chosen'));

  await openReceipt(page, world, code);
  const main = page.getByRole('main');
  await expect(main).toContainText(number);
  await form.button('application_change').click();
  await form.field('apply_statement').fill('改过的意见。');
  await form.review();
  await form.button('receipt_save').click();
  await expect(main).toContainText('改过的意见。');
  await form.button('application_confirm').click();
  await expect(main).toContainText(word('code_application_confirmed'));
  await form.button('application_decline').click();
  await form.button('application_decline').click();
  await expect(main).toContainText(word('code_application_declined'));
});

test('the draw can be read, and a ticket found in it, without scripts', async ({ page, world, open }) => {
  test.slow();
  const { session: made, chosen, reserves } = await drawn(world, open, '无脚本抽签');
  await page.goto(`${world.yanlu.url}/hearings/${made.id}/draw`);
  const main = page.getByRole('main');
  await expect(main).toContainText(word('draw_without'));
  await expect(main).toContainText('双色球第 2026140 期开奖号码');
  for (const ticket of [...chosen, ...reserves]) await expect(main).toContainText(ticket);
  const find = async (typed: string) => {
    await page.getByLabel(word('draw_find'), { exact: true }).fill(typed);
    await page.getByRole('button', { name: word('draw_find_button') }).click();
    return page.getByRole('status').first();
  };
  await expect(await find(chosen[1])).toContainText(word('draw_found_chosen', { category: '居民代表', place: 2, ticket: chosen[1] }));
  await expect(await find(String(Number(reserves[0].slice(-4))))).toContainText(
    word('draw_found_reserve', { category: '居民代表', place: 1, ticket: reserves[0] }),
  );
  await expect(await find('99')).toContainText('99');
});

test('after the session minutes are confirmed or corrected, and an opinion is given, answered and published', async ({ page, world, open }) => {
  test.slow();
  const { session: made, observers } = await held(world, open, '无脚本笔录');
  const main = page.getByRole('main');
  const press = (key: string) => main.getByRole('button', { name: word(key), exact: true }).click();
  const field = (key: string) => main.getByLabel(word(key), { exact: true });
  const fits = async () => expect(await page.evaluate(() => document.scrollingElement!.scrollWidth)).toBeLessThanOrEqual(360);
  await openReceipt(page, world, observers[0].receipt);
  await fits();
  await press('own_minutes_confirm');
  await expect(main).toContainText(word('own_minutes_done'));
  await press('own_opinion_send');
  await expect(page.getByRole('alert').locator('a[href="#opinion"]')).toBeVisible();
  await field('own_opinion_write').fill('材料应当提前公开。');
  await press('own_opinion_send');
  await expect(main).toContainText(word('own_opinion_done'));
  await openReceipt(page, world, observers[1].receipt);
  await field('own_minutes_correction').fill('实到的是五人。');
  await press('own_minutes_send');
  await expect(main).toContainText(word('own_minutes_sent'));
  await fits();

  await signIn(page, world);
  await page.goto(`${world.yanlu.url}/desk/hearings/${made.id}`);
  await main.getByRole('link', { name: word('desk_corrections'), exact: true }).click();
  await expect(main).toContainText('实到的是五人。');
  await fits();
  await field('desk_correction_answer').fill('“实到四人”更正为“实到五人”。');
  await press('desk_correction_accept');
  await expect(main).toContainText(word('desk_done_correction_answered'));
  await page.goto(`${world.yanlu.url}/desk/hearings/${made.id}/opinions`);
  await fits();
  await field('desk_opinion_reply').fill('今后提前七日公开。');
  await press('desk_opinion_send');
  await expect(main).toContainText(word('desk_done_opinion_answered'));

  await page.goto(`${world.yanlu.url}/hearings/${made.id}`);
  for (const public_ of ['“实到四人”更正为“实到五人”。', '材料应当提前公开。', '今后提前七日公开。']) await expect(main).toContainText(public_);
  await expect(main.locator('#opinions')).toContainText('欧阳小明');
  await fits();
  await openReceipt(page, world, observers[0].receipt);
  await press('own_name_hide');
  await page.goto(`${world.yanlu.url}/hearings/${made.id}`);
  await expect(main).not.toContainText('欧阳小明');
});
