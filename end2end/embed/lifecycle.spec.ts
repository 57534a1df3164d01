import { test, expect, department, requests, snippet } from '../support/test';
import { shifted, watchShifts } from '../support/shift';
import { word } from '../support/words';
import budgets from '../budgets.json';


test('below the viewport nothing is loaded; near it, its frame; and nothing moves', async ({ page, world, open, host }) => {
  const seen = requests(page);
  await watchShifts(page);
  const far = `<div style="height:4000px">公告正文</div>${snippet(world, `/c/${open.number}`)}<p>页脚</p>`;
  await page.goto(host.put('far', department(far)), { waitUntil: 'load' });
  // The loader has run; what is far away is looked at in the next frame.
  await page.evaluate(async () => {
    await customElements.whenDefined('yanlu-consultation');
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  });
  const ours = () => seen.filter((url) => url.origin === world.yanlu.url).map((url) => url.pathname);
  expect(ours()).toEqual(['/embed/v1.js']);
  expect(await page.locator('yanlu-consultation iframe').count()).toBe(0);

  await page.mouse.wheel(0, 3000);
  await expect(page.frameLocator('yanlu-consultation iframe').locator('body')).toContainText(open.title);
  expect(ours()).toContain(`/embed/c/${open.number}`);
  expect(ours().filter((path) => path.endsWith('.wasm'))).toEqual([]);
  expect(await shifted(page)).toBeLessThanOrEqual(budgets.layout_shift);
});

test('the fallback stays until the frame is there, and then lends it its name', async ({ page, world, open, host }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/embed\/c\//, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(host.put('fallback', department(snippet(world, `/c/${open.number}`))));
  const fallback = page.getByRole('link', { name: '公开征求意见' });
  await expect(page.locator('yanlu-consultation iframe')).toHaveCount(1);
  await expect(fallback).toBeVisible();
  release();
  await expect(page.locator('iframe')).toHaveAttribute('title', '公开征求意见');
  await expect(page.frameLocator('iframe').locator('body')).toContainText(open.title);
  await expect(fallback).toBeHidden();
});

test('the frame is exactly as high as its content, also when that grows', async ({ page, world, open, host }) => {
  await page.goto(host.put('height', department(snippet(world, `/c/${open.number}`, 'view="comment"'))));
  const inside = page.frameLocator('iframe');
  const fits = async () => {
    const height = await inside.locator('html').evaluate((html) => Math.ceil(html.getBoundingClientRect().height));
    const outer = await page.locator('iframe').evaluate((frame) => frame.getBoundingClientRect().height);
    return Math.abs(height - outer);
  };
  await expect(inside.getByText(word('comment_proposed_open'))).toBeVisible();
  await expect.poll(fits).toBeLessThanOrEqual(1);
  const before = await page.locator('iframe').evaluate((frame) => frame.clientHeight);
  await inside.getByText(word('comment_proposed_open')).click();
  await expect.poll(() => page.locator('iframe').evaluate((frame) => frame.clientHeight)).toBeGreaterThan(before);
  await expect.poll(fits).toBeLessThanOrEqual(1);
});

