/* Enhances the staff desk. */
import { enhancer } from './enhancer.js';

enhancer(
  () => import('./console.js'),
  new URL('./console_bg.wasm', import.meta.url)
)(document);
