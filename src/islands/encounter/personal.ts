import { looksPersonal } from '../../features/service/encounter/rules.ts';

/** Says quietly that a note seems to hold somebody's number or address, as long as it does. Nothing is refused. */
export function watchPersonal(form: HTMLFormElement): void {
  const hint = form.querySelector<HTMLElement>('#personal > div');
  if (!hint) return;
  const look = () => {
    const typed = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
      '#notes, #identityNote, #items input[type="text"]',
    );
    hint.hidden = ![...typed].some((each) => looksPersonal(each.value));
  };
  form.addEventListener('input', look);
}
