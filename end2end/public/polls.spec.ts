import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { test, expect, department, snippet } from '../support/test';
import { BallotForm, openPoll } from '../support/poll';
import { LANGUAGES, word } from '../support/words';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const violations = async (page: Page) => {
  const { violations, passes } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  expect(passes.length).toBeGreaterThan(10);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.html.slice(0, 120)}`).join(' | ')}`);
};

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('every kind of question is answered in one sitting, with one press, and counted', async ({ page, world, open }) => {
  const id = await openPoll(world, open, '停车调查（一次答完）');
  await page.goto(`${world.yanlu.url}/polls/${id}`);
  const form = new BallotForm(page);
  // Asked of opponents only, and hidden from everybody else.
  await expect(form.question('为什么反对')).toBeHidden();
  await form.choice('是否赞成', '反对').check();
  await expect(form.question('为什么反对')).toBeVisible();
  await form.choice('是否赞成', '赞成').check();
  await expect(form.question('为什么反对')).toBeHidden();
  await form.answerAll();
  await form.button('poll_send').click();
  await form.receipt();

  await page.goto(`${world.yanlu.url}/polls/${id}`);
  await expect(form.choice('是否赞成', '反对')).not.toBeChecked();
  await expect(form.question('为什么反对')).toBeHidden();
  await form.choice('是否赞成', '赞成').check();
  await form.choice('哪些时段', '早上').check();
  await form.text('几辆车').fill('3');
  await form.button('poll_send').click();
  await form.receipt();

  await page.goto(`${world.yanlu.url}/polls/${id}/results`);
  const main = page.getByRole('main');
  await expect(main).toContainText(word('poll_ballots', { n: 2 }));
  const outcome = (text: string) => page.locator('.outcome', { hasText: text });
  const bar = (question: string, option: string) => outcome(question).locator('.bars > li', { hasText: option });
  await expect(bar('是否赞成', '反对')).toContainText('50%');
  await expect(bar('哪些时段', '早上')).toContainText('100%');
  await expect(bar('哪些时段', '夜里')).toContainText('50%');
  await expect(outcome('现在停车方便吗')).toContainText(word('poll_answered', { n: 1, n_ballots: 2 }));
  await expect(outcome('现在停车方便吗').getByRole('img')).toHaveAttribute('aria-label', /1 100%/);
  await expect(outcome('哪些措施').locator('.bars > li').first()).toContainText('单位车位共享');
  await expect(outcome('几辆车')).toContainText(word('poll_figures', { least: 1.5, mean: 2.25, median: 2.25, most: 3 }));
  await expect(outcome('为什么反对')).toContainText(word('poll_texts_withheld', { n: 1 }));
  await outcome('下列服务').getByText(word('poll_table')).click();
  await expect(outcome('下列服务').getByRole('row', { name: /收费标准/ })).toContainText('1 (100%)');
});

test('what was chosen is kept in this browser until it is sent', async ({ page, world, open }) => {
  const id = await openPoll(world, open, '停车调查（草稿）');
  await page.goto(`${world.yanlu.url}/polls/${id}`);
  const form = new BallotForm(page);
  await form.answerAll();
  await expect(page.getByText(word('poll_kept_here'))).toBeVisible();
  await page.reload();
  await expect(page.getByText(word('poll_restored'))).toBeVisible();
  await expect(form.choice('是否赞成', '反对')).toBeChecked();
  await expect(form.text('为什么反对')).toHaveValue('夜里要出诊。');
  await expect(form.rank('加大处罚')).toHaveValue('3');
  await form.button('poll_clear').click();
  await expect(form.choice('是否赞成', '反对')).not.toBeChecked();
  await expect(form.question('现在停车方便吗').getByLabel(word('poll_no_answer'))).toBeChecked();
  await page.reload();
  await expect(form.question('为什么反对')).toBeHidden();
  await expect(page.getByText(word('poll_restored'))).toBeHidden();
  await form.choice('是否赞成', '赞成').check();
  await form.button('poll_send').click();
  await form.receipt();
  await page.goto(`${world.yanlu.url}/polls/${id}`);
  await expect(form.question('为什么反对')).toBeHidden();
  await expect(page.getByText(word('poll_restored'))).toBeHidden();
});

