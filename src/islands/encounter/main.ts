/**
 * The encounter form: it is saved while a person types, so that a closed browser loses nothing; rows are added without a new page; the
 * duration is shown. Without this script the buttons save the same form.
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

// Signing out removes the citizen's data from the tab.
document.addEventListener('submit', ({ target }) => {
  if (target instanceof Element && target.getAttribute('action') === '/staff/sign-out') clearKept();
});
document.addEventListener('console:page', start);
start();
