import { expect, test } from 'vitest';
import type { Panels } from '../page.ts';
import { closePanel, leaveFramed, openPanel, showWriting } from './panels.ts';

const none = (): Panels => ({ open: null, framed: {}, toFocus: null, unread: '' });
const BASE = '/ca/appointment/secret/room';

test('a panel that somebody opens takes the focus, and gives it back to its button', () => {
  const page = { base: BASE, act: null, panels: none() };
  openPanel(page, 'papers');
  expect(page.panels).toEqual({
    open: 'papers',
    framed: { papers: '/ca/appointment/secret/documents' },
    toFocus: '.room-panel[data-panel="papers"] [data-first]',
    unread: '',
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
  expect(panels).toEqual({ open: 'write', framed: {}, toFocus: null, unread: '' });
  const busy: Panels = { open: 'act', framed: {}, toFocus: null, unread: '' };
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
  const panels: Panels = { open: 'papers', framed: { papers: '/p' }, toFocus: null, unread: '' };
  leaveFramed(panels);
  expect(panels.open).toBe('papers');
  panels.open = 'write';
  leaveFramed(panels);
  expect(panels.open).toBeNull();
});
