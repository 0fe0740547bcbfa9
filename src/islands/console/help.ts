import { listed } from './keys.ts';

/** Makes the link to the shortcuts open the list of those on this page; Escape closes it. To be called once. */
export function openHelp(): void {
  document.addEventListener('click', (event) => {
    const { target } = event;
    const link = target instanceof Element && target.closest('[data-action="help"]');
    const panel = document.querySelector<HTMLDialogElement>('#keys-help');
    if (!link || !panel) return;
    event.preventDefault();
    for (const { row, element } of listed()) row.hidden = element === null;
    for (const each of panel.querySelectorAll<HTMLElement>('[data-with]'))
      each.hidden = !document.querySelector(each.dataset.with ?? '');
    panel.showModal();
  });
}

/** Closes the bar's menus with Escape, and on focus or press elsewhere. To be called once. */
export function closeMenus(): void {
  const close = (except: EventTarget | null) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>('.menu[open], .fold[open]'))
      if (!(except instanceof Node && menu.contains(except))) menu.open = false;
  };
  document.addEventListener('click', ({ target }) => close(target));
  document.addEventListener('keydown', ({ key, target }) => {
    if (key !== 'Escape' || !(target instanceof Element)) return;
    const summary = target.closest('.menu[open], .fold[open]')?.querySelector('summary');
    close(null);
    summary?.focus();
  });
}
