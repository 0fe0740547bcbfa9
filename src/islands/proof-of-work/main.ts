import { solve } from './solve.ts';

/**
 * The page of a proof of work: finds the number and sends the form without a press. On any failure the form stays, with its button and its
 * words.
 */
function begin(form: HTMLFormElement): void {
  const { challenge: target, salt, below, working = '', done = '' } = form.dataset;
  const answer = form.elements.namedItem('answer');
  const status = form.querySelector('[role="status"]');
  const bar = form.querySelector('progress');
  const wait = form.querySelector<HTMLElement>('[data-wait]');
  if (!salt || !target || !(answer instanceof HTMLInputElement) || !status || !bar || !wait) return;

  let isWorking = true;
  form.addEventListener('submit', (event) => {
    if (isWorking) event.preventDefault(); // the script submits it in a moment
  });
  const show = (text: string) => {
    status.textContent = text;
    wait.hidden = text !== '';
    bar.hidden = text === '';
  };
  const most = Number(below);
  bar.max = most;
  show(working);
  const finish = (number: number | null) => {
    isWorking = false;
    show(number === null ? '' : done);
    if (number === null) return;
    bar.value = most;
    answer.value = String(number);
    form.requestSubmit();
  };
  solve({ salt, target, below: most }, (tried) => {
    bar.value = tried;
  }).then(finish, () => finish(null));
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-challenge]')) begin(form);
