import { expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { sampleOffice } from '../../foundation/notices/testing.ts';
import { writtenOf } from './written.ts';

test('an appointment for several procedures is written with all of them', () => {
  const at = Temporal.Instant.from('2026-12-09T08:20:00Z');
  const appointment = {
    id: '0b9dbb2e-54fc-4d2c-8a11-000000000001',
    reference: 'K7M-2QX',
    procedure: 'volant-padro',
    further: ['alta-padro', 'llicencia'],
    channel: 'phone',
    start: at,
    end: at.add({ minutes: 45 }),
    sequence: 0,
    updatedAt: at,
  } as unknown as Appointment;
  const office = sampleOffice();
  const how = { office, t: translateTo('ca'), baseUrl: 'https://cita.example.cat', names: false };
  expect(writtenOf(appointment, how).title).toBe(
    'Volant de padró ca + alta-padro + llicencia, per telèfon',
  );
});
