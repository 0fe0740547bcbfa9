import { describe, expect, it } from 'vitest';
import { PlainError } from '../plain-error.ts';
import { explainServer, refuseOld } from './reach.ts';

const URL = 'postgres://me:hunter2@db.example:5433/finestreta';
const saying = (message: string, code?: string) => Object.assign(new Error(message), { code });

describe('an unusable server', () => {
  it('is too old', () => {
    expect(() => refuseOld(140_011)).toThrow(/^DATABASE_URL: .*PostgreSQL 14;.* 15 or newer/);
    expect(() => refuseOld(150_000)).not.toThrow();
  });

  it.each([
    ['password authentication failed for user "me"', '28P01', /refuses this user or password/],
    ['no pg_hba.conf entry for host', '28000', /refuses this user or password/],
    ['database "finestreta" does not exist', '3D000', /no such database/],
    ['permission denied for schema public', '42501', /owner of the database/],
    ['permission denied to create extension "btree_gist"', '42501', /CREATE EXTENSION btree_gist/],
    ['extension "btree_gist" is not available', '0A000', /postgresql-contrib/],
    ['sorry, too many clients already', '53300', /no connection left/],
    ['the database system is starting up', '57P03', /just starting/],
    ['', 'ECONNREFUSED', /no PostgreSQL can be reached at db\.example:5433 \(ECONNREFUSED\)/],
    ['getaddrinfo ENOTFOUND db.example', 'ENOTFOUND', /no PostgreSQL can be reached/],
    ['The server does not support SSL connections', undefined, /no PostgreSQL can be reached/],
    ['self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT', /self-signed/],
  ])('%s %s', (message, code, words) => {
    const explained = explainServer(saying(message, code), URL);
    expect(explained).toBeInstanceOf(PlainError);
    expect(String(explained)).toMatch(words);
    expect(String(explained)).toContain('DATABASE_URL');
    expect(String(explained)).not.toContain('hunter2');
  });

  it('a failing statement of our own stays a bug', () => {
    const bug = saying('column "x" does not exist', '42703');
    expect(explainServer(bug, URL)).toBe(bug);
  });
});
