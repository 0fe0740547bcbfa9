/** A booking on its way: tells before its time stops being kept, and keeps what is typed while it is typed. */
import { keepTyped } from './autosave.ts';
import { watchHold } from './hold.ts';

const hold = document.getElementById('hold');
if (hold) watchHold(hold);

const form = document.querySelector<HTMLFormElement>('form[data-autosave]');
const unsaved = document.getElementById('unsaved');
if (form && unsaved) keepTyped(form, unsaved);
