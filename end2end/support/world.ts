/**
 * A small world with every kind of thing more than once: two units, consultations in several
 * states, comments with several points from people and organisations, two draft versions.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Account, Yanlu } from './server';

export type Clause = { id: string; label: string; text: string };
export type Consultation = { number: string; title: string; clauses: Clause[] };
export type Receipt = { number: string; receipt: string };
export type Point = { clause?: string; text: string; proposed?: string };

type Sample = { points: Point[]; decision?: string; name?: string; kind?: string; display?: string; contact?: string };

/** A text of the demonstration. */
export const demo = (name: string) => fs.readFileSync(path.join(__dirname, '../../server/demo', name), 'utf8');

export const DRAFT = `# 机动车停车条例（草案）

## 第一章 总则

第一条 为了加强机动车停车治理，维护停车秩序，制定本条例。

第二条 本市行政区域内停车设施的规划、建设、使用和管理，适用本条例。

第三条 停车坚持有偿使用、共享利用、严格执法。

## 第二章 停车设施

第四条 新建公共建筑应当按照标准配建停车位，并符合下列要求：
（一）配建电动汽车充电设施；
（二）设置无障碍停车位。

第五条 居住区停车位不足的，可以在周边道路设置夜间停车位。
夜间停车位的使用时间为二十时至次日七时。

第六条 鼓励单位将停车位向社会开放。

## 第三章 法律责任

第七条 违反本条例规定停放车辆的，处二百元罚款。

第八条 本条例自公布之日起施行。
`;

/** The second version: one clause reworded as asked, one added. */
export const REVISED = DRAFT.replace('二十时至次日七时', '十九时至次日八时').replace(
  '第八条 本条例自公布之日起施行。',
  '第八条 停车收费标准应当向社会公布。\n\n第九条 本条例自公布之日起施行。',
);

/** What every consultation of this world says in short. */
export const SUMMARY = '规范停车秩序，增加停车位供给，明确执法责任。';

/** Seconds; what must be answered has to be over first. */
export const SHORT_ROUND = 20;

export class World {
  constructor(
    readonly yanlu: Yanlu,
    readonly staff: Account,
    readonly unit: string,
  ) {}

  private get bearer() {
    return { authorization: `Bearer ${this.staff.token}` };
  }

  /** A staff call. */
  act<T = any>(method: string, address: string, body?: unknown): Promise<T> {
    return this.yanlu.call<T>(method, address, body, this.bearer);
  }

  /** A consultation that takes comments from now on. A short round is at least 20 s: a slow machine
   * must have sent all its comments by then; `closed` waits for the rest. */
  async open(title: string, seconds = 40 * 24 * 3600, draft = DRAFT): Promise<Consultation> {
    const { number } = await this.act('POST', '/consultations', {
      unit: this.unit,
      title,
      summary: SUMMARY,
      explanation: '## 起草背景\n\n机动车保有量**持续增长**，停车供需矛盾突出。\n\n- 供给不足\n- 秩序混乱',
      contact: '市交通委员会 停车管理处 010-12345678',
      other_ways: '信函请寄示范市交通委员会，邮编 100000。',
    });
    const { version, clauses } = await this.act('POST', `/consultations/${number}/drafts`, { text: draft });
    const now = Date.now();
    await this.act('POST', `/consultations/${number}/publish`, {
      version,
      opens_at: new Date(now).toISOString(),
      closes_at: new Date(now + seconds * 1000).toISOString(),
      reason_for_short_period: seconds < 30 * 24 * 3600 ? '应急事项，期限缩短。' : undefined,
    });
    return { number, title, clauses };
  }

  clause(consultation: Consultation, label: string): Clause {
    const found = consultation.clauses.find((clause) => clause.label === label);
    if (!found) throw new Error(`no clause ${label} in ${consultation.number}`);
    return found;
  }

  /** A comment from a named person whose name is shown in part, unless said otherwise. */
  comment(consultation: Consultation, points: Point[], author: object = {}): Promise<Receipt> {
    const body = { author: { kind: 'individual', name: '朱小明', display: 'masked', ...author }, points };
    return this.yanlu.call('POST', `/consultations/${consultation.number}/comments`, body, {
      'idempotency-key': randomUUID(),
    });
  }

  moderate(comment: Receipt, decision: 'publish' | 'hold', reason?: string): Promise<unknown> {
    return this.act('POST', `/comments/${comment.number}/moderation`, { decision, reason });
  }

