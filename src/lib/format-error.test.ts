import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { formatError } from './format-error.ts';

describe('an error for the log', () => {
  it('keeps no data that the database quotes', () => {
    const error = Object.assign(
      new pg.DatabaseError('Failing row contains marta@example.org', 9, 'error'),
      {
        code: '23514',
        detail: 'Key (email)=(marta@example.org) already exists.',
      },
    );
    const said = formatError(error);
    expect(said).toMatchObject({ name: 'error', code: '23514' });
    expect(JSON.stringify(said)).not.toContain('marta');
  });

  it('keeps the message, the code and the place of errors from elsewhere', () => {
    const error = Object.assign(new Error('No such file'), { code: 'ENOENT' });
    expect(formatError(error)).toMatchObject({
      name: 'Error',
      code: 'ENOENT',
      message: 'No such file',
    });
    expect(formatError(error).at).toContain('format-error.test.ts');
  });

  it('says little about a thrown value that is no error', () => {
    expect(formatError('marta@example.org')).toEqual({ name: 'string' });
  });
});
