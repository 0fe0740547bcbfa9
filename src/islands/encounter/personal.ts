import { looksPersonal } from '../../features/service/encounter/rules.ts';

/** Shows a quiet hint while a note seems to contain a personal number or address. Nothing is refused. */
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
