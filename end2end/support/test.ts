/**
 * The specs' `test`: one running Yanlu per worker, with a small world in it, and sites of other
 * people around it.
 */
import { test as base, expect, type Page } from '@playwright/test';
import type { Options } from '../playwright.config';
import { Host } from './host';
import { Yanlu } from './server';
import { World, type Consultation, type Receipt } from './world';

export type Answered = { consultation: Consultation; adopted: Receipt; refused: Receipt };

type PerWorker = Options & {
  /** A site that the unit has listed. */
  host: Host;
  /** A site that it has not. */
  stranger: Host;
  world: World;
  /** Takes comments; some are published. Tests add to it, and never count on a total. */
  open: Consultation;
  /** Its feedback is published. */
  answered: Answered;
};

export const test = base.extend<{}, PerWorker>({
  database: ['sqlite', { option: true, scope: 'worker' }],
  host: [
    async ({}, use) => {
      const host = await Host.start();
      await use(host);
      await host.stop();
    },
    { scope: 'worker' },
  ],
  stranger: [
    async ({}, use) => {
      const host = await Host.start();
      await use(host);
      await host.stop();
    },
    { scope: 'worker' },
  ],
  world: [
    async ({ database, host }, use) => {
      const yanlu = await Yanlu.prepare(database);
      yanlu.addUnit('transport', '示范市交通委员会', [host.url]);
      yanlu.addUnit('water', '示范市水务局', []);
      const staff = yanlu.addAccount('transport', 'all@example.org', ['editor', 'moderator', 'approver', 'administrator']);
      await yanlu.serve();
      await use(new World(yanlu, staff, 'transport'));
      await yanlu.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  open: [
    async ({ world }, use) => {
      const open = await world.open('机动车停车条例（草案）');
      await world.published(open, 6);
      const held = await world.comment(open, [{ text: '本店代办停车证，欢迎来电。' }]);
      await world.moderate(held, 'hold', 'advertising');
      await use(open);
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  answered: [
    async ({ world }, use) => {
      await use(await world.answered('共享单车管理办法（草案）'));
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

export { expect };

/** The snippet that a department pastes, as the desk prints it. */
export const snippet = (world: World, path: string, attributes = '', tag = 'yanlu-consultation') =>
  `<script type="module" src="${world.yanlu.url}/embed/v1.js"></script>
<${tag} src="${world.yanlu.url}${path}" ${attributes.includes('style=') ? '' : 'style="display:block;min-height:100vh" '}${attributes}><a href="${world.yanlu.url}${path}">公开征求意见</a></${tag}>`;

/** A plain page of a department around some HTML. */
export const department = (body: string, head = '') =>
  `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>部门网站</title>${head}</head><body><h1>部门网站</h1>${body}</body></html>`;

/** Notes every request, with where it went. Call before navigating. */
export const requests = (page: Page): URL[] => {
  const seen: URL[] = [];
  page.on('request', (request) => seen.push(new URL(request.url())));
  return seen;
};
