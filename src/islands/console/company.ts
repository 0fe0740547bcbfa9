/**
 * Who comes along with the appointment that is open. The list is taken anew when something changes; what is pressed in it is
 * sent without leaving the page, on which a call may go on.
 */

const KINDS = new Set(['invited', 'uninvited', 'admitted', 'companion_arrived', 'companion_left']);

/** Whether what happened shows in the list, where the page has one. */
export const isOfCompany = (kind: string): boolean => KINDS.has(kind) && region() !== null;

const region = () => document.querySelector<HTMLElement>('#company');

const companyIn = (html: string) =>
  new DOMParser().parseFromString(html, 'text/html').querySelector<HTMLElement>('#company');

/** `here`: the appointment's own page. */
export async function refreshCompany(here: string): Promise<void> {
  try {
    const answer = await fetch(here, { headers: { 'X-Refresh': '1' } });
    const [old, fresh] = [region(), companyIn(await answer.text())];
    if (!old || !fresh) return;
    // Nobody's typing is touched: then only the list is put anew.
    const isTyping = old.querySelector<HTMLDetailsElement>('#invite')?.open;
    const [list, freshList] = [old.querySelector('#guests'), fresh.querySelector('#guests')];
    if (isTyping && list && freshList) put(list, freshList);
    else put(old, fresh);
  } catch {
    // There is no connection: the next news will do.
  }
}

/** To be called once. Without an answer that has the list the form is sent as any other. */
export function sendFromCompany(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement)) return;
    if (!form.closest('#company')) return;
    event.preventDefault();
    void send(form);
  });
}

async function send(form: HTMLFormElement): Promise<void> {
  const sent = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(sent) });
    const [old, fresh] = [region(), companyIn(await answer.text())];
    if (old && fresh) put(old, fresh);
    else form.submit();
  } catch {
    // There is no connection, which the page says; what was typed stays.
  }
}

/** What was open stays open; the focus goes to what must be mended, or where it was, or to the title. */
function put(old: Element, fresh: Element): void {
  const same = (id: string) => (id ? fresh.querySelector(`#${CSS.escape(id)}`) : null);
  for (const { id } of old.querySelectorAll('details[open]')) {
    const fold = same(id);
    if (fold && id !== 'invite') fold.setAttribute('open', '');
  }
  const focused = document.activeElement;
  const had = old.contains(focused);
  old.replaceWith(fresh);
  if (!had) return;
  const title = document.querySelector<HTMLElement>('#company-title');
  if (title) title.tabIndex = -1;
  const next =
    fresh.querySelector<HTMLElement>('[aria-invalid="true"]') ?? same(focused?.id ?? '') ?? title;
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}
