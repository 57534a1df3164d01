/*
 * Runs in our frames: tells the page around it how high they are, takes its theme and its hash.
 * What the messages mean stands in embed/v1.js.
 */

// The custom properties that a department may set, as style/tokens.css lists them.
const THEME = [
  '--yanlu-accent',
  '--yanlu-on-accent',
  '--yanlu-text',
  '--yanlu-muted',
  '--yanlu-line',
  '--yanlu-paper',
  '--yanlu-wash',
  '--yanlu-good',
  '--yanlu-bad',
  '--yanlu-focus',
  '--yanlu-font',
  '--yanlu-serif',
  '--yanlu-radius',
];

if (parent !== window) {
  const root = document.documentElement;
  const say = (message) => parent.postMessage({ yanlu: 1, ...message }, '*');
  let said;

  // Measured rather than waited for: browsers do not lay out a frame that cannot be seen yet.
  const measure = (more) => {
    const height = Math.ceil(root.getBoundingClientRect().height);
    if (height !== said || more) say({ height, ...more });
    said = height;
  };

  const go = (hash) => {
    const target = hash && document.getElementById(hash.slice(1));
    if (target) say({ to: Math.round(target.getBoundingClientRect().top - root.getBoundingClientRect().top) });
  };

  addEventListener('message', ({ source, data }) => {
    if (source !== parent || !data || data.yanlu !== 1) return;
    for (const name of THEME) {
      const value = data.theme && data.theme[name];
      // An empty one takes back what was set before.
      if (typeof value === 'string') root.style.setProperty(name, value);
    }
    if ('light' in data) root.classList.toggle('lit', data.light);
    if (typeof data.hash === 'string') go(data.hash);
    measure();
  });

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link) go(link.hash);
  });

  // A form was sent or a link followed inside the frame: its beginning should be seen.
  measure({ theme: THEME, new: document.referrer.startsWith(location.origin) });
  go(location.hash);
  new ResizeObserver(() => measure()).observe(root);
  addEventListener('load', () => measure());
  document.fonts.ready.then(() => measure());
}
