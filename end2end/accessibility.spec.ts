import AxeBuilder from '@axe-core/playwright';
import { test, expect, department, snippet } from './support/test';
import { LANGUAGES } from './support/words';
import { CommentForm } from './support/comment';
import { signIn } from './support/desk';
import { openPoll } from './support/poll';
import { held } from './support/session';
import type { Page } from '@playwright/test';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const violations = async (page: Page) => {
  const { violations, passes } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  expect(passes.length).toBeGreaterThan(10);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.html.slice(0, 120)}`).join(' | ')}`);
};

for (const width of [360, 1280]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 800 } });

    for (const language of LANGUAGES) {
      test(`no public page violates WCAG 2.2 AA in ${language}`, async ({ page, world, open, answered }) => {
        test.slow();
        const n = answered.consultation.number;
        const clause = world.clause(open, '第五条').id;
        const paths = [
          '/', '/u/transport', `/c/${open.number}`, `/c/${open.number}/draft/1`, `/c/${open.number}/comments`,
          `/c/${open.number}/comments?clause=${clause}`, `/c/${open.number}/comment?clause=${clause}`,
          `/c/${n}`, `/c/${n}/feedback`, `/c/${n}/changes/1/2`, '/r', '/c/2026-9999',
        ];
        for (const path of paths) {
          await page.goto(`${world.yanlu.url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
          await expect(page.locator('html')).toHaveAttribute('lang', language);
          expect(await violations(page), path).toEqual([]);
        }
      });

      test(`no page of the desk violates WCAG 2.2 AA in ${language}`, async ({ page, world, open }) => {
        test.slow();
        await page.goto(`${world.yanlu.url}/desk/login?lang=${language}`);
        expect(await violations(page), 'login').toEqual([]);
        await signIn(page, world);
        const base = `/desk/c/${open.number}`;
        const paths = [
          '/desk', '/desk/c/new', base, `${base}/draft`, `${base}/draft/1`, `${base}/round`, `${base}/queue`,
          `${base}/points`, `${base}/feedback`, '/desk/account', '/desk/unit', '/desk/audit',
        ];
        for (const path of paths) {
          await page.goto(`${world.yanlu.url}${path}?lang=${language}`);
          expect(await violations(page), path).toEqual([]);
        }
      });
    }
  });
}

test('no page of the desk for sessions and polls violates WCAG 2.2 AA', async ({ page, world, open }) => {
  test.slow();
  const { session, observers } = await held(world, open, '无障碍听证会');
  const receipt = `/receipts/${observers[0].receipt}`;
  await world.yanlu.call('POST', `${receipt}/minutes`, { correction: '第一段有误。' });
  await world.yanlu.call('POST', `${receipt}/opinion`, { text: '材料应当提前公开。' });
  const poll = await openPoll(world, open, '无障碍调查');
  await signIn(page, world);
  const [hearing, dossier, asked] = [`/desk/hearings/${session.id}`, `/desk/c/${open.number}`, `/desk/polls/${poll}`];
  const paths = [
    `${dossier}/hearings`, `${dossier}/hearings/new`, hearing, `${hearing}/edit`, `${hearing}/applications`, `${hearing}/checkin`,
    `${hearing}/papers`, `${hearing}/minutes`, `${hearing}/corrections`, `${hearing}/opinions`, `${hearing}/report`,
    `${dossier}/polls`, `${dossier}/polls/new`, asked, `${asked}/results`, `${asked}/texts`, `/hearings/${session.id}`,
  ];
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of paths) {
      const answer = await page.goto(world.yanlu.url + path);
      expect(answer?.status(), path).toBe(200);
      expect(await violations(page), `${path} at ${width}`).toEqual([]);
      expect(await page.evaluate(() => document.scrollingElement!.scrollWidth), `${path} at ${width}`).toBeLessThanOrEqual(width);
    }
  }
});

test('a form with errors, a review and a receipt have no violation', async ({ page, world, open }) => {
  await page.goto(`${world.yanlu.url}/c/${open.number}/comment`);
  const press = (action: string) => page.locator(`button[name=action][value=${action}]:visible`).last().click();
  await press('review');
  await expect(page.getByRole('alert')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.locator('[name="points.0.text"]').fill('请明确收费标准。');
  await page.locator('[name=display][value=anonymous]').check();
  const form = new CommentForm(page);
  await form.review();
  expect(await violations(page)).toEqual([]);
  await form.send();
  expect(await violations(page)).toEqual([]);
});

for (const mode of ['frame', 'inline']) {
  test(`a department's page with a widget in ${mode} mode has no violation`, async ({ page, world, open, host }) => {
    await page.goto(host.put(`axe-${mode}`, department(`<main>${snippet(world, `/c/${open.number}`, `mode="${mode}"`)}</main>`)));
    const widget = page.locator('yanlu-consultation');
    const inside = mode === 'frame' ? widget.frameLocator('iframe').locator('body') : widget.locator('.yanlu').first();
    await expect(inside).toContainText(open.title);
    // The department's own page is not what is judged: it has a heading inside and one outside.
    const { violations } = await new AxeBuilder({ page }).withTags(RULES.slice(0, 5)).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)).toEqual([]);
  });
}

