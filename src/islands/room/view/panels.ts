import type { FramedName, PanelName, Panels, RoomPage } from '../page.ts';

const FRAMED: readonly string[] = ['papers', 'act', 'companions', 'form'] satisfies FramedName[];

const isFramed = (name: PanelName): name is FramedName => FRAMED.includes(name);

/** Opens a panel for somebody who asked for it: the focus goes into it. */
export function openPanel(
  { base, act, panels }: Pick<RoomPage, 'base' | 'act' | 'panels'>,
  name: PanelName,
): void {
  panels.open = name;
  if (name === 'write') panels.unread = '';
  if (name === 'papers') panels.hasNewPapers = false;
  panels.toFocus = `.room-panel[data-panel="${name}"] [data-first]`;
  if (!isFramed(name)) return;
  const beside = base.replace(/room$/, '');
  const address = {
    papers: 'documents',
    companions: 'companions',
    form: 'form',
    act: `acts/${act}`,
  }[name];
  // An act that is answered stays in its panel until it is closed.
  if (name !== 'act' || act) panels.framed[name] = beside + address;
}

/** Closes the open panel: the focus goes back to the button that opens it. */
export function closePanel(panels: Panels): void {
  if (panels.open) panels.toFocus = `[data-opens="${panels.open}"]`;
  if (panels.open === 'papers') panels.hasNewPapers = false;
  if (panels.open === 'write') panels.unread = '';
  panels.open = null;
}

/**
 * Shows the messages when one has come. While another panel is open, only its words are shown. The focus stays where it is. The words
 * that open the panel count as unread too: screen readers don't speak what a live region begins with.
 */
export function showWriting(panels: Panels, words = ''): void {
  if (panels.open !== 'write') panels.unread = words;
  panels.open ??= 'write';
}

/** Takes note of how many results there are to fetch, before and now. Returns whether another one has come. */
export function followPapers(panels: Panels, before: number, now: number): boolean {
  const isNew = now > before;
  panels.hasNewPapers = now > 0 && (isNew || panels.hasNewPapers);
  return isNew;
}

/** Closes what belongs to the call when it ends. A page in a panel stays: somebody may be handing over a paper. */
export function leaveFramed(panels: Panels): void {
  if (panels.open && !isFramed(panels.open)) panels.open = null;
}
