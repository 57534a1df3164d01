/** The desk from the first draft to the published feedback, with scripts and without. */
import type { Page } from '@playwright/test';
import { test, expect } from '../support/test';
import { CommentForm } from '../support/comment';
import { signIn } from '../support/desk';
import { apply, session } from '../support/session';
import { word } from '../support/words';
import { DRAFT, REVISED, SHORT_ROUND } from '../support/world';

const press = (page: Page, key: string) => page.getByRole('main').getByRole('button', { name: word(key), exact: true }).click();
const field = (page: Page, key: string) => page.getByRole('main').getByLabel(word(key), { exact: true });
const tab = (page: Page, key: string) =>
  page.getByRole('navigation', { name: word('desk_dossier_nav') }).getByRole('link', { name: word(key) }).click();

/** A new consultation with its draft, as far as the form for the round. */
const prepare = async (page: Page, title: string) => {
  await page.getByRole('link', { name: word('desk_create') }).click();
  await field(page, 'desk_title').fill(title);
  await field(page, 'desk_summary').fill('停车怎么管。');
  await field(page, 'part_explanation').fill('## 为什么\n\n供需**矛盾**突出。');
  await press(page, 'desk_create_button');
  await expect(page.getByRole('main')).toContainText(word('desk_done_created'));
  await tab(page, 'desk_tab_draft');
  await field(page, 'desk_draft_text').fill(DRAFT);
  await press(page, 'desk_draft_button');
  await expect(page.getByRole('main')).toContainText(word('desk_no_warnings'));
  await tab(page, 'desk_tab_round');
};

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('a draft with a gap in its numbers is shown with a warning, and nothing is lost', async ({ page, world }) => {
      await signIn(page, world);
      await prepare(page, '识别测试');
      await tab(page, 'desk_tab_draft');
      await field(page, 'desk_draft_text').fill('第一条 甲乙丙丁。\n\n第三条 戊己庚辛。\n\n附注：没有编号的文字。');
      await press(page, 'desk_draft_button');
      const main = page.getByRole('main');
      await expect(main).toContainText(word('desk_warnings', { n: 1 }));
      for (const text of ['甲乙丙丁', '戊己庚辛', '附注：没有编号的文字。']) await expect(main).toContainText(text);
    });

    test('a period that is too short asks for its reason and keeps what was typed', async ({ page, world }) => {
      await signIn(page, world);
      await prepare(page, '短期限测试');
      const opens = await field(page, 'desk_opens').inputValue();
      const soon = new Date(`${opens}Z`).getTime() + 3 * 24 * 3600 * 1000;
      const closes = new Date(soon).toISOString().slice(0, 16);
      await field(page, 'desk_closes').fill(closes);
      await press(page, 'desk_round_review');
      await expect(page.getByRole('alert')).toBeVisible();
      await expect(field(page, 'desk_closes')).toHaveValue(closes);
      await expect(field(page, 'desk_opens')).toHaveValue(opens);
    });

    test('from the draft to the answered point', async ({ page, context, world }) => {
      await signIn(page, world);
      const title = `完整流程（${javaScriptEnabled ? '有' : '无'}脚本）`;
      await prepare(page, title);
      await press(page, 'desk_round_review');
      await expect(page.getByRole('heading', { name: word('desk_round_review_title') })).toBeVisible();
      await press(page, 'desk_round_publish');
      await expect(page.getByRole('main')).toContainText(word('desk_done_round_published'));
      const number = /\d{4}-\d{4,}/.exec(page.url())?.[0];
      if (!number) throw new Error(`no number in ${page.url()}`);

      // Two people comment on the public page.
      for (const text of ['夜间停车时间太短。', '加微信代办停车证。']) {
        const visitor = await context.newPage();
        await visitor.goto(`${world.yanlu.url}/c/${number}/comment`);
        const form = new CommentForm(visitor);
        await form.text(1).fill(text);
        await form.anonymous.check();
        await form.review();
        await form.send();
        await visitor.close();
      }

      // One is published, the other held: without a reason it is refused.
      await tab(page, 'desk_tab_queue');
      const entry = (text: string) => page.getByRole('main').locator('article, li').filter({ hasText: text }).first();
      await entry('夜间').getByRole('button', { name: word('desk_publish'), exact: true }).click();
      await expect(page.getByRole('main')).toContainText(word('desk_done_comments_published', { n: 1 }));
      await entry('加微信').getByRole('button', { name: word('desk_hold'), exact: true }).click();
      await expect(page.getByRole('alert')).toBeVisible();
      await entry('加微信').getByRole('combobox').selectOption({ label: word('code_hold_advertising') });
      await entry('加微信').getByRole('button', { name: word('desk_hold'), exact: true }).click();
      await expect(page.getByRole('main')).toContainText(word('desk_done_comments_held', { n: 1 }));

      // The published one is answered; a refusal without a reason is not saved.
      await tab(page, 'desk_tab_points');
      await page.getByLabel(word('desk_disposition')).selectOption('not_adopted');
      await page.getByRole('main').getByRole('button', { name: word('desk_save'), exact: true }).click();
      await expect(page.getByRole('alert')).toBeVisible();
      await expect(page.getByLabel(word('desk_disposition'))).toHaveValue('not_adopted');
      await page.getByLabel(word('desk_answer_reason')).fill('现行时间已经征求过交管部门意见。');
      await page.getByRole('main').getByRole('button', { name: word('desk_save'), exact: true }).click();
      await expect(page.getByRole('main')).toContainText(word('desk_done_points_answered', { n: 1 }));

      // While the round is open there is no feedback, and the page says when there will be.
      await tab(page, 'desk_tab_feedback');
      await expect(page.getByRole('main')).toContainText('24:00');
      await expect(page.getByRole('button', { name: word('desk_feedback_review') })).toHaveCount(0);
      const queue = await world.act('GET', `/consultations/${number}/queue`);
      expect(queue.items.map(({ state }: { state: string }) => state)).toEqual(['published', 'held']);
    });

    test('feedback is refused while a point has no response, then published', async ({ page, world }) => {
      test.slow();
      const consultation = await world.open(`反馈测试（${javaScriptEnabled ? '有' : '无'}脚本）`, SHORT_ROUND);
      const night = world.clause(consultation, '第五条');
      const sent = await world.comment(consultation, [{ clause: night.id, text: '夜间停车时间太短。' }]);
      await world.moderate(sent, 'publish');
      await world.act('POST', `/consultations/${consultation.number}/drafts`, { text: REVISED });
      await world.closed(consultation);
      await signIn(page, world);
      await page.goto(`${world.yanlu.url}/desk/c/${consultation.number}/feedback`);
      await expect(page.getByRole('main')).toContainText(word('desk_feedback_missing', { n: 1 }));
      await page.getByRole('main').getByRole('link', { name: sent.number }).click();
      await page.getByLabel(word('desk_disposition')).selectOption('adopted');
      await page.getByLabel(word('desk_answer_reason')).fill('延长夜间停车时间。');
      await page.getByLabel(word('desk_change_clause')).fill('第五条');
      await page.getByRole('main').getByRole('button', { name: word('desk_save'), exact: true }).click();
      await expect(page.getByRole('main')).toContainText(word('desk_done_points_answered', { n: 1 }));
      await tab(page, 'desk_tab_feedback');
      await field(page, 'desk_asked').fill('就停车条例征求意见。');
      await field(page, 'desk_heard').fill('收到一件意见。');
      await field(page, 'desk_changed').fill('第五条已改。');
      await press(page, 'desk_feedback_review');
      await press(page, 'desk_feedback_publish');
      await expect(page.getByRole('main')).toContainText(word('desk_done_feedback_published'));
      await page.goto(`${world.yanlu.url}/c/${consultation.number}/feedback`);
      await expect(page.getByRole('table').filter({ hasText: '夜间停车时间太短。' })).toContainText('延长夜间停车时间。');
      await expect(page.locator('ins').filter({ hasText: '十九时' }).first()).toBeVisible();
    });
  });
}