test('messages from anybody but the frame are ignored', async ({ page, world, open, host }) => {
  await page.goto(host.put('messages', department(`${snippet(world, `/c/${open.number}`)}<iframe id="ad" src="about:blank"></iframe>`)));
  const frame = page.locator('yanlu-consultation iframe');
  await expect(page.frameLocator('yanlu-consultation iframe').locator('body')).toContainText(open.title);
  await expect.poll(() => frame.evaluate((element) => element.clientHeight)).toBeGreaterThan(100);
  await page.evaluate(async () => {
    window.postMessage({ yanlu: 1, height: 7, to: 9000 }, '*');
    const ad = (document.getElementById('ad') as HTMLIFrameElement).contentWindow as any;
    ad.eval('parent.postMessage({ yanlu: 1, height: 7, to: 9000 }, "*")');
    await new Promise((next) => setTimeout(next, 0));
    await new Promise((next) => requestAnimationFrame(next));
  });
  expect(await frame.evaluate((element) => element.clientHeight)).toBeGreaterThan(100);
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test('widgets can be moved, taken out, put back and pointed elsewhere', async ({ page, world, open, answered, host }) => {
  await page.goto(host.put('moves', department(`<div id="a">${snippet(world, `/c/${open.number}`)}</div><div id="b"></div>`)));
  const inside = page.frameLocator('yanlu-consultation iframe').locator('body');
  await expect(inside).toContainText(open.title);
  await page.evaluate(() => document.getElementById('b')!.append(document.querySelector('yanlu-consultation')!));
  await expect(inside).toContainText(open.title);
  await page.evaluate((src) => document.querySelector('yanlu-consultation')!.setAttribute('src', src),
    `${world.yanlu.url}/c/${answered.consultation.number}`);
  await expect(inside).toContainText(answered.consultation.title);
  await page.evaluate(() => {
    const widget = document.querySelector('yanlu-consultation')!;
    widget.remove();
    widget.setAttribute('view', 'comments');
    document.getElementById('a')!.append(widget);
  });
  await expect(inside).toContainText(word('comments_heading'));
  expect(await page.locator('yanlu-consultation iframe').count()).toBe(1);
});

test('a script of the region or of the writing chooses between the two Chinese', async ({ page, world, open, host }) => {
  for (const [tag, language] of [['zh-Hans-HK', 'zh-Hans'], ['zh-HK', 'zh-Hant'], ['zh-Hant-MO', 'zh-Hant'], ['zh-SG', 'zh-Hans']]) {
    await page.goto(host.put(`lang-${tag}`, department(snippet(world, `/c/${open.number}`, `lang="${tag}"`))));
    await expect(page.frameLocator('iframe').locator('html'), tag).toHaveAttribute('lang', language);
  }
});

test('where a page does not say its language, what cannot be shown is said in Chinese and English', async ({ page, world, open, stranger }) => {
  const mute = department(snippet(world, `/c/${open.number}`)).replace(' lang="zh-CN"', '');
  await page.route(/\/embed\/c\//, (route) => route.abort());
  await page.goto(stranger.put('mute', mute));
  const line = page.locator('yanlu-consultation p a');
  await expect(line).toContainText('此处无法显示');
  await expect(line).toContainText('Open the page itself');
});

test('a browser that makes no style sheets by script gets them as elements, and never loses the link', async ({ page, world, open, host }) => {
  await page.addInitScript(() => {
    (window as any).CSSStyleSheet = class {
      constructor() {
        throw new TypeError('Illegal constructor');
      }
    };
    delete (ShadowRoot.prototype as any).adoptedStyleSheets;
  });
  for (const mode of ['frame', 'inline']) {
    await page.goto(host.put(`old-${mode}`, department(snippet(world, `/c/${open.number}`, `mode="${mode}"`))));
    const widget = page.locator('yanlu-consultation');
    const inside = mode === 'frame' ? widget.frameLocator('iframe').locator('body') : widget.locator('.yanlu').first();
    await expect(inside).toContainText(open.title);
    await expect(inside.locator('h1, h2').first()).toHaveCSS('font-family', /Songti/);
    await expect(widget.locator('iframe')).toHaveCount(mode === 'frame' ? 1 : 0);
    const width = await widget.evaluate((element) => element.shadowRoot!.querySelector('iframe, div')!.clientWidth);
    expect(width).toBeGreaterThan(600);
  }
});

test('a link of the contents takes the keyboard along, inside the page too', async ({ page, world, open, host }) => {
  await page.setViewportSize({ width: 700, height: 600 });
  await page.goto(host.put('contents', department(snippet(world, `/c/${open.number}`, 'mode="inline" view="draft"'))));
  const widget = page.locator('yanlu-consultation');
  await widget.locator('.toc summary').click();
  const clause = world.clause(open, '第七条').id;
  await widget.locator(`.toc a[href="#clause-${clause}"]`).press('Enter');
  await expect(widget.locator(`#clause-${clause}`)).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(widget.locator(`#clause-${clause} a`).first()).toBeFocused();
});

test('the language is the one of the host page, or of the element', async ({ page, world, open, host }) => {
  const both = snippet(world, `/c/${open.number}`, 'class="host"') + snippet(world, `/c/${open.number}`, 'lang="en-GB" class="own"');
  await page.goto(host.put('lang', department(both).replace('lang="zh-CN"', 'lang="zh-TW"')));
  await expect(page.frameLocator('.host iframe').locator('html')).toHaveAttribute('lang', 'zh-Hant');
  await page.locator('.own').scrollIntoViewIfNeeded();
  await expect(page.frameLocator('.own iframe').locator('html')).toHaveAttribute('lang', 'en');
});

for (const mode of ['frame', 'inline']) {
  test(`a link to a clause finds it inside the ${mode} widget, however far down`, async ({ page, world, open, host }) => {
    const clause = world.clause(open, '第七条');
    const body = `<div style="height:3000px"></div>${snippet(world, `/c/${open.number}`, `mode="${mode}" view="draft"`)}<div style="height:2000px"></div>`;
    await page.goto(`${host.put(`hash-${mode}`, department(body))}#clause-${clause.id}`);
    const widget = page.locator('yanlu-consultation');
    const inside = mode === 'frame' ? widget.frameLocator('iframe').locator(`#clause-${clause.id}`) : widget.locator(`#clause-${clause.id}`);
    await expect(inside).toBeInViewport();
  });
}

test('the keyboard goes in and out of a frame', async ({ page, world, open, host }) => {
  const body = `<a href="#before">之前</a>${snippet(world, `/c/${open.number}`, 'view="comments"')}<a href="#after">之后</a>`;
  await page.goto(host.put('keys', department(body)));
  await expect(page.frameLocator('iframe').getByRole('link').first()).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: '之前' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.frameLocator('iframe').locator(':focus')).toHaveCount(1);
  const after = page.getByRole('link', { name: '之后' });
  for (let step = 0; step < 200; step++) {
    if (await after.evaluate((link) => link === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('the keyboard does not leave the frame');
});
