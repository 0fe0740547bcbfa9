import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  columnsOf,
  type Details,
  detailsOf,
  detailsOfRow,
  nobody,
  noticeFactsOf,
  PERSON_FIELDS,
} from './person.ts';

const rosa: Details = {
  citizen: { name: 'Rosa Soler', phone: '+34600000001', email: null },
  onBehalfOf: 'Núria Soler',
  needs: ['interpreter'],
  interpreter: 'ar',
  comment: 'Té pressa',
};

describe('the fields of a citizen', () => {
  it('are kept in columns and read from them again', () => {
    const row = columnsOf(rosa);
    expect(row).toEqual({
      name: 'Rosa Soler',
      phone: '+34600000001',
      email: null,
      on_behalf_of: 'Núria Soler',
      needs: ['interpreter'],
      interpreter: 'ar',
      comment: 'Té pressa',
    });
    expect(detailsOfRow(row)).toEqual(rosa);
  });

  it.each([
    ['appointment', 'migrations/0004_appointments.sql'],
    ['wait_list', 'migrations/0005_wait_list.sql'],
  ])('have a column each in the table %s', (table, file) => {
    const sql = readFileSync(file, 'utf8');
    const [, columns = ''] = new RegExp(`create table ${table} \\(([^]*?)\\n\\);`).exec(sql) ?? [];
    const found = [...columns.matchAll(/^ {2}(\w+) /gm)].map((match) => match[1]);
    expect(found).toEqual(
      expect.arrayContaining(Object.values(PERSON_FIELDS).map(({ column }) => column)),
    );
  });

  it('are all destroyed with the person', () => {
    const nothing = { email: null, phone: null, on_behalf_of: null, interpreter: null };
    const kept = { ...nothing, name: '', needs: [], comment: '' };
    expect(columnsOf(nobody())).toEqual(kept);
    expect(noticeFactsOf(nobody())).toEqual({ name: '', onBehalfOf: null, interpreter: null });
  });

  it('are taken alone from a larger value', () => {
    expect(detailsOf({ ...rosa, id: '1', office: 3 } as Details)).toEqual(rosa);
    expect(noticeFactsOf(rosa)).toEqual({
      name: 'Rosa Soler',
      onBehalfOf: 'Núria Soler',
      interpreter: 'ar',
    });
  });
});
