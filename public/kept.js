/*
 * What the comment form keeps in this browser, where no island is needed: what is old is forgotten,
 * a comment that went by the plain form takes its draft along, and a page without a form gives back
 * what was never sent.
 *
 * An entry of localStorage is named `yanlu:` and the consultation's number, a second one `.2` behind
 * it, and so on. It is an urlencoded form with `at`, the milliseconds of its last edit, or says
 * `sent` (app/src/comments/islands/kept.rs).
 */
const LIFE = 30 * 24 * 60 * 60 * 1000;

const entries = (name) =>
  Object.keys(localStorage).filter((key) => key === name || key.startsWith(name + '.'));

const read = (entry) => new URLSearchParams(localStorage.getItem(entry));

const words = (entry) =>
  [...read(entry)]
    .filter(([name, value]) => /^points\.\d+\.(text|proposed)$/.test(name) && value.trim())
    .map(([, value]) => value.trim());

/** Whether something is kept under this name that was not sent. */
export const held = (name) => {
  try {
    return entries(name).some((entry) => !read(entry).has('sent'));
  } catch {
    return false; // Storage is forbidden here: then nothing can have been kept.
  }
};

/** Sees to what is kept, and to the places under `root` that tell of it. */
export const tend = (root) => {
  try {
    for (const entry of Object.keys(localStorage).filter((key) => key.startsWith('yanlu:'))) {
      if (!(+read(entry).get('at') > Date.now() - LIFE)) localStorage.removeItem(entry);
    }
    for (const place of root.querySelectorAll('yanlu-kept')) {
      const { sent, left } = place.dataset;
      if (sent) {
        const said = new Set([...place.children].map((line) => line.textContent.trim()));
        for (const entry of entries(sent)) {
          if (words(entry).every((word) => said.has(word)))
            localStorage.setItem(entry, `sent=1&at=${Date.now()}`);
        }
      }
      const found = left ? entries(left).flatMap(words) : [];
      if (found.length) give(place, left, found);
    }
  } catch {
    // Storage is forbidden here.
  }
};

const give = (place, name, found) => {
  const lines = found.map((word) => {
    const line = document.createElement('p');
    line.className = 'said';
    line.dir = 'auto';
    line.textContent = word;
    return line;
  });
  place.querySelector('p').after(...lines);
  place.hidden = false;
  place.querySelector('button').onclick = () => {
    for (const entry of entries(name)) localStorage.removeItem(entry);
    place.hidden = true;
  };
};
