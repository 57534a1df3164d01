import AxeBuilder from '@axe-core/playwright';
import { test, expect, department, snippet } from '../support/test';
import { ApplyForm, apply, drawn, openReceipt, session } from '../support/session';
import { LANGUAGES, word } from '../support/words';
import type { Page } from '@playwright/test';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const violations = async (page: Page) => {
  const { violations, passes } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  expect(passes.length).toBeGreaterThan(10);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.html.slice(0, 120)}`).join(' | ')}`);
};

const widest = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);

test('the notice says what, when, where, for whom and until when, and the consultation leads to it', async ({ page, world, open }) => {
  const made = await session(world, open, '夜间停车听证会');
  await page.goto(`${world.yanlu.url}/c/${open.number}`);
  await page.getByRole('link', { name: made.title, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(made.title);
  const main = page.getByRole('main');
  for (const text of ['三楼会议室', word('time_zone_china'), word('time_days_left', { n: 9 }), '年满十八周岁', '身份证件。', '发言不超过五分钟。']) {
    await expect(main).toContainText(text);
  }
  const row = page.getByRole('row', { name: /居民代表/ });
  await expect(row.getByRole('cell')).toHaveText(['2', '0', '0']);
  await apply(world, made, {});
  await page.reload();
  await expect(row.getByRole('cell')).toHaveText(['2', '1', '0']);
});

test('an application goes by keyboard alone, and the second for one seat waits in reserve', async ({ page, world, open }) => {
  const made = await session(world, open, '键盘报名');
  await apply(world, made, { category: 'operators', name: '先到的人' });
  await page.goto(`${world.yanlu.url}/hearings/${made.id}/apply`);
  const form = new ApplyForm(page);
  await form.category('居民代表').focus();
  await page.keyboard.press('ArrowDown');
  await expect(form.category('经营者代表')).toBeChecked();
  await page.keyboard.press('Tab');
  await page.keyboard.type('欧阳小明');
  await page.keyboard.press('Tab');
  await page.keyboard.type('ouyang@example.org');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: word('apply_review_title') })).toBeVisible();
  await form.button('apply_send').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toContainText(word('application_means_reserve_at', { n: 1 }));
});

test('who withdraws is forgotten, and the number stays', async ({ page, world, open }) => {
  const made = await session(world, open, '撤回报名');
  const { receipt, number } = await apply(world, made, { name: '司马想撤回' });
  await openReceipt(page, world, receipt);
  const main = page.getByRole('main');
  await expect(main).toContainText('司马想撤回');
  const form = new ApplyForm(page);
  await form.button('application_withdraw').click();
  await form.button('application_withdraw').click();
  await expect(main).toContainText(word('code_application_withdrawn'));
  await expect(main).toContainText(number);
  await expect(main).not.toContainText('司马想撤回');
});

test('the reason why somebody may not take part stands behind their code', async ({ page, world, open }) => {
  const made = await session(world, open, '不符合条件');
  const { receipt, number } = await apply(world, made, {});
  await world.act('POST', `/applications/${number}/review`, { eligible: false, reason: '居住地不在本区。' });
  await openReceipt(page, world, receipt);
  await expect(page.getByRole('main')).toContainText(word('code_application_ineligible'));
  await expect(page.getByRole('main')).toContainText('居住地不在本区。');
});

test("the visitor's browser repeats the draw, and notices one that was tampered with", async ({ page, world, open }) => {
  test.slow();
  const { session: made, receipts, chosen, reserves } = await drawn(world, open, '抽签复核');
  const address = `${world.yanlu.url}/hearings/${made.id}/draw`;
  await page.goto(address);
  const verdict = page.locator('[data-verdict]');
  await expect(verdict).toHaveText(word('draw_holds'));
  // The page as somebody would serve it who swapped a seat for a reserve.
  await page.route(address, async (route) => {
    const answer = await route.fetch();
    const html = (await answer.text()).replace(/"chosen":\{.*?"reserves":\{/s, (part) => part.replace(chosen[0], reserves[0]));
    expect(html).not.toBe(await answer.text());
    await route.fulfill({ response: answer, body: html });
  });
  await page.reload();
  await expect(verdict).toHaveText(word('draw_wrong_result', { category: '居民代表' }));
  await page.unroute(address);

  // Who was drawn confirms; who gives the seat back makes room for the first reserve.
  const of = (ticket: string) => receipts.find(({ number }) => number === ticket)!.receipt;
  const form = new ApplyForm(page);
  await openReceipt(page, world, of(chosen[0]));
  await form.button('application_confirm').click();
  await expect(page.getByRole('main')).toContainText(word('code_application_confirmed'));
  await openReceipt(page, world, of(chosen[1]));
  await form.button('application_decline').click();
  await form.button('application_decline').click();
  await openReceipt(page, world, of(reserves[0]));
  await expect(page.getByRole('main')).toContainText(word('code_application_chosen'));
});

test("a department's page shows the session, and the form stays in its frame", async ({ page, world, open, host }) => {
  const made = await session(world, open, '嵌入的听证会');
  await page.goto(host.put('hearing', department(snippet(world, `/c/${open.number}`, 'view="hearing"'))));
  const frame = page.frameLocator('iframe');
  await expect(frame.getByRole('heading', { level: 1 })).toHaveText(made.title);
  await frame.getByRole('link', { name: word('apply_start') }).click();
  const form = new ApplyForm(frame);
  await form.fill('旁听人员', '旁听的人', 'observer@example.org');
  await form.review();
  const { number } = await form.send();
  expect(number).toContain(made.id);
  expect(page.url()).toContain(host.url);
});

for (const width of [360, 1280]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 800 } });

    test('no page of a session violates WCAG 2.2 AA or is wider than the screen', async ({ page, world, open }) => {
      test.slow();
      const made = await session(world, open, '无障碍听证会');
      const { session: done, receipts } = await drawn(world, open, '无障碍抽签');
      for (const language of LANGUAGES) {
        const judge = async (where: string) => {
          expect(await violations(page), `${where} ${language}`).toEqual([]);
          expect(await widest(page), `${where} ${language}`).toBeLessThanOrEqual(width);
        };
        for (const path of [`/hearings/${made.id}`, `/hearings/${made.id}/apply`, `/hearings/${done.id}`, `/hearings/${done.id}/draw`, `/hearings/${done.id}/draw?ticket=1`]) {
          await page.goto(`${world.yanlu.url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
          await judge(path);
        }
        await page.goto(`${world.yanlu.url}/hearings/${made.id}/apply?lang=${language}`);
        const form = new ApplyForm(page, language);
        await form.button('comment_review').click();
        await expect(page.getByRole('alert')).toBeVisible();
        await judge('errors');
        await form.fill('旁听人员', 'w'.repeat(60), `${language}${width}@example.org`);
        await form.review();
        await judge('review');
        await form.send();
        await judge('receipt');
      }
      await openReceipt(page, world, receipts[0].receipt);
      expect(await violations(page)).toEqual([]);
    });
  });
}