test('what is typed outlives its session, and a warning comes before the end', async ({ page, context, world }) => {
  const create = `${world.yanlu.url}/desk/c/new`;
  const text = '写了一下午的起草说明。';
  await page.clock.install();
  await signIn(page, world);
  await page.goto(create);
  const explanation = field(page, 'part_explanation');
  await explanation.fill(text);
  const kept = () => page.evaluate(() => Object.values(sessionStorage).join());
  await expect.poll(kept).toContain(text);

  const soon = page.getByText(word('desk_ends_soon'));
  await expect(soon).toBeHidden();
  await page.clock.fastForward('25:30');
  await expect(soon).toBeVisible();
  await press(page, 'desk_stay');
  await expect(page.getByText(word('desk_stayed'))).toBeVisible();
  await expect(soon).toBeHidden();
  await page.clock.fastForward('24:00');
  await expect(soon).toBeHidden();
  await page.clock.fastForward('07:00');
  await expect(page.getByText(word('desk_ended'))).toBeVisible();

  // The session has ended: the form is not taken, and nothing of it is lost.
  await context.clearCookies();
  await press(page, 'desk_create_button');
  await expect(page.getByRole('heading', { name: word('desk_expired_title') })).toBeVisible();
  await signIn(page, world);
  await page.goto(create);
  const restored = page.getByText(word('desk_kept_restored'));
  await expect(restored).toBeVisible();
  await expect(explanation).toHaveValue(text);

  // Once it is saved, nothing is left of it.
  await field(page, 'desk_title').fill('保存之后');
  await field(page, 'desk_summary').fill('停车怎么管。');
  await press(page, 'desk_create_button');
  await expect(page.getByRole('main')).toContainText(word('desk_done_created'));
  await page.goto(create);
  await expect(explanation).toHaveValue('');
  await explanation.fill('又一份');
  await expect.poll(kept).toContain('又一份');
  expect(await kept()).not.toContain(text);
  await page.reload();
  await expect(restored).toBeVisible();
  await press(page, 'desk_kept_discard');
  await expect(explanation).toHaveValue('');
  await expect(restored).toBeHidden();
});

