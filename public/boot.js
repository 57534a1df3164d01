/* Enhances the public pages, frames and inline widgets. */
import { enhancer } from './enhancer.js';
import { tend } from './kept.js';

const wake = enhancer(
  () => import('./site.js'),
  new URL('./site_bg.wasm', import.meta.url)
);

export const enhance = (root) => {
  tend(root);
  wake(root);
};

// On our own pages and in our own frames at once; an inline widget calls it with its shadow root.
if (location.origin === new URL(import.meta.url).origin) enhance(document);
