/*
 * What a department pastes: <yanlu-consultation> and <yanlu-list>. See docs/embedding.md.
 *
 * ASCII only and free of top-level names, so that it also works pasted into a GBK page or as a
 * classic script. This address is for ever: it may learn, never break.
 *
 * Frames and this script exchange { yanlu: 1, ... } only:
 *   from the frame  height, theme (names it wants), to (scroll to this line), new (page changed)
 *   to the frame    theme (values), light (the page around is light whatever the system says), hash
 */
{
  // Style sheets by their text, and texts by their address.
  const sheets = {};
  const stops = new WeakMap();
  const starts = new WeakMap();

  // Nothing of the host page reaches what is inside: not its rules, not its inherited values, only
  // whether it is light or dark, which is read from the colour.
  const own =
    ':host(:not([hidden])){display:block!important}' +
    'iframe{border:0;color:canvastext;display:block;width:100%;height:0;visibility:hidden}' +
    '@layer host{:host>div{all:initial;color:canvastext;color-scheme:inherit;display:block}}';

  const dress = (root, css) => {
    try {
      if (!sheets[css]) (sheets[css] = new CSSStyleSheet()).replaceSync(css);
      root.adoptedStyleSheets = [sheets[css]];
    } catch {
      // Safari before 16.4 makes no such sheets.
      const style = document.createElement('style');
      style.textContent = css;
      root.prepend(style);
    }
  };

  // A page that is light whatever the system says gets no dark widget.
  const light = (node) => getComputedStyle(node).color === 'rgb(0, 0, 0)';
  const dark = matchMedia('(prefers-color-scheme:dark)');

  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) start(target);
    },
    { rootMargin: '400px' }
  );

  const start = (element) => {
    near.unobserve(element);
    const begin = starts.get(element);
    starts.delete(element);
    begin?.();
  };

  const sorry = {
    'zh-Hans': '\u6b64\u5904\u65e0\u6cd5\u663e\u793a\uff0c\u8bf7\u6253\u5f00\u539f\u9875\u9762',
    'zh-Hant': '\u6b64\u8655\u7121\u6cd5\u986f\u793a\uff0c\u8acb\u958b\u555f\u539f\u9801\u9762',
    en: 'This cannot be shown here. Open the page itself',
  };

  const language = (element) => {
    const tag = element.closest('[lang]')?.lang;
    if (/^zh/i.test(tag)) return /^zh-(hant|tw|hk|mo)/i.test(tag) ? 'zh-Hant' : 'zh-Hans';
    return /^en/i.test(tag) ? 'en' : '';
  };

  const plan = (element) => {
    stop(element);
    let page;
    try {
      page = new URL(element.getAttribute('src'), document.baseURI);
    } catch {
      return; // Without an address there is only the fallback.
    }
    const parts = /^\/(c|u)\/([^/]+)(?:\/(\w+))?/.exec(page.pathname);
    if (!parts || !element.hasAttribute('src')) return;
    const lang = language(element);
    const address = new URL(`/embed/${parts[1]}/${parts[2]}`, page);
    address.search = page.search;
    const put = (name, value) => value && address.searchParams.set(name, value);
    put('view', element.getAttribute('view') || parts[3]);
    put('lang', lang);
    put('host', location.origin);

    const room = element.getAttribute('height');
    if (room) element.style.minHeight = room + 'px';

    const root = element.shadowRoot || element.attachShadow({ mode: 'open' });
    const slot = document.createElement('slot');
    root.replaceChildren(slot);
    dress(root, own);

    const life = new AbortController();
    const { signal } = life;
    stops.set(element, life);

    const inline = async () => {
      // The smallest module there is: refused where the page's policy forbids WASM.
      await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
      const from = new URL(address);
      from.searchParams.set('mode', 'inline');
      const answer = await fetch(from, { signal });
      if (!answer.ok) throw answer.status;
      const content = document.createElement('template');
      content.innerHTML = await answer.text();
      const { css, boot } = content.content.firstElementChild.dataset;
      const style = new URL(css, from);
      sheets[style] ||= fetch(style).then((found) => {
        if (!found.ok) throw found.status;
        return found.text();
      });
      const look = await sheets[style].catch((error) => {
        delete sheets[style];
        throw error;
      });
      if (signal.aborted) return;
      const box = document.createElement('div');
      box.append(content.content);
      // Without their island, forms and links lead somewhere, but never away from the host page.
      for (const way of box.querySelectorAll('form,a[href]:not([href^="#"])')) way.target ||= '_blank';
      const inside = box.firstElementChild;
      root.replaceChildren(box);
      dress(root, own + look);
      const lit = () => inside.classList.toggle('lit', light(box));
      lit();
      dark.addEventListener('change', lit, { signal });
      box.style.setProperty('--u', getComputedStyle(box).fontSize);
      const show = (hash) => {
        const target = root.getElementById(hash.slice(1));
        target?.scrollIntoView();
        return target;
      };
      box.addEventListener('click', (event) => {
        const link = event.target.closest('a[href^="#"]');
        const target = link && show(link.hash);
        if (!target) return;
        event.preventDefault();
        // The keyboard goes on from there; a heading takes the focus only when asked to.
        if (target.tabIndex < 0) target.tabIndex = -1;
        target.focus({ preventScroll: true });
      });
      addEventListener('hashchange', () => show(location.hash), { signal });
      show(location.hash);
      // Should this fail, the console says so and the forms stay plain ones.
      if (boot) import(new URL(boot, from)).then((module) => module.enhance(root));
    };

    const frame = () => {
      if (signal.aborted) return;
      const frame = document.createElement('iframe');
      let ready;
      let names = [];
      const tell = (message) => frame.contentWindow.postMessage({ yanlu: 1, ...message }, page.origin);
      const theme = () => {
        const style = getComputedStyle(element);
        const values = {};
        for (const name of names) values[name] = style.getPropertyValue(name).trim();
        tell({ theme: values, light: light(frame) });
      };
      dark.addEventListener('change', theme, { signal });
      addEventListener(
        'message',
        ({ source, origin, data }) => {
          if (source !== frame.contentWindow || origin !== page.origin || data?.yanlu !== 1) return;
          if (data.theme) {
            names = data.theme;
            theme();
          }
          if (data.height) {
            frame.style.height = data.height + 'px';
            if (!ready) {
              ready = true;
              frame.style.visibility = 'visible';
              // Moving a frame would load it again: the others go instead.
              for (const other of root.querySelectorAll('slot,div,p')) other.remove();
            }
          }
          const top = frame.getBoundingClientRect().top;
          if (data.new && top < 0) frame.scrollIntoView();
          if (data.to >= 0) scrollTo(scrollX, scrollY + top + data.to);
        },
        { signal }
      );
      addEventListener('hashchange', () => tell({ hash: location.hash }), { signal });
      frame.title = element.title || element.textContent.trim().replace(/\s+/g, ' ') || 'Yanlu';
      frame.loading = 'lazy';
      frame.allow = 'clipboard-write';
      // A frame that loaded and said nothing was refused, or is an error page of the browser.
      frame.onload = () =>
        setTimeout(() => {
          if (ready || signal.aborted || root.querySelector('p')) return;
          const line = document.createElement('p');
          const link = document.createElement('a');
          link.href = page;
          link.textContent = sorry[lang] || sorry['zh-Hans'] + ' / ' + sorry.en;
          line.append(link);
          root.append(line);
        }, 1000);
      frame.src = address + (page.hash || location.hash);
      root.append(frame);
    };

    starts.set(element, () =>
      element.getAttribute('mode') === 'inline' ? inline().catch(frame) : frame()
    );
    // A link into a widget that has not been looked at yet.
    if (location.hash && !document.querySelector(':target')) start(element);
    else near.observe(element);
  };

  const stop = (element) => {
    near.unobserve(element);
    starts.delete(element);
    stops.get(element)?.abort();
  };

  for (const name of ['consultation', 'list']) {
    const tag = 'yanlu-' + name;
    if (!customElements.get(tag)) {
      customElements.define(
        tag,
        class extends HTMLElement {
          static get observedAttributes() {
            return ['src', 'view', 'mode', 'lang'];
          }
          attributeChangedCallback(name, before, after) {
            if (before !== null && before !== after && this.isConnected) plan(this);
          }
          connectedCallback() {
            plan(this);
          }
          disconnectedCallback() {
            stop(this);
          }
        }
      );
    }
  }
}
