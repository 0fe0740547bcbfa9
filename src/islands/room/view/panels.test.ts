import { expect, test } from 'vitest';
import type { Panels } from '../page.ts';
import { closePanel, followPapers, leaveFramed, openPanel, showWriting } from './panels.ts';

const none = (): Panels => ({
  open: null,
  framed: {},
  toFocus: null,
  unread: '',
  hasNewPapers: false,
});
const BASE = '/ca/appointment/secret/room';

test('a panel that somebody opens takes the focus, and gives it back to its button', () => {
  const page = { base: BASE, act: null, panels: none() };
  openPanel(page, 'papers');
  expect(page.panels).toEqual({
    open: 'papers',
    framed: { papers: '/ca/appointment/secret/documents' },
    toFocus: '.room-panel[data-panel="papers"] [data-first]',
    unread: '',
    hasNewPapers: false,
  });
  closePanel(page.panels);
  expect(page.panels.open).toBeNull();
  expect(page.panels.toFocus).toContain('[data-opens="papers"]');
});

test('a page that was opened stays loaded while another panel is open', () => {
  const page = { base: BASE, act: 'a1', panels: none() };
  openPanel(page, 'act');
  openPanel(page, 'write');
  expect(page.panels.framed).toEqual({ act: '/ca/appointment/secret/acts/a1' });
  // Answered meanwhile: its page says so, and isn't replaced.
  openPanel({ ...page, act: null }, 'act');
  expect(page.panels.framed.act).toBe('/ca/appointment/secret/acts/a1');
});

test('a message opens the messages without the focus, and never closes another panel', () => {
  const panels = none();
  showWriting(panels);
  expect(panels).toEqual({ ...none(), open: 'write' });
  const first = none();
  showWriting(first, 'Núria: Hola');
  showWriting(first, 'Núria: Em sents?'); // the open panel has it
  expect(first).toEqual({ ...none(), open: 'write', unread: 'Núria: Hola' });
  closePanel(first);
  expect(first.unread).toBe('');
  const busy: Panels = { ...none(), open: 'act' };
  showWriting(busy, 'Núria: Hola');
  expect(busy).toMatchObject({ open: 'act', unread: 'Núria: Hola' });
  openPanel({ base: BASE, act: null, panels: busy }, 'write');
  expect(busy.unread).toBe('');
});

test('where there was nothing to close, the focus stays', () => {
  const panels = none();
  closePanel(panels);
  expect(panels.toFocus).toBeNull();
});

test('when the call ends, a page in a panel stays, and what belongs to the call closes', () => {
  const panels: Panels = { ...none(), open: 'papers', framed: { papers: '/p' } };
  leaveFramed(panels);
  expect(panels.open).toBe('papers');
  panels.open = 'write';
  leaveFramed(panels);
  expect(panels.open).toBeNull();
});

test('a result that comes is news until the papers are opened, or it is fetched', () => {
  const page = { base: BASE, act: null, panels: none() };
  expect(followPapers(page.panels, 0, 0)).toBe(false);
  expect(page.panels.hasNewPapers).toBe(false);
  expect(followPapers(page.panels, 0, 1)).toBe(true);
  expect(page.panels.hasNewPapers).toBe(true);
  openPanel(page, 'papers');
  expect(page.panels.hasNewPapers).toBe(false);
  expect(followPapers(page.panels, 1, 1)).toBe(false);
  expect(page.panels.hasNewPapers).toBe(false);
  // One that comes while the panel is open.
  expect(followPapers(page.panels, 1, 2)).toBe(true);
  expect(page.panels.hasNewPapers).toBe(true);
  closePanel(page.panels);
  expect(page.panels.hasNewPapers).toBe(false);
  followPapers(page.panels, 2, 3);
  expect(followPapers(page.panels, 3, 0)).toBe(false);
  expect(page.panels.hasNewPapers).toBe(false);
});