test('pressed twice, and again after going back, a ballot counts once', async ({ page, world, open }) => {
  const id = await openPoll(world, open, '停车调查（一次）');
  await page.goto(`${world.yanlu.url}/polls/${id}`);
  const form = new BallotForm(page);
  await form.choice('是否赞成', '赞成').check();
  await form.button('poll_send').dblclick();
  const code = await form.receipt();
  const { ballots } = await world.yanlu.call('GET', `/polls/${id}/results`);
  expect(ballots).toBe(1);
  expect(code).toMatch(/^[0-9A-Z]{4}-/);
});

test.describe('at 360 px', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('a poll is answered by keyboard alone, and nothing is wider than the screen', async ({ page, world, open }) => {
    const id = await openPoll(world, open, '停车调查（键盘）');
    await page.goto(`${world.yanlu.url}/polls/${id}`);
    const form = new BallotForm(page);
    await expect(form.question('为什么反对')).toBeHidden();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    const focused = (name: string) => page.evaluate((name) => document.activeElement?.getAttribute('name') === name, name);
    const to = async (name: string) => {
      for (let presses = 0; presses < 60; presses++) {
        if (await focused(name)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`${name} is not reached by Tab`);
    };
    await to('a.view');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await expect(form.choice('是否赞成', '反对')).toBeChecked();
    await to('a.why');
    await page.keyboard.type('夜里要出诊。');
    await to('a.when');
    await page.keyboard.press('Space');
    await to('a.ease');
    await page.keyboard.press('ArrowUp');
    for (const [option, place] of [['build', '2'], ['share', '1'], ['fine', '3']]) {
      await to(`a.rank.${option}`);
      for (let presses = 0; presses < Number(place); presses++) await page.keyboard.press('ArrowDown');
      await expect(page.locator(`[name="a.rank.${option}"]`)).toHaveValue(place);
    }
    await to('a.grid.staff');
    await page.keyboard.press('ArrowDown');
    await to('a.street');
    await page.keyboard.type('东门街');
    await to('a.cars');
    await page.keyboard.type('2');
    await page.keyboard.press('Enter');
    await form.receipt();
    await page.goto(`${world.yanlu.url}/polls/${id}/results`);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await expect(page.getByRole('main')).toContainText(word('poll_ballots', { n: 1 }));
  });
});

for (const width of [360, 1280]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 800 } });

    for (const language of LANGUAGES) {
      test(`no page of a poll violates WCAG 2.2 AA in ${language}`, async ({ page, world, open }) => {
        test.slow();
        const id = await openPoll(world, open, `停车调查（${language} ${width}）`);
        const other = await openPoll(world, open, `评估调查（${language} ${width}）`, { phase: 'after' });
        for (const poll of [id, other]) {
          await page.goto(`${world.yanlu.url}/polls/${poll}?lang=${language}`);
          const form = new BallotForm(page);
          await form.answerAll();
          expect(await violations(page), 'form').toEqual([]);
          await form.text('几辆车').fill('两辆');
          await page.locator('button.button[name=action]').click();
          await expect(page.getByRole('alert')).toBeVisible();
          expect(await violations(page), 'errors').toEqual([]);
          await form.text('几辆车').fill('2');
          await page.locator('button.button[name=action]').click();
          await expect(page.locator('.receipt code')).toBeVisible();
          expect(await violations(page), 'receipt').toEqual([]);
        }
        for (const path of [`/polls/${id}/results`, `/polls/${id}/results?with=${other}`, `/c/${open.number}`]) {
          await page.goto(`${world.yanlu.url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
          expect(await violations(page), path).toEqual([]);
          expect(await overflow(page), path).toBeLessThanOrEqual(0);
        }
      });
    }
  });
}

test('a department embeds the poll, and it is answered without leaving the page', async ({ page, world, host }) => {
  const consultation = await world.open('嵌入调查的事项');
  await openPoll(world, consultation, '停车调查（嵌入）');
  const body = snippet(world, `/c/${consultation.number}`, 'view="poll"');
  await page.goto(host.put('poll', department(`<main>${body}</main>`)));
  const form = new BallotForm(page.locator('yanlu-consultation').frameLocator('iframe'));
  await form.answerAll();
  await form.button('poll_send').click();
  await form.receipt();
});
