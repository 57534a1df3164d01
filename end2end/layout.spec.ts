/** How things stand: on a small phone, in a narrow column of a wide page, on paper. */
import { test, expect, department, snippet } from './support/test';
import { signIn } from './support/desk';
import { shifted, watchShifts } from './support/shift';
import budgets from './budgets.json';
import type { Page } from '@playwright/test';

const widest = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);

test.describe('on a small phone', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('nothing of the public pages is wider, in Chinese and in English, without scripts', async ({ page, world, open, answered }) => {
    test.slow();
    await page.route('**/*.js', (route) => route.abort());
    const long = await world.open(`A title with Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft`);
    const receipt = await world.comment(long, [{ text: `https://example.org/${'x'.repeat(300)}` }], { name: 'w'.repeat(60), display: 'shown' });
    await world.moderate(receipt, 'publish');
    const n = answered.consultation.number;
    const paths = [
      '/', '/u/transport', `/c/${open.number}`, `/c/${open.number}/comment`, `/c/${open.number}/comments`, `/c/${n}`,
      `/c/${n}/feedback`, `/c/${n}/changes/1/2`, `/c/${long.number}`, `/c/${long.number}/comments`, '/r',
    ];
    for (const language of ['zh-Hans', 'en']) {
      for (const path of paths) {
        await page.goto(`${world.yanlu.url}${path}?lang=${language}`);
        expect(await widest(page), `${path} ${language}`).toBeLessThanOrEqual(360);
      }
    }
  });

  test('nothing of the desk is wider', async ({ page, world, open }) => {
    test.slow();
    await signIn(page, world);
    const base = `/desk/c/${open.number}`;
    const paths = [
      '/desk', '/desk/c/new', base, `${base}/draft`, `${base}/draft/1`, `${base}/round`, `${base}/queue`,
      `${base}/points`, `${base}/feedback`, '/desk/account', '/desk/unit', '/desk/audit',
    ];
    for (const language of ['zh-Hans', 'en']) {
      for (const path of paths) {
        await page.goto(`${world.yanlu.url}${path}?lang=${language}`);
        expect(await widest(page), `${path} ${language}`).toBeLessThanOrEqual(360);
      }
    }
  });

  test('no widget makes its page wider', async ({ page, world, open, answered, host }) => {
    for (const mode of ['frame', 'inline']) {
      for (const { number, title } of [open, answered.consultation]) {
        await page.goto(host.put(`phone-${mode}-${number}`, department(snippet(world, `/c/${number}`, `mode="${mode}"`))));
        const widget = page.locator('yanlu-consultation');
        const inside = mode === 'frame' ? widget.frameLocator('iframe').locator('.yanlu') : widget.locator('.yanlu');
        await expect(inside).toContainText(title);
        expect(await widest(page), mode).toBeLessThanOrEqual(360);
        const spare = await inside.evaluate((root) => root.scrollWidth - root.clientWidth);
        expect(spare, mode).toBeLessThanOrEqual(0);
      }
    }
  });
});

for (const mode of ['frame', 'inline']) {
  test(`in a narrow column of a wide page the text has the column to itself, in ${mode} mode`, async ({ page, world, open, host }, info) => {
    const column = `<div style="width:400px">${snippet(world, `/c/${open.number}`, `mode="${mode}" view="draft"`)}</div>`;
    await page.goto(host.put(`column-${mode}`, department(column)));
    const widget = page.locator('yanlu-consultation');
    const inside = mode === 'frame' ? widget.frameLocator('iframe').locator('.yanlu') : widget.locator('.yanlu');
    await expect(inside).toContainText('第五条');
    const law = inside.locator('.law');
    expect(await law.evaluate((element) => element.clientWidth)).toBeGreaterThan(340);
    await expect(inside.locator('.toc summary')).toBeVisible();
    await page.screenshot({ path: info.outputPath(`column-${mode}.png`) });
  });
}

test('the contents are folded on a phone and stand open beside the text, and say just that', async ({ page, world, open }) => {
  await page.goto(`${world.yanlu.url}/c/${open.number}`);
  const contents = page.locator('.toc').first();
  const list = contents.getByRole('navigation');
  // Where the list is shown without being opened, nothing says that it is folded.
  await expect(list).toBeVisible();
  await expect(contents.locator('summary')).toBeHidden();
  await page.setViewportSize({ width: 600, height: 700 });
  await expect(contents.locator('summary')).toBeVisible();
  await expect(list).toBeHidden();
  await contents.locator('summary').click();
  await expect(list).toBeVisible();
});

test('on paper the desk keeps what the lists say, without what one could press', async ({ page, world, open }) => {
  await signIn(page, world);
  await page.emulateMedia({ media: 'print' });
  for (const [path, text] of [['queue', '第1件意见：'], ['points', '第1件意见：']]) {
    await page.goto(`${world.yanlu.url}/desk/c/${open.number}/${path}`);
    await expect(page.getByRole('main').getByText(text).first(), path).toBeVisible();
    const pressed = page.locator('button, select, input, textarea');
    expect(await pressed.count(), path).toBeGreaterThan(0);
    expect(await pressed.evaluateAll((all) => all.filter((one) => one.checkVisibility()).length), path).toBe(0);
  }
  await page.goto(`${world.yanlu.url}/desk`);
  await expect(page.locator('.scroll').first()).toHaveCSS('overflow', 'visible');
});

for (const view of ['consultation', 'list']) {
  test(`the snippet of a ${view}, just as the desk prints it, moves nothing on its page`, async ({ page, world, open, host }) => {
    await signIn(page, world);
    await page.goto(`${world.yanlu.url}${view === 'list' ? '/desk/unit' : `/desk/c/${open.number}`}`);
    const pasted = await page.locator('.snippet code').first().innerText();
    expect(pasted).toContain(`<yanlu-${view} `);
    await watchShifts(page);
    for (const after of ['', '<p>页脚</p>']) {
      await page.goto(host.put(`pasted-${view}`, `<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>部门网站</title>${pasted}${after}`));
      const inside = page.frameLocator('iframe').locator('body');
      await expect(inside).toContainText(open.title);
      await expect.poll(() => page.locator('iframe').evaluate((frame) => frame.clientHeight)).toBeGreaterThan(100);
      expect(await shifted(page), after).toBeLessThanOrEqual(budgets.layout_shift);
    }
  });
}
