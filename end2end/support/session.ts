/** Sessions that people apply to attend: made through the JSON API, applied for by the form's labels. */
import { randomUUID } from 'node:crypto';
import { expect, type FrameLocator, type Page } from '@playwright/test';
import type { Consultation, Receipt, World } from './world';
import { word, type Language } from './words';

export type Session = { id: string; title: string };

const CATEGORIES = [
  { code: 'residents', name: '居民代表', quota: 2, fill: 'draw', conditions: '年满十八周岁，在本区居住。' },
  { code: 'operators', name: '经营者代表', quota: 1, fill: 'first_come' },
  { code: 'observers', name: '旁听人员', quota: 3, fill: 'first_come' },
];

/** A session that takes applications from now on, for so many seconds, and begins so many after that. */
export const session = async (
  world: World,
  consultation: Consultation,
  title: string,
  seconds = 9 * 24 * 3600,
  pause = 20 * 24 * 3600,
): Promise<Session> => {
  const now = Date.now();
  const { id } = await world.act('POST', `/consultations/${consultation.number}/hearings`, {
    kind: 'hearing',
    title,
    matter: '就夜间停车时间的调整听取意见。',
    starts_at: new Date(now + (seconds + pause) * 1000).toISOString(),
    place: '示范市交通委员会 三楼会议室',
    total: 3,
    categories: CATEGORIES,
    applications_open_at: new Date(now - 1000).toISOString(),
    applications_close_at: new Date(now + seconds * 1000).toISOString(),
    bring: '身份证件。',
    discipline: '发言不超过五分钟。',
    contact: '停车管理处 010-12345678',
  });
  await world.act('POST', `/hearings/${id}/publish`);
  return { id, title };
};

/** An application by the JSON API. */
export const apply = (world: World, { id }: Session, application: object): Promise<Receipt & { state: string }> =>
  world.yanlu.call('POST', `/hearings/${id}/applications`, { category: 'residents', name: '朱小明', contact: '13800138000', publish_name: false, ...application }, {
    'idempotency-key': randomUUID(),
  });

/** Waits until the period is over, as the clock of the server says. */
const closed = (world: World, { id }: Session) =>
  expect.poll(async () => (await world.yanlu.call('GET', `/hearings/${id}`)).state, { timeout: 40_000 }).toBe('closed');

/** A session whose draw is done, among `count` eligible residents. */
export const drawn = async (world: World, consultation: Consultation, title: string, count = 5) => {
  const made = await session(world, consultation, title, 6);
  const receipts: Receipt[] = [];
  for (let index = 0; index < count; index++) {
    const receipt = await apply(world, made, { name: `居民${index + 1}`, contact: `1380013800${index}` });
    await world.act('POST', `/applications/${receipt.number}/review`, { eligible: true });
    receipts.push(receipt);
  }
  await closed(world, made);
  await world.act('POST', `/hearings/${made.id}/freeze`, { seed_source: '双色球第 2026140 期开奖号码' });
  const result = await world.act('POST', `/hearings/${made.id}/draw`, { seed: '07 11 23 24 30 33 + 05' });
  return { session: made, receipts, chosen: result.chosen.residents as string[], reserves: result.reserves.residents as string[] };
};

/** A session that was held, whose two observers came first; its minutes can be corrected. */
export const held = async (world: World, consultation: Consultation, title: string) => {
  const made = await session(world, consultation, title, 6, 0);
  const observers: Receipt[] = [];
  for (const name of ['欧阳小明', '诸葛芳']) {
    observers.push(await apply(world, made, { category: 'observers', name, contact: `${observers.length}@example.org`, publish_name: true }));
  }
  await closed(world, made);
  await world.act('POST', `/hearings/${made.id}/minutes`, {
    attendance: '应到五人，实到四人。',
    statements: [],
    corrections_until: new Date(Date.now() + 9 * 24 * 3600 * 1000).toISOString(),
  });
  return { session: made, observers };
};

/** The form to apply, as a person uses it. */
export class ApplyForm {
  constructor(
    private readonly place: Page | FrameLocator,
    private readonly language: Language = 'zh-Hans',
  ) {}

  field(key: string) {
    return this.place.getByLabel(word(key, {}, this.language), { exact: true });
  }

  category(name: string) {
    return this.place.getByRole('radio', { name, exact: true });
  }

  button(key: string, parameters = {}) {
    return this.place.getByRole('button', { name: word(key, parameters, this.language), exact: true });
  }

  async fill(category: string, name: string, contact: string): Promise<void> {
    await this.category(category).check();
    await this.field('apply_name').fill(name);
    await this.field('apply_contact').fill(contact);
  }

  async review(): Promise<void> {
    await this.button('comment_review').click();
    await expect(this.place.getByRole('heading', { name: word('apply_review_title', {}, this.language) })).toBeVisible();
  }

  /** Sends what is under review and gives the public number and the secret code. */
  async send(): Promise<{ number: string; code: string }> {
    await this.button('apply_send').click();
    await expect(this.place.getByRole('heading', { name: word('application_received', {}, this.language) })).toBeVisible();
    const text = await this.place.locator('main').innerText();
    const code = /[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z*~$=]/.exec(text)?.[0];
    const number = /\d{4}-\d{4,}-h\d+-\d{4,}/.exec(text)?.[0];
    if (!code || !number) throw new Error(`no receipt in: ${text}`);
    return { number, code };
  }
}

/** Opens a receipt at `/r`. */
export const openReceipt = async (page: Page, world: World, code: string) => {
  await page.goto(`${world.yanlu.url}/r`);
  await page.getByLabel(word('receipt_code'), { exact: true }).fill(code);
  await page.getByRole('main').locator('button[name=action][value=open]').click();
};
