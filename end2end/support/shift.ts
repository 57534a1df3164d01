/** Layout shift as browsers report it (CLS without session windows: a stricter sum). */
import type { Page } from '@playwright/test';

/** Call before navigating. */
export const watchShifts = (page: Page) =>
  page.addInitScript(() => {
    (window as any).shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as any[]) {
        if (!entry.hadRecentInput) (window as any).shifts.push(entry.value);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });

/** The sum so far, in the page itself; frames have their own. */
export const shifted = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    return (window as any).shifts.reduce((sum: number, value: number) => sum + value, 0);
  });
