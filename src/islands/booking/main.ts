/** The booking pages: warns before the end of the hold, and saves the form while a person types. */
import { keepTyped } from './autosave.ts';
import { watchHold } from './hold.ts';

const hold = document.getElementById('hold');
if (hold) watchHold(hold);

const form = document.querySelector<HTMLFormElement>('form[data-autosave]');
const unsaved = document.getElementById('unsaved');
if (form && unsaved) keepTyped(form, unsaved);
