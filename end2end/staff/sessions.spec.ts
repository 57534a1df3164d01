/** Sessions and polls at the desk with scripts off: a notice whose seats are put right, a poll. */
import type { Page } from '@playwright/test';
import { test, expect } from '../support/test';
import { signIn } from '../support/desk';
import { word } from '../support/words';

test.use({ javaScriptEnabled: false });

const press = (page: Page, key: string) => page.getByRole('main').getByRole('button', { name: word(key), exact: true }).click();
const field = (page: Page, key: string) => page.getByRole('main').getByLabel(word(key), { exact: true });
const tab = (page: Page, key: string) =>
  page.getByRole('navigation', { name: word('desk_dossier_nav') }).getByRole('link', { name: word(key) }).click();
const row = (page: Page, key: string, n: number) =>
  page.getByRole('group', { name: new RegExp(`^${word(key, { n })}`) });

test('a notice is put right until its seats add up, and published', async ({ page, world }) => {
  const consultation = await world.open('听证测试');
  await signIn(page, world);
  await page.goto(`${world.yanlu.url}/desk/c/${consultation.number}`);
  await tab(page, 'desk_tab_hearings');
  await page.getByRole('main').getByRole('link', { name: word('desk_hearing_new') }).click();
  await field(page, 'desk_title').fill('停车收费听证会');
  await field(page, 'desk_hearing_total').fill('18');
  await row(page, 'desk_hearing_category_n', 1).getByLabel(word('desk_hearing_quota')).fill('10');
  await row(page, 'desk_hearing_category_n', 2).getByLabel(word('desk_hearing_quota')).fill('2');
  await field(page, 'desk_hearing_category_kind').selectOption({ label: word('desk_seats_experts') });
  await press(page, 'desk_hearing_category_add');
  await expect(page.getByRole('status')).toContainText(word('desk_hearing_not_up', { n_seats: 10, n_total: 18 }));
  await expect(field(page, 'desk_title')).toHaveValue('停车收费听证会');
  const experts = row(page, 'desk_hearing_category_n', 3);
  await expect(experts.getByLabel(word('desk_hearing_category_name'))).toHaveValue(word('desk_seats_experts'));
  await experts.getByLabel(word('desk_hearing_quota')).fill('6');
  await press(page, 'desk_save');
  const main = page.getByRole('main');
  await expect(main).toContainText(word('desk_hearing_in_the_way'));
  await expect(main.getByRole('button', { name: word('desk_hearing_publish') })).toHaveCount(0);

  await main.getByRole('link', { name: word('desk_hearing_edit') }).first().click();
  await row(page, 'desk_hearing_category_n', 3).getByLabel(word('desk_hearing_quota')).fill('8');
  await press(page, 'desk_hearing_add_up');
  await expect(page.getByRole('status')).toContainText(word('desk_hearing_adds_up', { n: 18 }));
  await press(page, 'desk_save');
  await press(page, 'desk_hearing_publish');
  await expect(main).toContainText(word('desk_done_hearing_published'));
  await main.getByRole('link', { name: word('desk_applications'), exact: true }).click();
  await expect(main).toContainText(word('desk_applications_none'));
});

test('a poll is composed, looked at and published', async ({ page, world }) => {
  const consultation = await world.open('调查测试');
  await signIn(page, world);
  await page.goto(`${world.yanlu.url}/desk/c/${consultation.number}`);
  await tab(page, 'desk_tab_polls');
  await page.getByRole('main').getByRole('link', { name: word('desk_poll_new') }).click();
  await field(page, 'desk_title').fill('停车调查');
  const first = row(page, 'desk_poll_question_n', 1);
  await first.getByLabel(word('desk_poll_text')).fill('您有车吗？');
  await press(page, 'desk_poll_question_add');
  const second = row(page, 'desk_poll_question_n', 2);
  await second.getByLabel(word('desk_poll_kind')).selectOption('scale');
  await second.getByLabel(word('desk_poll_text')).fill('满意吗？');
  await press(page, 'desk_save');
  await expect(page.getByRole('alert')).toContainText(word('fault_required'));
  await expect(first.getByLabel(word('desk_poll_text'))).toHaveValue('您有车吗？');
  await first.getByLabel(word('desk_poll_options'), { exact: true }).fill('yes | 有\nno | 没有');
  await press(page, 'desk_save');
  const main = page.getByRole('main');
  await expect(main).toContainText('满意吗？');
  await press(page, 'desk_poll_publish');
  await expect(main).toContainText(word('desk_done_poll_published'));
});