  /** Comments received and published. */
  async published(consultation: Consultation, count: number): Promise<Receipt[]> {
    const receipts = [];
    for (let index = 0; index < count; index++) {
      const clause = consultation.clauses[index % consultation.clauses.length];
      const points: Point[] = [
        { clause: clause.id, text: `第${index + 1}件意见：${clause.label || '此处'}的规定应当更加明确，便于执行，也便于群众了解和监督。` },
      ];
      if (index % 3 === 0) points.push({ text: `第${index + 1}件意见的补充：希望同步公布配套细则。`, proposed: '本条例施行前公布配套细则。' });
      const author = index % 4 === 0 ? { kind: 'organisation', name: '某某物业公司', display: 'shown' } : {};
      const receipt = await this.comment(consultation, points, author);
      await this.moderate(receipt, 'publish');
      receipts.push(receipt);
    }
    return receipts;
  }

  /** Comments as people write them, of the demonstration's two drafts: no two say the same. */
  async real(consultation: Consultation, count: number): Promise<void> {
    const said = ['parking', 'sme-payment'].flatMap((name) => JSON.parse(demo(`${name}.json`)) as Sample[]);
    const samples = said.filter(({ decision }) => !decision).slice(0, count);
    if (samples.length < count) throw new Error(`the demonstration has only ${samples.length} comments`);
    for (const { points, decision, ...author } of samples) {
      const tied = points.map(({ clause, ...point }, index) => ({
        ...point,
        clause: clause && (consultation.clauses.find(({ label }) => label === clause) ?? consultation.clauses[index]).id,
      }));
      await this.moderate(await this.comment(consultation, tied, author), 'publish');
    }
  }

  /** Waits until the round is over, by the server's clock. */
  async closed(consultation: Consultation): Promise<void> {
    const deadline = Date.now() + (SHORT_ROUND + 20) * 1000;
    while (Date.now() < deadline) {
      const { state } = await this.yanlu.call('GET', `/consultations/${consultation.number}`);
      if (state === 'closed') return;
      await new Promise((next) => setTimeout(next, 50));
    }
    throw new Error(`${consultation.number} did not close`);
  }

  /** One that has gone through everything: one point adopted, one not, and two receipts to ask. */
  async answered(title: string): Promise<{ consultation: Consultation; adopted: Receipt; refused: Receipt }> {
    const consultation = await this.open(title, SHORT_ROUND);
    const night = this.clause(consultation, '第五条');
    const fine = this.clause(consultation, '第七条');
    const adopted = await this.comment(consultation, [
      { clause: night.id, text: '夜间停车时间太短，建议延长。', proposed: '夜间停车位的使用时间为十九时至次日八时。' },
      { text: '总体赞成。' },
    ]);
    const refused = await this.comment(consultation, [{ clause: fine.id, text: '罚款太高，建议降低。' }], {
      kind: 'organisation',
      name: '出租汽车协会',
      display: 'shown',
    });
    for (const receipt of [adopted, refused]) await this.moderate(receipt, 'publish');
    const { version } = await this.act('POST', `/consultations/${consultation.number}/drafts`, { text: REVISED });
    await this.closed(consultation);
    const { items } = await this.act('GET', `/consultations/${consultation.number}/queue`);
    const points = items.flatMap((item: any) => item.points) as { id: string; text: string }[];
    const point = (part: string) => {
      const found = points.find(({ text }) => text.includes(part));
      if (!found) throw new Error(`no point says ${part}`);
      return found.id;
    };
    await this.act('PUT', `/points/${point('夜间')}/response`, {
      disposition: 'adopted',
      reason: '延长夜间停车时间，方便居民。',
      change: { clause: night.id },
    });
    await this.act('PUT', `/points/${point('赞成')}/response`, { disposition: 'support_noted' });
    await this.act('PUT', `/points/${point('罚款')}/response`, {
      disposition: 'not_adopted',
      reason: '罚款数额依据上位法确定，不宜降低。',
    });
    await this.act('POST', `/consultations/${consultation.number}/feedback`, {
      asked: '就停车条例草案征求意见。',
      heard: '收到两件意见、三个意见点。',
      changed: `第五条已修改，见第 ${version} 稿。`,
    });
    return { consultation, adopted, refused };
  }
}
