/* Enhances the public pages, frames and inline widgets. */
import { enhancer } from './enhancer.js';

export const enhance = enhancer(
  () => import('./site.js'),
  new URL('./site_bg.wasm', import.meta.url)
);

// On our own pages and in our own frames at once; an inline widget calls it with its shadow root.
if (location.origin === new URL(import.meta.url).origin) enhance(document);
