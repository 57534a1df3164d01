/** A poll with a question of every kind, and its form as a person uses it. */
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import type { Consultation, World } from './world';
import { word } from './words';

export const QUESTIONS = [
  { code: 's1', kind: 'section', text: '现状', hint: '先说说您现在怎样停车。' },
  {
    code: 'view', kind: 'single', text: '您是否赞成夜间限时停车？', required: true,
    options: [{ code: 'for', text: '赞成' }, { code: 'against', text: '反对' }, { code: 'unsure', text: '说不清' }],
  },
  { code: 'why', kind: 'long_text', text: '您为什么反对？', required: true, show_if: { question: 'view', any_of: ['against'] } },
  {
    code: 'when', kind: 'multiple', text: '哪些时段最难停车？', max: 2,
    options: [{ code: 'am', text: '早上' }, { code: 'pm', text: '下午' }, { code: 'night', text: '夜里' }],
  },
  { code: 'ease', kind: 'scale', text: '现在停车方便吗？', min_label: '很不方便', max_label: '很方便' },
  { code: 's2', kind: 'section', text: '建议' },
  {
    code: 'rank', kind: 'ranking', text: '哪些措施更要紧？',
    options: [{ code: 'build', text: '新建停车场' }, { code: 'share', text: '单位车位共享' }, { code: 'fine', text: '加大处罚' }],
  },
  {
    code: 'grid', kind: 'matrix', text: '您对下列服务满意吗？',
    rows: [{ code: 'staff', text: '收费人员' }, { code: 'price', text: '收费标准' }],
    options: [{ code: 'good', text: '满意' }, { code: 'fair', text: '一般' }, { code: 'bad', text: '不满意' }],
  },
  { code: 'street', kind: 'short_text', text: '您住在哪条街？' },
  { code: 'cars', kind: 'number', text: '家里有几辆车？', min: 0, max: 10 },
];

/** An open poll of every kind of question; its results show at once unless said otherwise. */
export const openPoll = async (world: World, consultation: Consultation, title: string, more: object = {}): Promise<string> => {
  const { id } = await world.act('POST', `/consultations/${consultation.number}/polls`, {
    title,
    intro: '请居民和商户回答，约需三分钟。',
    method: '网上自愿作答，十日内，不抽样。',
    results: 'at_once',
    questions: QUESTIONS,
    ...more,
  });
  const now = Date.now();
  await world.act('POST', `/polls/${id}/publish`, {
    opens_at: new Date(now).toISOString(),
    closes_at: new Date(now + 10 * 24 * 3600 * 1000).toISOString(),
  });
  return id;
};

type Place = Page | FrameLocator | Locator;

export class BallotForm {
  constructor(private readonly place: Place) {}

  /** The box of a question, by what it asks. */
  question(text: string): Locator {
    return this.place.locator('.question', { hasText: text });
  }

  choice(question: string, label: string | RegExp): Locator {
    return this.question(question).getByLabel(label, typeof label === 'string' ? { exact: true } : {});
  }

  rank(label: string): Locator {
    return this.question('哪些措施更要紧').getByLabel(label, { exact: true });
  }

  row(label: string): Locator {
    return this.question('下列服务满意吗').getByRole('radiogroup', { name: label });
  }

  text(question: string): Locator {
    return this.question(question).locator('input, textarea');
  }

  button(key: string): Locator {
    return this.place.getByRole('button', { name: word(key), exact: true });
  }

  /** Answers every question, as somebody who is against it. */
  async answerAll(): Promise<void> {
    await this.choice('是否赞成', '反对').check();
    await this.text('为什么反对').fill('夜里要出诊。');
    await this.choice('哪些时段', '早上').check();
    await this.choice('哪些时段', '夜里').check();
    await this.choice('现在停车方便吗', /^1/).check();
    await this.rank('新建停车场').selectOption('2');
    await this.rank('单位车位共享').selectOption('1');
    await this.rank('加大处罚').selectOption('3');
    await this.row('收费人员').getByLabel('满意', { exact: true }).check();
    await this.row('收费标准').getByLabel('不满意', { exact: true }).check();
    await this.text('哪条街').fill('东门街');
    await this.text('几辆车').fill('１.5');
  }

  /** The code on the receipt that is shown now. */
  async receipt(): Promise<string> {
    await expect(this.place.getByRole('heading', { name: word('poll_receipt_title') })).toBeVisible();
    return (await this.place.locator('.receipt code').innerText()).trim();
  }
}
