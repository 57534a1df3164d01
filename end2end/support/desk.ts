/** Signing in to the staff desk, by its form. */
import { expect, type Page } from '@playwright/test';
import type { World } from './world';
import type { Account } from './server';

export const signIn = async (page: Page, world: World, account: Account = world.staff) => {
  if (!page.url().includes('/desk/login')) await page.goto(`${world.yanlu.url}/desk/login`);
  await page.locator('[name=email]').fill(account.email);
  await page.locator('[name=password]').fill(account.password);
  await page.getByRole('main').getByRole('button').last().click();
  await expect(page).toHaveURL(/\/desk(\?|$)/);
};
