import { mayNotify, notify, permission, playSound } from './alert-signs.ts';

const find = <E extends HTMLElement>(what: string) => document.querySelector<E>(what);
const isChosen = (name: string) => find<HTMLInputElement>(`#alerts-${name}`)?.checked ?? false;

/** The page of the alerts: what this browser allows, and how they look and sound. To be called once. */
export function openAlertChoice(): void {
  const form = find('#alerts-form');
  if (!form) return;
  form.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement && target.name === 'notification' && target.checked)
      void ask();
    show();
  });
  find('[data-alerts="ask"]')?.addEventListener('click', () => void ask());
  find('[data-alerts="try"]')?.addEventListener('click', () => {
    const title = find('#alerts-permission')?.dataset.example ?? '';
    if (isChosen('notification') && mayNotify())
      notify({ tag: 'finestreta alerts', title, body: '' }, () => {});
    if (isChosen('sound')) playSound();
  });
  show();
}

/** Asks for permission, only after a press: browsers ask once. */
async function ask(): Promise<void> {
  if (permission() === 'default') await Notification.requestPermission();
  show();
}

/** Shows what the browser allows as long as notifications are chosen. */
function show(): void {
  const place = find('#alerts-permission');
  if (place) place.hidden = !isChosen('notification');
  for (const each of document.querySelectorAll<HTMLElement>('[data-permission]'))
    each.hidden = each.dataset.permission !== permission();
  const trial = find('#alerts-trial');
  if (trial) trial.hidden = !((isChosen('notification') && mayNotify()) || isChosen('sound'));
}
