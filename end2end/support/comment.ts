/** The comment form, as a person uses it: by its labels, in Chinese unless said otherwise. */
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { word } from './words';

type Place = Page | FrameLocator | Locator;

export class CommentForm {
  constructor(private readonly place: Place) {}

  point(number: number): Locator {
    return this.place.getByRole('group', { name: word('comment_point', { number }), exact: true });
  }

  text(number: number): Locator {
    return this.point(number).getByLabel(word('comment_text'), { exact: true });
  }

  clause(number: number): Locator {
    return this.point(number).getByLabel(word('comment_clause'));
  }

  async propose(number: number, wording: string): Promise<void> {
    await this.point(number).getByText(word('comment_proposed_open')).click();
    await this.point(number).getByLabel(word('comment_proposed'), { exact: true }).fill(wording);
  }

  get name(): Locator {
    return this.place.getByLabel(word('comment_name'));
  }

  get anonymous(): Locator {
    return this.place.getByLabel(word('code_display_anonymous'), { exact: true });
  }

  button(key: string, parameters = {}): Locator {
    return this.place.getByRole('button', { name: word(key, parameters), exact: true });
  }

  async review(): Promise<void> {
    await this.button('comment_review').click();
    await expect(this.place.getByRole('heading', { name: word('comment_review_title') })).toBeVisible();
  }

  /** Sends what is under review and gives the public number and the secret code. */
  async send(): Promise<{ number: string; code: string }> {
    await this.button('comment_send').click();
    await expect(this.place.getByRole('heading', { name: word('receipt_title') })).toBeVisible();
    const text = await this.place.locator('main, .yanlu').first().innerText();
    const code = /[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z*~$=]/.exec(text)?.[0];
    const number = /\d{4}-\d{4,}-\d+/.exec(text)?.[0];
    if (!code || !number) throw new Error(`no receipt in: ${text}`);
    return { number, code };
  }
}
