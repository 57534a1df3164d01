/*
 * Brings islands to life when a person first touches one, and not before.
 *
 * `enhancer(load, wasm)` gives `enhance(root)`, for a document or a shadow root, to be called as
 * often as content changes. `load` imports the glue of the module, `wasm` is the module's address.
 * An island is hydrated at once inside `[data-eager]`, and inside `[data-draft]` when something is
 * kept under that name: then there is something to restore, and `data-held` tells the island so.
 */
import { held } from './kept.js';

export function enhancer(load, wasm) {
  let running;
  const alive = new WeakSet();
  const listening = new WeakSet();

  // One module for every root on the page. After a failure the next touch tries again.
  const start = () =>
    (running ||= Promise.all([load(), fetch(wasm)]).then(async ([module, bytes]) => {
      if (!bytes.ok) throw new Error(`${wasm}: ${bytes.status}`);
      await module.default({ module_or_path: bytes });
      module.start();
      return module;
    })).catch((error) => {
      running = undefined;
      throw error;
    });

  const asleep = (root) =>
    [...root.querySelectorAll('leptos-island')].filter((island) => !alive.has(island));

  const wake = async (root) => {
    const module = await start();
    for (const island of asleep(root)) {
      alive.add(island);
      module[island.dataset.component](island);
    }
  };

  const remembered = (island) => {
    const keeper = island.closest('[data-draft]');
    if (!keeper || !held(keeper.dataset.draft)) return false;
    // What another window writes later is that window's own.
    keeper.dataset.held = '';
    return true;
  };

  return function enhance(root) {
    const urgent = asleep(root).filter(
      (island) => remembered(island) || island.closest('[data-eager]')
    ).length;
    let waiting;
    let held;

    const touch = () => {
      if (waiting || !asleep(root).length) return;
      // On a poor line the forms must not hang for ever: then they work as plain forms.
      const patience = new Promise((_, give) => setTimeout(give, 8000, new Error('too slow')));
      const release = () => {
        waiting = undefined;
        const button = held;
        held = undefined;
        if (button && button.isConnected) button.click();
      };
      waiting = Promise.race([wake(root), patience]).then(release, (error) => {
        console.warn('yanlu: the page goes on without its script', error);
        release();
      });
    };

    if (urgent) touch();
    if (listening.has(root)) return;
    listening.add(root);

    for (const kind of ['focusin', 'pointerdown', 'keydown']) {
      root.addEventListener(
        kind,
        (event) => event.target.closest && event.target.closest('leptos-island') && touch(),
        { capture: true, passive: true }
      );
    }
    // A button pressed in the moment between is pressed again when the island can hear it.
    root.addEventListener(
      'click',
      (event) => {
        const button = event.target.closest && event.target.closest('button,input[type=submit]');
        const island = button && button.closest('leptos-island');
        if (!waiting || !island || alive.has(island)) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        held = button;
      },
      true
    );
  };
}
