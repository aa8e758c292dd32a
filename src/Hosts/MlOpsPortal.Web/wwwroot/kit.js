// What the kit does in the browser without a round trip: theme, copying, menus, dialogs. Listeners sit on the document, so that
// they hold for static pages, for circuits and after navigation alike.
(() => {
  'use strict';
  const say = text => {
    const status = document.getElementById('kit-status');
    status.textContent = '';
    requestAnimationFrame(() => { status.textContent = text; });
  };

  const remember = (name, value) => {
    document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`;
  };
  // Times are rendered by the server, in the viewer's zone.
  remember('zone', Intl.DateTimeFormat().resolvedOptions().timeZone);

  // MLflow's client prints addresses of its own pages, below the tracking URI: {uri}/#/experiments/{id}/runs/{run}. They lead to ours.
  const mlflow = location.hash.match(/^#\/experiments\/([\w-]+)(?:\/runs\/([\w-]+))?/);
  const place = location.pathname.match(/^\/t\/[^/]+/);
  if (mlflow && place) location.replace(`${place[0]}/experiments/${mlflow[1]}${mlflow[2] ? `/runs/${mlflow[2]}` : ''}`);

  const setTheme = theme => {
    document.documentElement.dataset.theme = theme;
    document.querySelector('meta[name=color-scheme]').content = theme;
    document.querySelectorAll('link[data-light]').forEach(link => { link.href = link.dataset[theme]; });
    remember('theme', theme);
    say(`${theme} theme`);
  };

  // What is not there yet is promised: some browsers let a click copy nothing that comes later.
  const toClipboard = source => (source instanceof Promise
    ? navigator.clipboard.write([new ClipboardItem({ 'text/plain': source.then(text => new Blob([text], { type: 'text/plain' })) })])
    : navigator.clipboard.writeText(source));
  const copy = async (button, source) => {
    try {
      await toClipboard(source);
      button.dataset.copied = '';
      say('Copied');
      setTimeout(() => { delete button.dataset.copied; }, 1500);
    } catch {
      say('The browser refused to copy');
    }
  };

  const sourceOf = button => (button.dataset.copyFrom ? document.getElementById(button.dataset.copyFrom)?.textContent : button.dataset.copy) ?? '';

  // The address of what is seen. A long one waits for the short one that the portal makes of it; where none comes, the long one is copied.
  let linkMade = () => {};
  const linkOf = button => {
    const address = button.dataset.copyLink || location.href;
    return address.length <= Number(button.dataset.longest) ? address : new Promise(resolve => {
      linkMade = link => resolve(link || address);
      setTimeout(linkMade, 15000);
    });
  };

  const closeMenus = except => document.querySelectorAll('details.menu[open]').forEach(menu => {
    if (menu !== except) menu.open = false;
  });

  document.addEventListener('click', event => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const menu = target.closest('details.menu');
    closeMenus(menu);
    if (menu && target.closest('.menu-list a')) menu.open = false;
    if (target.closest('.rail a')) document.getElementById('rail')?.matches(':popover-open') && document.getElementById('rail').hidePopover();

    const button = target.closest('button');
    if (!button) return;
    if ('themeToggle' in button.dataset) setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
    if ('copy' in button.dataset || 'copyFrom' in button.dataset) copy(button, sourceOf(button));
    if ('copyLink' in button.dataset) copy(button, linkOf(button));
    if ('reload' in button.dataset) location.reload();
    if ('print' in button.dataset) window.print();
    if ('reconnect' in button.dataset) Blazor.reconnect().then(reached => { if (reached === false) location.reload(); });
  });

  // Drafts: what is typed into a [data-draft] box goes to the server over HTTP while it is typed, beside the circuit. It lies in the browser
  // first, on a shelf of its own, until the server has it: what cannot be sent is sent when the portal can be reached again.
  const waiting = new Map(); // shelf -> what is sent soon
  const sending = new Map(); // shelf -> the last sending, which the next one follows
  const typed = new WeakSet(); // fields that somebody has typed into since they are there
  const shelf = (owner, key) => `draft:${owner}:${key}`;
  // Its own words, without those of what stands in it: a hint, the control itself.
  const textOf = node => [...node?.childNodes ?? []].filter(child => child.nodeType === Node.TEXT_NODE).map(child => child.textContent).join('').replace(/\s+/g, ' ').trim();
  // With the name of the group it is in: "Key result 2: Unit".
  const nameOf = field => {
    const group = field.closest('fieldset, [role=group][aria-label]');
    const of = group && (group.getAttribute('aria-label') ?? textOf(group.querySelector('legend')));
    const own = field.dataset.draftName ?? (field.type === 'radio' ? '' : field.getAttribute('aria-label') ?? textOf(field.labels?.[0]));
    return of && own ? `${of}: ${own}` : own || (field.type === 'radio' && of) || '';
  };

  // The fields of a box by name; the second of a name is "name 2". A group of radio buttons is one field.
  const fieldsOf = box => {
    const fields = new Map();
    const groups = new Set();
    for (const field of box.querySelectorAll('input, textarea, select')) {
      if (['password', 'file', 'hidden', 'submit', 'button'].includes(field.type) || field.closest('[data-no-draft]')) continue;
      const isRadio = field.type === 'radio';
      if (isRadio && groups.has(field.name)) continue;
      if (isRadio) groups.add(field.name);
      const name = nameOf(field);
      if (!name) continue;
      let free = name;
      for (let count = 2; fields.has(free); count++) free = `${name} ${count}`;
      fields.set(free, isRadio ? [...box.querySelectorAll(`input[type=radio][name="${field.name}"]`)] : [field]);
    }
    return fields;
  };

  const valueOf = ([field, ...others]) => {
    if (field.type === 'radio') return [field, ...others].find(one => one.checked)?.value ?? '';
    return field.type === 'checkbox' ? String(field.checked) : field.value;
  };

  // What a form proposes by itself, today's date say, is no draft until somebody changes it.
  const collect = box => Object.fromEntries([...fieldsOf(box)]
    .filter(([, field]) => field[0].dataset.draftDefault !== valueOf(field)).map(([name, field]) => [name, valueOf(field)]));

  const send = (key, owner, fields) => {
    const place = shelf(owner, key);
    const body = JSON.stringify({ fields });
    const held = localStorage.getItem(place);
    const sent = (async () => {
      await sending.get(place);
      try {
        const answer = await fetch(`/api/v1/drafts?form=${encodeURIComponent(key)}`, {
          method: 'PUT', headers: { 'Content-Type': 'application/json' }, body, keepalive: body.length < 60000, signal: AbortSignal.timeout(20000),
        });
        if (answer.ok && localStorage.getItem(place) === held) localStorage.removeItem(place);
      } catch { /* the portal cannot be reached: the text is on the shelf */ }
    })();
    sending.set(place, sent);
  };

  const sendWaiting = place => {
    const draft = waiting.get(place);
    if (!draft) return;
    clearTimeout(draft.timer);
    waiting.delete(place);
    send(draft.key, draft.owner, draft.fields);
  };

  document.addEventListener('input', event => {
    const box = event.isTrusted && event.target instanceof Element ? event.target.closest('[data-draft]') : null;
    if (!box || event.target.closest('[data-no-draft]')) return;
    typed.add(event.target);
    const { draft: key, draftOwner: owner } = box.dataset;
    if (!key || !owner) return;
    const place = shelf(owner, key);
    const fields = collect(box);
    try { localStorage.setItem(place, JSON.stringify({ fields, at: Date.now() })); } catch { /* no room: the server will have it */ }
    clearTimeout(waiting.get(place)?.timer);
    waiting.set(place, { key, owner, fields, timer: setTimeout(() => sendWaiting(place), 500) });
  });
  const sendAll = () => [...waiting.keys()].forEach(sendWaiting);
  addEventListener('pagehide', sendAll);
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') sendAll(); });
  addEventListener('online', () => document.querySelectorAll('[data-draft-owner]').forEach(({ dataset: { draft: key, draftOwner: owner } }) => {
    const held = localStorage.getItem(shelf(owner, key));
    if (held) send(key, owner, JSON.parse(held).fields);
  }));

  // False when the field cannot hold the value (yet): an option that is not there.
  const put = (field, value) => {
    const target = field[0].type === 'radio' ? field.find(one => one.value === value) : field[0];
    if (!target) return false;
    const before = target.value;
    if (target.type === 'radio') target.checked = true;
    else if (target.type === 'checkbox') target.checked = value === 'true';
    else target.value = value;
    if (target.localName === 'select' && target.value !== value) {
      target.value = before;
      return false;
    }
    for (const kind of ['input', 'change']) target.dispatchEvent(new Event(kind, { bubbles: true }));
    return true;
  };

  // Resolves when something in the box has changed, to false when nothing does: a field that comes is on its way over the circuit, slow as that may be.
  const changes = box => new Promise(resolve => {
    const observer = new MutationObserver(() => settle(true));
    const timer = setTimeout(() => settle(false), 10000);
    const settle = changed => { clearTimeout(timer); observer.disconnect(); resolve(changed); };
    observer.observe(box, { childList: true, subtree: true });
  });

  // What the browser holds is newer than what the server has: it was not sent.
  const heldDraft = (key, owner) => {
    try {
      const held = JSON.parse(localStorage.getItem(shelf(owner, key)) ?? 'null');
      if (held) send(key, owner, held.fields);
      return held;
    } catch {
      localStorage.removeItem(shelf(owner, key));
      return null;
    }
  };

  // A field may come only after another one is filled: goes on as long as that changes the form. What somebody types meanwhile stays.
  const restoreDraft = async (box, fields) => {
    const left = new Map(Object.entries(fields));
    const missed = () => [...left].filter(([, value]) => value && value !== 'false');
    let any = false;
    for (let round = 0; round < 20; round++) {
      if (!box?.isConnected) return { any: false, unplaced: [] };
      const there = fieldsOf(box);
      for (const [name, value] of [...left]) {
        const field = there.get(name);
        if (!field) continue;
        const needed = valueOf(field) !== value && !field.some(one => typed.has(one));
        if (needed && !put(field, value)) continue;
        any ||= needed;
        left.delete(name);
      }
      if (missed().length === 0 || !await changes(box)) break;
    }
    const unplaced = missed().map(([name, value]) => `${name}: ${value}`);
    return { any: any || unplaced.length > 0, unplaced };
  };

  // After what is on its way: nothing of it may arrive later.
  const forgetDraft = async (key, owner) => {
    const place = shelf(owner, key);
    clearTimeout(waiting.get(place)?.timer);
    waiting.delete(place);
    localStorage.removeItem(place);
    await sending.get(place);
  };

  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      const search = document.getElementById('search-box');
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  // In a form that says so, Enter sends from a text of several lines too; with Shift it starts a line.
  document.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !(event.target instanceof HTMLTextAreaElement)) return;
    const form = event.target.closest('form[data-enter-saves]');
    if (!form) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event('change', { bubbles: true }));
    form.requestSubmit();
  });

  // Numbers to choose from are chosen by typing them; a 0 right after a 1 makes it 10. The focus goes with the choice, as with the arrows.
  let before = null;
  document.addEventListener('keydown', event => {
    const choices = event.target instanceof Element ? event.target.closest('[data-typed-number]') : null;
    const wasOne = before === choices && choices !== null;
    before = null;
    if (!choices || !/^[0-9]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
    const number = wasOne && event.key === '0' ? '10' : event.key;
    const choice = choices.querySelector(`input[type=radio][value="${number}"]`);
    choice?.focus();
    choice?.click();
    before = number === '1' ? choices : null;
  });

  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    const open = document.querySelector('details.menu[open]');
    if (!open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });

  // Where the focus goes when what held it is gone; what is not seen (another step's fields) takes none.
  const seenIn = (element, selector) => [...(element?.querySelectorAll(selector) ?? [])].find(field => !field.disabled && field.checkVisibility());
  const isNowhere = () => !document.activeElement || document.activeElement === document.body;

  // What was looked at has given way to something else.
  const arriveAgain = () => { if (isNowhere()) document.querySelector('h1')?.focus({ preventScroll: true }); };

  window.portalKit = {
    // A modal dialog gives its own focus trap and backdrop; closing it returns the focus to its opener.
    showDialog: dialog => { if (dialog && !dialog.open) dialog.showModal(); },
    closeDialog: dialog => {
      if (dialog?.open) dialog.close();
      arriveAgain(); // what opened it may be no longer offered
    },
    arriveAgain,
    linkMade: link => linkMade(link),
    // From now on what is pressed is heard: the page has its circuit.
    begin: () => { document.documentElement.dataset.live = ''; },
    // A page whose head comes after its data: nobody is left on the link that led here.
    arrive: heading => { if (isNowhere() || document.activeElement.closest('a')?.href === location.href) heading?.focus({ preventScroll: true }); },
    heldDraft,
    restoreDraft,
    forgetDraft,
    focusIn: element => seenIn(element, 'input:not([type=hidden]), select, textarea')?.focus(),
    focusFault: element => seenIn(element, '[aria-invalid=true]')?.focus(),
    focus: id => document.getElementById(id)?.focus(),
    focusInIfLost: element => { if (isNowhere()) seenIn(element, 'input:not([type=hidden]), select, textarea')?.focus(); },
    focusIfLost: id => { if (isNowhere()) document.getElementById(id)?.focus(); },
  };
})();
