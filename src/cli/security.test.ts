import { beforeEach, expect, test, vi } from 'vitest';
import { noteDone, noteFromCommand } from './security.ts';

let said = '';
beforeEach(() => {
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  return () => vi.restoreAllMocks();
});

test.each([
  ['backup', { event: 'operator.backup_made', level: 30 }],
  ['restore', { event: 'operator.restored', level: 40 }],
  ['key rotate', { event: 'operator.key_rotated', level: 40, what: 'key_rotate' }],
  ['key export', { event: 'operator.key_exported', level: 40 }],
  ['staff add', { event: 'operator.access_changed', what: 'staff_add' }],
  ['token create', { event: 'operator.access_changed', what: 'token_create' }],
  ['town apply', { event: 'operator.access_changed', what: 'town_apply' }],
  ['residents import', { event: 'operator.residents_changed', what: 'residents_import' }],
])('the command %s writes a line on the standard error', (command, line) => {
  noteDone(command);
  expect(JSON.parse(said)).toMatchObject(line);
});

test.each(['doctor', 'town check', 'constructor'])(
  '%s changes nothing and writes none',
  (command) => {
    noteDone(command);
    expect(said).toBe('');
  },
);

test('a trail that differs from its seals is an error', () => {
  noteFromCommand('audit.check_failed', { office: 3, what: 'trail' });
  expect(JSON.parse(said)).toMatchObject({ event: 'audit.check_failed', level: 50, office: 3 });
});
