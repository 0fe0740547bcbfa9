/**
 * The encounter, kept while it is written: nothing that was typed is lost with the browser, rows are added without a new page,
 * and how long it has lasted is told. Without it the same form is saved by its buttons.
 */
import { Keeper } from './keeper.ts';
import { watchPersonal } from './personal.ts';
import { openPicker } from './picker.ts';
import { clearKept, forgetOld } from './tab.ts';
import { runTimer } from './timer.ts';

function start(): void {
  const form = document.querySelector<HTMLFormElement>('form#encounter');
  if (!form || form.dataset.started) return;
  form.dataset.started = 'yes';
  const keeper = new Keeper(form);
  keeper.open();
  openPicker(form, keeper);
  watchPersonal(form);
  runTimer();
  forgetOld(form.dataset.kept ?? '');
}

// Whoever signs out leaves nothing of a citizen in the tab.
document.addEventListener('submit', ({ target }) => {
  if (target instanceof Element && target.getAttribute('action') === '/staff/sign-out') clearKept();
});
document.addEventListener('console:page', start);
start();