test('forced colours keep an edge around every control, and nothing moves for those who want less', async ({ page, world, open }) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  for (const path of [`/c/${open.number}/comment`, '/r']) {
    await page.goto(`${world.yanlu.url}${path}`);
    const controls = page.locator('button:not(.vh), .button, textarea, select, input:not([type=hidden], [type=radio])');
    const edges = await controls.evaluateAll((all) =>
      all.filter((one) => one.checkVisibility()).map((one) => {
        const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(one);
        return { bare: borderTopStyle === 'none' || borderTopWidth === '0px' || borderTopColor === backgroundColor, html: one.outerHTML.slice(0, 120) };
      }),
    );
    expect(edges.length, path).toBeGreaterThan(1);
    expect(edges.filter(({ bare }) => bare), path).toEqual([]);
    expect(await page.locator('html').evaluate((html) => getComputedStyle(html).scrollBehavior), path).toBe('auto');
  }
});

test.describe('in the dark', () => {
  test.use({ colorScheme: 'dark' });

  test('no public page violates WCAG 2.2 AA', async ({ page, world, open, answered }) => {
    test.slow();
    const n = answered.consultation.number;
    for (const path of ['/', `/c/${open.number}`, `/c/${open.number}/comments`, `/c/${open.number}/comment`, `/c/${n}`, `/c/${n}/feedback`, `/c/${n}/changes/1/2`, '/r']) {
      await page.goto(world.yanlu.url + path);
      expect(await violations(page), path).toEqual([]);
      expect(await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor), path).toBe('rgb(18, 24, 32)');
    }
  });

  const ACCENT = '--yanlu-accent: #0b5cad; --yanlu-on-accent: #fff';
  for (const mode of ['frame', 'inline']) {
    for (const [kind, head, paper] of [
      ['light', `<style>yanlu-consultation { ${ACCENT} }</style>`, 'rgb(255, 255, 255)'],
      ['dark', `<style>:root { color-scheme: light dark } yanlu-consultation { ${ACCENT} }</style>`, 'rgb(18, 24, 32)'],
      ['dark by its head', `<meta name="color-scheme" content="light dark"><style>yanlu-consultation { ${ACCENT} }</style>`, 'rgb(18, 24, 32)'],
    ]) {
      test(`a widget in ${mode} mode with a department's colours is readable on a page that is ${kind}`, async ({ page, world, open, host }) => {
        const body = `<main>${snippet(world, `/c/${open.number}`, `mode="${mode}"`)}</main>`;
        await page.goto(host.put(`dark-${mode}`, department(body, head)));
        const widget = page.locator('yanlu-consultation');
        const inside = mode === 'frame' ? widget.frameLocator('iframe').locator('body') : widget.locator('.yanlu').first();
        await expect(inside).toContainText(open.title);
        await expect(inside).toHaveCSS('background-color', paper);
        await expect.poll(() => inside.evaluate((root) => getComputedStyle(root).getPropertyValue('--yanlu-accent').trim())).toBe('#0b5cad');
        const { violations } = await new AxeBuilder({ page }).withTags(RULES.slice(0, 5)).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)).toEqual([]);
      });
    }
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the ring around what has the focus stands out from paper and boxes when it is ${colorScheme}`, async ({ page, world }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${world.yanlu.url}/`);
    const [ring, paper, wash] = await page.evaluate(() => {
      const probe = document.createElement('i');
      document.body.append(probe);
      return ['--f', '--p', '--w'].map((name) => {
        probe.style.color = `var(${name})`;
        const parts = getComputedStyle(probe).color.match(/[\d.]+/g)!.slice(0, 3).map((part) => Number(part) / 255);
        const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      });
    });
    for (const ground of [paper, wash]) {
      const contrast = (Math.max(ring, ground) + 0.05) / (Math.min(ring, ground) + 0.05);
      expect(contrast).toBeGreaterThanOrEqual(3);
    }
  });
}
