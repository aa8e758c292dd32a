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
    if ('reconnect' in button.dataset) Blazor.reconnect().then(reached => { if (reached === false) location.reload(); });
  });

  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    const open = document.querySelector('details.menu[open]');
    if (!open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });

  window.portalKit = {
    // A modal dialog gives its own focus trap and backdrop; closing it returns the focus to its opener.
    showDialog: dialog => { if (dialog && !dialog.open) dialog.showModal(); },
    closeDialog: dialog => { if (dialog?.open) dialog.close(); },
    focus: id => document.getElementById(id)?.focus(),
  };
})();
