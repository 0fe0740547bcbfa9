import { isPanelPage } from '../../../features/service/room/rules.ts';
import type { FramedName } from '../page.ts';
import type { Shown } from './controls.tsx';
import { Panel } from './panel.tsx';

/** The pages of the appointment that were opened in this call. Each stays loaded while another panel is open. */
export function FramedPanels(shown: Shown) {
  const { framed } = shown.page.panels;
  return (
    <>
      {(Object.entries(framed) as [FramedName, string][]).map(([name, address]) => (
        <Framed key={name} {...shown} name={name} address={address} />
      ))}
    </>
  );
}

const TITLES = {
  papers: 'papers',
  act: 'act',
  companions: 'companions.open',
  form: 'form',
} as const;

function Framed({ name, address, ...shown }: Shown & { name: FramedName; address: string }) {
  const { act, words } = shown;
  const title = words(TITLES[name]);
  return (
    <Panel {...shown} name={name} title={title}>
      <iframe
        name={`room-${name}`}
        title={title}
        src={address}
        onLoad={({ currentTarget }) => arrive(currentTarget, act.closePanel)}
      />
      <div class="stack room-blocked" hidden>
        <p>{words('panel.blocked')}</p>
        <p>
          <a class="button" href={address} target="_blank" rel="noopener">
            {words('panel.apart')}
          </a>
        </p>
      </div>
    </Panel>
  );
}

/** Prepares a page that was loaded in a panel: Escape closes the panel, and links to other places don't take the room's place. */
function arrive(frame: HTMLIFrameElement, close: () => void): void {
  const page = frame.contentDocument;
  // A browser that doesn't tell the server that the page is for a frame gets one that can't be framed.
  frame.hidden = !page;
  frame.nextElementSibling?.toggleAttribute('hidden', page !== null);
  hideTitle(page, frame.title);
  page?.addEventListener('keydown', ({ key, defaultPrevented }) => {
    if (key === 'Escape' && !defaultPrevented) close();
  });
  delete frame.dataset.answers;
  page?.addEventListener('submit', () => {
    frame.dataset.answers = '';
  });
  page?.addEventListener('click', ({ target }) => {
    const link = (target as Element).closest<HTMLAnchorElement>('a[href]');
    if (!link || link.hash || link.target || isPanelPage(link.pathname)) return;
    link.target = '_blank';
    link.rel = 'noopener';
  });
}

/** Leaves the page's own title to people who hear it, where the panel's heading is the same. */
function hideTitle(page: Document | null, title: string): void {
  const heading = page?.querySelector('h1');
  if (heading?.textContent === title) heading.classList.add('hide');
}

/** Loads an opened page again, which may have news, unless something is typed in it. */
export function refresh(name: string): void {
  const frame = document.querySelector<HTMLIFrameElement>(`iframe[name="room-${name}"]`);
  if (frame?.contentDocument && !isTyped(frame.contentDocument))
    frame.setAttribute('src', frame.src);
}

/** Loads an act again that was answered elsewhere, such as in the tab of a provider of identities. Its own answer is on its way by itself. */
export function refreshAct(): void {
  const frame = document.querySelector<HTMLIFrameElement>('iframe[name="room-act"]');
  if (!frame?.contentDocument?.getElementById('answering')) return;
  if (frame.dataset.answers === undefined) frame.setAttribute('src', frame.src);
}

const isTyped = (page: Document): boolean =>
  [...page.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')].some(
    (each) => each.type !== 'hidden' && each.value !== each.defaultValue,
  );