test('a reason that was sent by one of several buttons is not brought back', async ({ page, world }) => {
  const consultation = await world.open('键入保存测试');
  const made = await session(world, consultation, '停车收费听证会');
  await apply(world, made, {});
  await apply(world, made, { name: '诸葛芳', contact: '13800138001' });
  await signIn(page, world);
  await page.goto(`${world.yanlu.url}/desk/hearings/${made.id}/applications?state=received`);
  const main = page.getByRole('main');
  const kept = () => page.evaluate(() => Object.values(sessionStorage).join());
  const reason = field(page, 'desk_applications_reason_ticked');
  await reason.fill('不住在本区。');
  await expect.poll(kept).toContain('不住在本区。');
  await main.getByRole('checkbox').first().check();
  await main.locator('.bulk').getByRole('button', { name: word('desk_ineligible'), exact: true }).click();
  await expect(main).toContainText(word('desk_done_applications_reviewed', { n: 1 }));
  // The island has started once it keeps what is typed.
  const entry = main.locator('article').getByRole('textbox').first();
  await entry.fill('另一件');
  await expect.poll(kept).toContain('另一件');
  expect(await kept()).not.toContain('不住在本区。');
  await expect(page.getByText(word('desk_kept_restored'))).toBeHidden();
  await expect(reason).toHaveValue('');

  // What is typed at one entry outlives a decision on another.
  await page.goto(`${world.yanlu.url}/desk/hearings/${made.id}/applications`);
  const entries = main.locator('article');
  await expect(entries).toHaveCount(2);
  await entries.last().getByRole('textbox').fill('还在核实');
  await expect.poll(kept).toContain('还在核实');
  await entries.first().getByRole('button', { name: word('desk_eligible'), exact: true }).click();
  await expect(main).toContainText(word('desk_done_applications_reviewed', { n: 1 }));
  await expect(page.getByText(word('desk_kept_restored'))).toBeVisible();
  await expect(entries.last().getByRole('textbox')).toHaveValue('还在核实');
});

test('what is typed for one unit does not come back at another', async ({ page, world }) => {
  world.yanlu.addUnit('city-above', '市政府', []);
  for (const slug of ['east', 'west']) {
    world.yanlu.command(['unit', 'add', '--slug', slug, '--name', slug, '--parent', 'city-above']);
  }
  await signIn(page, world, world.yanlu.addAccount('city-above', 'above@example.test', ['administrator']));
  const unit = (slug: string) => page.goto(`${world.yanlu.url}/desk/unit?unit=${slug}`);
  const origins = page.locator('textarea[name=origins]');
  const kept = () => page.evaluate(() => Object.values(sessionStorage).join());
  const restored = page.getByText(word('desk_kept_restored'));
  await unit('east');
  await origins.fill('https://east.example');
  await expect.poll(kept).toContain('east.example');
  await unit('west');
  await origins.fill('https://west.example');
  await expect.poll(kept).toContain('west.example');
  await expect(restored).toBeHidden();
  await unit('east');
  await expect(restored).toBeVisible();
  await expect(origins).toHaveValue('https://east.example');
});

test('what was saved at a unit is not brought back, whichever way led there', async ({ page, world }) => {
  await signIn(page, world);
  const origins = page.locator('textarea[name=origins]');
  const kept = () => page.evaluate(() => Object.values(sessionStorage).join());
  await page.goto(`${world.yanlu.url}/desk/unit`);
  const listed = await origins.inputValue();
  await origins.fill('not an origin');
  await expect.poll(kept).toContain('not an origin');
  const save = page.locator('form', { has: origins }).getByRole('button');
  await save.click();
  await expect(page.getByRole('alert')).toBeVisible();
  await origins.fill(`${listed}\n`);
  await save.click();
  await expect(page).toHaveURL(/done=/);
  await page.goto(`${world.yanlu.url}/desk/unit`);
  await expect(origins).toHaveValue(listed);
  await origins.fill(`${listed} `);
  await expect.poll(kept).toContain(listed);
  expect(await kept()).not.toContain('not an origin');
});

test('a wrong password is refused in words, and signing out ends the session', async ({ page, world }) => {
  await page.goto(`${world.yanlu.url}/desk/login`);
  await field(page, 'desk_email').fill(world.staff.email);
  await field(page, 'desk_password').fill('not the password');
  await press(page, 'desk_login_button');
  await expect(page.getByRole('main')).toContainText(word('desk_login_wrong'));
  await expect(field(page, 'desk_email')).toHaveValue(world.staff.email);
  await signIn(page, world);
  await page.getByRole('button', { name: word('desk_sign_out') }).click();
  await page.goto(`${world.yanlu.url}/desk`);
  await expect(page).toHaveURL(/\/desk\/login/);
});
