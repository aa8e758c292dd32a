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

  const setTheme = theme => {
    document.documentElement.dataset.theme = theme;
    document.querySelector('meta[name=color-scheme]').content = theme;
    document.querySelectorAll('link[data-light]').forEach(link => { link.href = link.dataset[theme]; });
    remember('theme', theme);
    say(`${theme} theme`);
  };

  const copy = async button => {
    const source = button.dataset.copyFrom ? document.getElementById(button.dataset.copyFrom)?.textContent : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(source ?? '');
      button.dataset.copied = '';
      say('Copied');
      setTimeout(() => { delete button.dataset.copied; }, 1500);
    } catch {
      say('The browser refused to copy');
    }
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
    if ('copy' in button.dataset || 'copyFrom' in button.dataset) copy(button);
    if ('reload' in button.dataset) location.reload();
    if ('print' in button.dataset) window.print();
    if ('reconnect' in button.dataset) Blazor.reconnect().then(reached => { if (reached === false) location.reload(); });
  });

  // Drafts: what is typed into a [data-draft] box goes to the server over HTTP while it is typed, beside the circuit. What cannot be sent
  // waits in the browser and is sent when the portal can be reached again.
  const waiting = new Map(); // box -> timer
  const fieldsOf = box => [...box.querySelectorAll('input, textarea, select')]
    .filter(field => !['password', 'file', 'hidden', 'submit', 'button'].includes(field.type) && field.labels?.length > 0 && !field.closest('[data-no-draft]'));
  const nameOf = field => field.labels[0].firstChild?.textContent.trim() ?? '';
  const valueOf = field => (field.type === 'checkbox' ? String(field.checked) : field.value);
  const shelf = (owner, key) => `draft:${owner}:${key}`;

  const collect = box => {
    const fields = {};
    for (const field of fieldsOf(box)) {
      const name = nameOf(field);
      if (name && !(name in fields)) fields[name] = valueOf(field);
    }
    return fields;
  };

  const sendDraft = async (key, owner, fields) => {
    const body = JSON.stringify({ fields });
    try {
      const answer = await fetch(`/api/v1/drafts?form=${encodeURIComponent(key)}`, {
        method: 'PUT', headers: { 'Content-Type': 'application/json' }, body, keepalive: body.length < 60000,
      });
      if (answer.ok) localStorage.removeItem(shelf(owner, key));
      return answer.ok;
    } catch {
      return false; // the portal cannot be reached: the text is on the shelf
    }
  };

  const keep = box => {
    clearTimeout(waiting.get(box));
    waiting.delete(box);
    if (!box.isConnected) return;
    const { draft: key, draftOwner: owner } = box.dataset;
    if (!key || !owner) return;
    const fields = collect(box);
    try { localStorage.setItem(shelf(owner, key), JSON.stringify({ fields, at: Date.now() })); } catch { /* no room: the server has it */ }
    sendDraft(key, owner, fields);
  };

  document.addEventListener('input', event => {
    const box = event.isTrusted && event.target instanceof Element ? event.target.closest('[data-draft]') : null;
    if (!box || event.target.closest('[data-no-draft]')) return;
    clearTimeout(waiting.get(box));
    waiting.set(box, setTimeout(() => keep(box), 500));
  });
  const keepAll = () => [...waiting.keys()].forEach(keep);
  addEventListener('pagehide', keepAll);
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') keepAll(); });
  addEventListener('online', () => document.querySelectorAll('[data-draft]').forEach(box => {
    if (localStorage.getItem(shelf(box.dataset.draftOwner, box.dataset.draft))) keep(box);
  }));

  const put = (field, value) => {
    if (field.type === 'checkbox') field.checked = value === 'true'; else field.value = value;
    for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
  };

  const restoreDraft = (box, fields, owner) => {
    let at = null;
    const { draft: key } = box.dataset;
    try {
      const held = JSON.parse(localStorage.getItem(shelf(owner, key)) ?? 'null');
      if (held) { ({ fields, at } = held); sendDraft(key, owner, fields); }
    } catch { localStorage.removeItem(shelf(owner, key)); }
    if (!fields) return { any: false, at: null, unplaced: [] };
    const byName = new Map(fieldsOf(box).map(field => [nameOf(field), field]));
    const unplaced = [];
    let any = false;
    for (const [name, value] of Object.entries(fields)) {
      const field = byName.get(name);
      if (!field) { if (value) unplaced.push(`${name}: ${value}`); continue; }
      if (valueOf(field) === value) continue;
      put(field, value);
      any = true;
    }
    return { any: any || unplaced.length > 0, at, unplaced };
  };

  const forgetDraft = box => {
    clearTimeout(waiting.get(box));
    waiting.delete(box);
    localStorage.removeItem(shelf(box.dataset.draftOwner, box.dataset.draft));
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

  window.portalKit = {
    // A modal dialog gives its own focus trap and backdrop; closing it returns the focus to its opener.
    showDialog: dialog => { if (dialog && !dialog.open) dialog.showModal(); },
    closeDialog: dialog => {
      if (dialog?.open) dialog.close();
      if (isNowhere()) document.querySelector('h1')?.focus({ preventScroll: true }); // what opened it is no longer offered
    },
    // A page whose head comes after its data: nobody is left on the link that led here.
    arrive: heading => { if (isNowhere() || document.activeElement.closest('a')?.href === location.href) heading?.focus({ preventScroll: true }); },
    restoreDraft,
    forgetDraft,
    focusIn: element => seenIn(element, 'input:not([type=hidden]), select, textarea')?.focus(),
    focusFault: element => seenIn(element, '[aria-invalid=true]')?.focus(),
    focus: id => document.getElementById(id)?.focus(),
    focusIfLost: id => { if (isNowhere()) document.getElementById(id)?.focus(); },
  };
})();
